import type { Context } from 'hono'
import { html } from 'hono/html'
import { alert } from './alert.ts'
import { field } from './field.ts'
import { render } from './layout.ts'

export interface ChangePasswordForm {
  readonly ticket: string
  readonly error: string | null
  /** What a password needs, for a person to read; null where anything will do. */
  readonly passwordHint: string | null
}

export function changePasswordPage(
  c: Context,
  { error, passwordHint, ticket }: ChangePasswordForm,
  status: 200 | 400 = 200,
) {
  const invalid = error !== null
  const common = { type: 'password', autocomplete: 'new-password', invalid } as const
  return render(c, {
    title: invalid ? 'Error: change your password' : 'Change your password',
    status,
    body: html`<h1>Change your password</h1>
<p>Enter a new password for your account.</p>
${alert(error)}
<form method="post" action="/u/reset-password">
<input type="hidden" name="ticket" value="${ticket}">
${field({
  ...common,
  name: 'password',
  label: 'New password',
  focus: true,
  ...(passwordHint !== null && { hint: passwordHint }),
})}
${field({ ...common, name: 'password_confirmation', label: 'New password, again' })}
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
