import type { Context } from 'hono'
import { html } from 'hono/html'
import { render } from './layout.ts'

/**
 * Leads elsewhere at once, and by a link where it does not. Unlike a redirect, it is not held against
 * the policy of the page whose form was sent.
 */
export function leavePage(c: Context, url: string) {
  return render(c, {
    title: 'One more step',
    head: html`<meta http-equiv="refresh" content="0; url=${url}">`,
    body: html`<h1>One more step</h1>
<p>Before you are logged in, ${new URL(url).host} asks you for something.</p>
<p><a href="${url}">Continue</a></p>`,
  })
}
