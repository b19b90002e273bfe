import { html } from 'hono/html'
import type { Markup } from './layout.ts'

/** What went wrong, read out at once by a screen reader; nothing when nothing did. */
export function alert(error: string | null): Markup | string {
  return error === null ? '' : html`<div role="alert" id="error">${error}</div>`
}
