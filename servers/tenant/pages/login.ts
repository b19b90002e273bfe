import type { Context } from 'hono'
import { html } from 'hono/html'
import type { OpenPage } from '../authentication/open-page.ts'
import { alert } from './alert.ts'
import { field } from './field.ts'
import { render } from './layout.ts'

export interface LoginForm extends OpenPage {
  /** What the person typed, or the application's `login_hint`. */
  readonly username: string
  /** Null before the first try. */
  readonly error: string | null
}

export function loginPage(
  c: Context,
  { client, error, organization, signupIsOpen, transaction, username }: LoginForm,
  status: 200 | 400 | 429 | 503 = 200,
) {
  // Focus goes where there is something to do: to the password once the name is there.
  const inPassword = username !== ''
  const invalid = error !== null
  const where = organization?.display_name ?? client.name
  return render(c, {
    title: invalid ? `Error: log in to ${where}` : `Log in to ${where}`,
    status,
    formTarget: transaction.request.redirectUri,
    body: html`<h1>Log in</h1>
<p>to ${organization === null ? '' : html`<strong>${where}</strong>, `}continue to ${client.name}</p>
${alert(error)}
<form method="post" action="/u/login">
<input type="hidden" name="state" value="${transaction.id}">
${field({
  name: 'username',
  label: 'Email address or username',
  autocomplete: 'username',
  value: username,
  focus: !inPassword,
  invalid,
})}
${field({
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  focus: inPassword,
  invalid,
})}
<p class="aside"><a href="/u/reset-password/request?state=${transaction.id}">Forgot your password?</a></p>
<button type="submit">Log in</button>
</form>
${signupIsOpen ? html`<p class="foot">No account yet? <a href="/u/signup?state=${transaction.id}">Sign up</a></p>` : ''}`,
  })
}
