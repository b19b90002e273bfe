import type { Context } from 'hono'
import { html } from 'hono/html'
import { render } from './layout.ts'

/**
 * Asks a person whether they want to log out, since an application could not show that they do.
 *
 * @param parameters Of the request, sent again with the answer.
 * @param target Where the answer leads.
 */
export function logOutPage(
  c: Context,
  parameters: Readonly<Record<string, string>>,
  target: string | null,
) {
  const { confirmed: _, ...kept } = parameters
  return render(c, {
    title: 'Log out',
    ...(target !== null && { formTarget: target }),
    body: html`<h1>Log out</h1>
<p>Do you want to log out?</p>
<form method="post" action="/oidc/logout">
${Object.entries(kept).map(
  ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
)}
<input type="hidden" name="confirmed" value="true">
<button type="submit">Log out</button>
</form>`,
  })
}
