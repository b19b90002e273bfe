import type { Context } from 'hono'
import { html } from 'hono/html'
import type { OpenPage } from '../authentication/open-page.ts'
import { alert } from './alert.ts'
import { field } from './field.ts'
import { render } from './layout.ts'

export interface ForgotPasswordForm extends OpenPage {
  readonly email: string
  readonly error: string | null
}

export function forgotPasswordPage(
  c: Context,
  { email, error, transaction }: ForgotPasswordForm,
  status: 200 | 400 | 503 = 200,
) {
  const invalid = error !== null
  return render(c, {
    title: invalid ? 'Error: forgot your password?' : 'Forgot your password?',
    status,
    body: html`<h1>Forgot your password?</h1>
<p>Enter your email address, and we send you a link to choose a new one.</p>
${alert(error)}
<form method="post" action="/u/reset-password/request">
<input type="hidden" name="state" value="${transaction.id}">
${field({
  name: 'email',
  label: 'Email address',
  type: 'email',
  autocomplete: 'email',
  value: email,
  focus: true,
  invalid,
})}
<button type="submit">Send me a link</button>
</form>
<p class="foot"><a href="/u/login?state=${transaction.id}">Back to log in</a></p>`,
  })
}

/** The same for every address: it tells nobody who has an account. */
export function mailSentPage(c: Context, { transaction }: OpenPage) {
  return render(c, {
    title: 'Check your email',
    body: html`<h1>Check your email</h1>
<p role="status">If there is an account with that address, we have sent it a link to choose a new
password. The link is good for five days.</p>
<p class="foot"><a href="/u/login?state=${transaction.id}">Back to log in</a></p>`,
  })
}
