import { type ParserOptions, type Program, parseSync } from 'oxc-parser'
import { isTooDeep } from './nesting.ts'

export type Language = 'jsx' | 'ts' | 'tsx'

/** A piece of code as a tree, or why there is none. */
export type Parsed =
  | {
      readonly program: Program
      /** Characters put before the text so that it parses: take them off every offset. */
      readonly shift: number
      /** Offsets of deploy-cli's placeholders that stand where code should. */
      readonly placeholders: readonly number[]
    }
  | { readonly because: string }

/** https://github.com/auth0/auth0-deploy-cli/blob/master/docs/keyword-replacement.md */
const placeholder = /(##|@@)([A-Za-z_$][\w$]*)\1/g

/**
 * A Rule is a function without a name, which is an expression and no program; `void` makes it one.
 * The placeholders of deploy-cli are names as long as they are: `@@NAME@@` is `$$NAME$$` here.
 */
export function parse(text: string, language: Language): Parsed {
  if (isTooDeep(text)) return { because: 'it may be nested too deeply to parse' }
  const program = programOf(text, language)
  if (program !== null) return { program, shift: 0, placeholders: [] }
  const expression = programOf(`void ${text}`, language)
  if (expression !== null) return { program: expression, shift: 5, placeholders: [] }
  const named = text.replace(placeholder, (_, _mark, name: string) => `$$${name}$$`)
  if (named === text) return { because: 'it does not parse' }
  const parsed = parse(named, language)
  if ('because' in parsed) return parsed
  const offsets = [...text.matchAll(placeholder)].map(({ index }) => index)
  return { ...parsed, placeholders: offsets }
}

function programOf(text: string, lang: Language): Program | null {
  for (const sourceType of ['unambiguous', 'commonjs'] as const) {
    const options: ParserOptions = { lang, sourceType, preserveParens: false }
    const { program, errors } = parseSync('', text, options)
    if (errors.length === 0) return program
  }
  return null
}
