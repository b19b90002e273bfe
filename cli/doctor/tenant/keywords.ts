/**
 * deploy-cli replaces `##NAME##` and `@@NAME@@` in the text of a file, before it is YAML or JSON; without
 * that, `value: ##NAME##` is a comment and `value: @@NAME@@` an error. Here each mark becomes a character
 * of private use, so that the file parses, and every position stays what it was.
 *
 * https://github.com/auth0/auth0-deploy-cli/blob/master/docs/keyword-replacement.md
 */
const plainMark = '\uE000'
const jsonMark = '\uE001'

export function hideKeywords(text: string): string {
  return text
    .replaceAll(/##(\w+)##/g, `${plainMark.repeat(2)}$1${plainMark.repeat(2)}`)
    .replaceAll(/@@(\w+)@@/g, `${jsonMark.repeat(2)}$1${jsonMark.repeat(2)}`)
}

/** A value as it stood in the file, keywords and all. */
export function showKeywords(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(plainMark, '#').replaceAll(jsonMark, '@')
  if (Array.isArray(value)) return value.map(showKeywords)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [showKeywords(name), showKeywords(inner)]),
  )
}

/** Whether a value is filled in when the file is published: all of it, or a part. */
export function hasKeyword(value: unknown): boolean {
  return typeof value === 'string' && /##\w+##|@@\w+@@/.test(value)
}
