import { html } from 'hono/html'
import type { Markup } from './layout.ts'

export interface Field {
  readonly name: string
  readonly label: string
  readonly type?: 'email' | 'password' | 'text'
  /** As browsers and password managers know it. */
  readonly autocomplete: string
  readonly value?: string
  /** Read out with the field. */
  readonly hint?: string
  /** Where the cursor is when the page opens: one field of a page. */
  readonly focus?: boolean
  /** Whether the alert of the page is about it. */
  readonly invalid?: boolean
}

/** A field with its label; names are not to be capitalised or corrected. */
export function field({
  autocomplete,
  focus,
  hint,
  invalid,
  label,
  name,
  type,
  value,
}: Field): Markup {
  const described = [invalid ? 'error' : '', hint === undefined ? '' : `${name}-hint`]
  const by = described.filter((id) => id !== '').join(' ')
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type ?? 'text'}" required
  autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false"${
    type === 'password' ? '' : html` value="${value ?? ''}"`
  }${invalid ? html` aria-invalid="true"` : ''}${
    by === '' ? '' : html` aria-describedby="${by}"`
  }${focus ? html` autofocus` : ''}>
${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}`
}
