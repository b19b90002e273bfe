import { invalidResponse, type LegacyAnswer } from './legacy-answer.ts'
import type { LogEntry } from './log-line.ts'
import type { PlainObject } from './plain-object.ts'

/** What a step of a login changes: top-level keys of the metadata, and what to say in the log. */
export interface LoginChanges {
  readonly appMetadata: PlainObject
  readonly userMetadata: PlainObject
  readonly log: LogEntry | null
}

/**
 * Nothing is stamped, so that the step is tried again at the next login. An answer of the contract
 * that does not belong to the question counts as none.
 */
export function outage(answer: LegacyAnswer): LoginChanges {
  const { type: _, ...log } = answer.type === 'outage' ? answer : invalidResponse
  return { appMetadata: {}, userMetadata: {}, log }
}
