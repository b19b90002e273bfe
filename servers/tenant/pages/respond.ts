import type { Context } from 'hono'
import { html } from 'hono/html'
import { render } from './layout.ts'

type Parameters = Readonly<Record<string, string>>

/** Has the browser post an answer to the application; by a button where it runs no script. */
export function formPostPage(c: Context, redirectUri: string, parameters: Parameters) {
  const fields = Object.entries(parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return render(c, {
    title: 'Going back',
    formTarget: redirectUri,
    script: 'document.forms[0].submit()',
    body: html`<h1>Going back to the application</h1>
<form method="post" action="${redirectUri}">
${fields}
<button type="submit">Continue</button>
</form>`,
  })
}

/**
 * Tells the window that opened or framed this one, if it is of the application’s origin.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-sakimura-oauth-wmrm-00
 */
export function webMessagePage(c: Context, origin: string, response: Parameters) {
  const message = literal({ type: 'authorization_response', response })
  return render(c, {
    title: 'Going back',
    framedBy: origin,
    script: `(window.opener ?? window.parent).postMessage(${message}, ${literal(origin)})`,
    body: html`<h1>Going back to the application</h1>
<p>You can close this window.</p>`,
  })
}

/** In a script no text may end the script. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
