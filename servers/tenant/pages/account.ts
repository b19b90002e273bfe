import type { Context } from 'hono'
import { html } from 'hono/html'
import { render } from './layout.ts'

export interface Account {
  readonly name: string
  /** Label and value, in order. */
  readonly details: readonly (readonly [label: string, value: string])[]
  /** Names of the applications that the session was used for. */
  readonly applications: readonly string[]
}

export function accountPage(c: Context, { applications, details, name }: Account) {
  return render(c, {
    title: 'Your account',
    body: html`<h1>Your account</h1>
<p>You are logged in as <strong>${name}</strong>.</p>
<dl>
${details.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
</dl>
<h2>Applications in this session</h2>
<ul>
${applications.map((application) => html`<li>${application}</li>`)}
</ul>
<form method="post" action="/u/account/logout">
<button type="submit">Log out</button>
</form>`,
  })
}

export function loggedOutPage(c: Context) {
  return render(c, {
    title: 'Logged out',
    body: html`<h1>Logged out</h1>
<p role="status">You are logged out here. Applications that you used may keep you logged in for a
while.</p>`,
  })
}

export function noAccountPage(c: Context) {
  return render(c, {
    title: 'You are not logged in',
    status: 401,
    body: html`<h1>You are not logged in</h1>
<p>Log in to an application first, then come back to this page.</p>`,
  })
}
