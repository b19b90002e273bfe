import type { MigrationErrorCode } from './errors.ts'

/**
 * What there is to say about one login. Details are names of settings, words of the kit and numbers:
 * nothing that came from a user, a profile or an answer's body.
 */
export interface LogEntry {
  readonly code: MigrationErrorCode
  readonly [detail: string]: string | number | readonly string[]
}

/** Characters that Auth0 keeps of an Action's console. https://auth0.com/docs/customize/actions/limitations */
const limit = 256

/** One line of JSON, never longer than Auth0 keeps. Details go before the code and the name do. */
export function logLine(name: string, entry: LogEntry): string {
  const start = { code: entry.code, action: name }
  const line = JSON.stringify({ ...start, ...entry })
  return line.length <= limit ? line : JSON.stringify(start)
}
