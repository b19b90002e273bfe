import { html, raw } from 'hono/html'
import type { SampleUser } from './legacy-users.ts'

type Html = ReturnType<typeof html>

const style = raw(`
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 52rem; margin: 3rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
  a.button { display: inline-block; padding: .6rem 1.2rem; border-radius: .4rem; background: #1d4ed8;
    color: #fff; text-decoration: none; }
  a.button:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid #8886;
    vertical-align: top; }
  th { font-weight: 600; } code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
`)

/** Who there is to log in as. */
export function homePage(people: readonly SampleUser[]): string {
  const rows = people.map(
    ({ email, password }) =>
      html`<tr><td><code>${email}</code></td><td><code>${password}</code></td></tr>`,
  )
  return page(
    'Sample Application',
    html`<p>These people are in the legacy store and have never logged in to the tenant. They and
        their passwords are made up.</p>
      <table>
        <thead><tr><th scope="col">E-mail</th><th scope="col">Password</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
      <p><a class="button" href="/login">Log in</a></p>`,
  )
}

/** Objects as tables, one below the other. */
export function profilePage(parts: Readonly<Record<string, object>>): string {
  const sections = Object.entries(parts).map(
    ([title, members]) =>
      html`<section><h2>${title}</h2><table><tbody>${rowsOf(members)}</tbody></table></section>`,
  )
  return page(
    'You are logged in',
    html`${sections}<p><a class="button" href="/">Start again</a></p>`,
  )
}

export function errorPage(message: string): string {
  return page(
    'Not logged in',
    html`<p role="alert">${message}</p><p><a class="button" href="/">Start again</a></p>`,
  )
}

function rowsOf(members: object): readonly Html[] {
  return Object.entries(members).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return html`<tr><th scope="row"><code>${name}</code></th><td><code>${text}</code></td></tr>`
  })
}

function page(title: string, content: Html): string {
  return String(html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${style}</style>
  </head>
  <body><main><h1>${title}</h1>${content}</main></body>
</html>`)
}
