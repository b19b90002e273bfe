import type { Context } from 'hono'
import { html } from 'hono/html'
import type { LoginTransaction } from '../authentication/login-state.ts'
import { alert } from './alert.ts'
import { render } from './layout.ts'

export interface LoginForm {
  readonly clientName: string
  readonly transaction: LoginTransaction
  /** What the person typed, or the application's `login_hint`. */
  readonly username: string
  /** Null before the first try. */
  readonly error: string | null
}

export function loginPage(
  c: Context,
  { clientName, error, transaction, username }: LoginForm,
  status: 200 | 400 | 503 = 200,
) {
  // Focus goes where there is something to do: to the password once the name is there.
  const inPassword = username !== ''
  const invalid = error !== null && html` aria-invalid="true" aria-describedby="error"`
  return render(c, {
    title: error === null ? `Log in to ${clientName}` : `Error: log in to ${clientName}`,
    status,
    formTarget: transaction.request.redirectUri,
    body: html`<h1>Log in</h1>
<p>to continue to ${clientName}</p>
${alert(error)}
<form method="post" action="/u/login">
<input type="hidden" name="state" value="${transaction.id}">
<label for="username">Email address or username</label>
<input id="username" name="username" type="text" value="${username}" required
  autocomplete="username" autocapitalize="none" spellcheck="false"${invalid || ''}${inPassword ? '' : html` autofocus`}>
<label for="password">Password</label>
<input id="password" name="password" type="password" required
  autocomplete="current-password"${invalid || ''}${inPassword ? html` autofocus` : ''}>
<button type="submit">Log in</button>
</form>`,
  })
}
