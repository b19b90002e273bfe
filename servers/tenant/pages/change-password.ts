import type { Context } from 'hono'
import { html } from 'hono/html'
import { alert } from './alert.ts'
import { render } from './layout.ts'

export interface ChangePasswordForm {
  readonly ticket: string
  readonly error: string | null
}

export function changePasswordPage(
  c: Context,
  { error, ticket }: ChangePasswordForm,
  status: 200 | 400 = 200,
) {
  const invalid = error === null ? '' : html` aria-invalid="true" aria-describedby="error"`
  return render(c, {
    title: error === null ? 'Change your password' : 'Error: change your password',
    status,
    body: html`<h1>Change your password</h1>
<p>Enter a new password for your account.</p>
${alert(error)}
<form method="post" action="/u/reset-password">
<input type="hidden" name="ticket" value="${ticket}">
<label for="password">New password</label>
<input id="password" name="password" type="password" required autofocus
  autocomplete="new-password"${invalid}>
<label for="password_confirmation">New password, again</label>
<input id="password_confirmation" name="password_confirmation" type="password" required
  autocomplete="new-password"${invalid}>
<button type="submit">Change password</button>
</form>`,
  })
}

export function passwordChangedPage(c: Context) {
  return render(c, {
    title: 'Password changed',
    body: html`<h1>Password changed</h1>
<p role="status">Your password has been changed. Go back to the application and log in with it.</p>`,
  })
}
