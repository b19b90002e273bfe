import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import { styles } from './styles.ts'

/** Markup made by `html`, which escapes what is put into it. */
export type Markup = ReturnType<typeof html>

export interface Page {
  readonly title: string
  readonly body: Markup
  /** More of the document's head. */
  readonly head?: Markup
  /** Where the page's form may lead, apart from this server: browsers hold redirects against it. */
  readonly formTarget?: string
  /** Run when the document is there. No part of it may come from elsewhere unescaped. */
  readonly script?: string
  /** The one origin that may frame the page. */
  readonly framedBy?: string
  readonly status?: 200 | 400 | 401 | 403 | 429 | 503
}

/**
 * Answers with a page that runs no script but the one that it is given, asks no other host for
 * anything and may be framed by nobody else.
 */
export function render(c: Context, page: Page) {
  const { title, body, head, script, framedBy, status = 200 } = page
  const nonce = randomBytes(16).toString('base64')
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head ?? ''}
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(styles)}</style>
</head>
<body>
<main>
${body}
</main>
${script === undefined ? '' : html`<script nonce="${nonce}">${raw(script)}</script>`}
</body>
</html>`
  return c.html(document, status, {
    'cache-control': 'no-store',
    'content-security-policy': policy(nonce, page),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(framedBy === undefined && { 'x-frame-options': 'DENY' }),
  })
}

function policy(nonce: string, { formTarget, framedBy, script }: Page): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    'img-src data:',
    `form-action 'self'${formTarget === undefined ? '' : ` ${sourceOf(formTarget)}`}`,
    "base-uri 'none'",
    `frame-ancestors ${framedBy ?? "'none'"}`,
  ].join('; ')
}

/** The origin of a web address, the scheme of any other: both are sources of a policy. */
function sourceOf(address: string): string {
  const url = new URL(address)
  return url.origin === 'null' ? url.protocol : url.origin
}
