import { isObject } from './auth0-tenant.ts'

/**
 * Reads a journal of one JSON object a line. A torn line, which only the last can be, is left out:
 * what it was to note had not been begun.
 */
export function readJournalLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line)
      return isObject(value) ? [value] : []
    } catch {
      return []
    }
  })
}
