import type { Context } from 'hono'
import { html } from 'hono/html'
import type { OAuthError } from '../authentication/oauth-error.ts'
import { alert } from './alert.ts'
import { render } from './layout.ts'

/** For errors that no application may be told: there is no address that could be trusted. */
export function errorPage(c: Context, { code, description, status }: OAuthError) {
  return render(c, {
    title: 'Something went wrong',
    status,
    body: html`<h1>Something went wrong</h1>
${alert(description)}
<p>Error: ${code}</p>`,
  })
}
