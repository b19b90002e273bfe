import type { Context } from 'hono'
import { html } from 'hono/html'
import type { OpenPage } from '../authentication/open-page.ts'
import { alert } from './alert.ts'
import { field } from './field.ts'
import { render } from './layout.ts'

export type SignupField = 'email' | 'password' | 'username'

export interface SignupForm extends OpenPage {
  readonly email: string
  readonly username: string
  readonly error: string | null
  /** What the error is about; the cursor is in the first of them. */
  readonly wrongFields: readonly SignupField[]
  /** What a password needs, for a person to read; null where anything will do. */
  readonly passwordHint: string | null
}

export function signupPage(c: Context, form: SignupForm, status: 200 | 400 | 503 = 200) {
  const { client, connection, email, error, passwordHint, transaction, username } = form
  const [first = 'email'] = form.wrongFields
  const stateOf = (name: SignupField) => ({
    name,
    focus: name === first,
    invalid: form.wrongFields.includes(name),
  })
  const asksUsername = connection.options.requires_username === true
  const state = transaction.id
  return render(c, {
    title: error !== null ? `Error: sign up to ${client.name}` : `Sign up to ${client.name}`,
    status,
    formTarget: transaction.request.redirectUri,
    body: html`<h1>Sign up</h1>
<p>to continue to ${client.name}</p>
${alert(error)}
<form method="post" action="/u/signup">
<input type="hidden" name="state" value="${state}">
${field({
  ...stateOf('email'),
  label: 'Email address',
  type: 'email',
  autocomplete: 'email',
  value: email,
})}
${asksUsername ? field({ ...stateOf('username'), label: 'Username', autocomplete: 'username', value: username }) : ''}
${field({
  ...stateOf('password'),
  label: 'Password',
  type: 'password',
  autocomplete: 'new-password',
  ...(passwordHint !== null && { hint: passwordHint }),
})}
<button type="submit">Sign up</button>
</form>
<p class="foot">Already have an account? <a href="/u/login?state=${state}">Log in</a></p>`,
  })
}
