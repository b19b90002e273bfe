import type { Language } from './code/parse.ts'

/** A script of a page or of a component. */
export interface PageScript {
  /** What it is loaded from; null for one that is in the page. */
  readonly source: string | null
  readonly text: string
  readonly language: Language
  /** Counted from 1: of the file, where the text begins. */
  readonly line: number
}

const comment = /<!--[\s\S]*?(?:-->|$)/y
const tag = /<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>/iy
const end = /<\/script\b[^>]*>/gi

/** The scripts of HTML and of Vue components, but for those that are commented out. */
export function pageScripts(page: string): readonly PageScript[] {
  const scripts: PageScript[] = []
  let at = 0
  for (;;) {
    at = page.indexOf('<', at)
    if (at === -1) return scripts
    comment.lastIndex = at
    tag.lastIndex = at
    const opening = tag.exec(page)
    if (comment.test(page)) at = comment.lastIndex
    else if (opening === null) at += 1
    else {
      const start = tag.lastIndex
      end.lastIndex = start
      const closing = end.exec(page)
      const stop = closing?.index ?? page.length
      const script = scriptOf(opening[1] ?? '', page.slice(start, stop))
      if (script !== null)
        scripts.push({ ...script, line: page.slice(0, start).split('\n').length })
      at = closing === null ? page.length : end.lastIndex
    }
  }
}

function scriptOf(attributes: string, text: string): Omit<PageScript, 'line'> | null {
  const type = attribute(attributes, 'type') ?? ''
  // JSON, templates and import maps are no code.
  if (!/^$|(java|ecma|type)script|^module$|babel|jsx/i.test(type)) return null
  const lang = attribute(attributes, 'lang') ?? type
  const language = /tsx/i.test(lang) ? 'tsx' : /ts$|typescript/i.test(lang) ? 'ts' : 'jsx'
  return { source: attribute(attributes, 'src'), text, language }
}

function attribute(attributes: string, name: string): string | null {
  const pattern = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')
  const found = pattern.exec(attributes)
  return found === null ? null : (found[1] ?? found[2] ?? found[3] ?? '')
}
