import { attempt } from './attempt.ts'
import type { MigrationErrorCode } from './errors.ts'
import type { LegacyUser } from './legacy-user.ts'

/** The business answers of the contract, without `urn:legacy-api:`. */
export const problems = [
  'invalid-credentials',
  'user-not-found',
  'blocked',
  'already-migrated',
  'ambiguous',
  'migrated-to-another-user',
] as const
export type LegacyProblem = (typeof problems)[number]

/** The legacy API could not be asked, or did not answer as the contract says. Nothing follows from it. */
export interface Outage {
  readonly type: 'outage'
  readonly code: MigrationErrorCode
  /** HTTP status, where there was one. */
  readonly status?: number
  /** Names of settings, where those are the trouble. */
  readonly settings?: readonly string[]
  /** What is wrong with an ID token: `signature`, `alg`, `key`, `expired`, or a claim by its name. */
  readonly fault?: string
}

/** No answer of the API's, as far as anybody can tell. */
export const unavailable: Outage = { type: 'outage', code: 'legacy_api_unavailable' }

/** An answer, but not one that the contract has for the question. Used whole or not at all. */
export const invalidResponse: Outage = { type: 'outage', code: 'legacy_api_invalid_response' }

export type LegacyAnswer =
  | { readonly type: 'user'; readonly user: LegacyUser }
  | { readonly type: 'marked' }
  | { readonly type: 'problem'; readonly problem: LegacyProblem }
  | Outage

export interface Mark {
  /** Of linked accounts, the primary. */
  readonly auth0_user_id: string
  readonly migrated_at: string
  readonly metadata: 'complete' | 'too-large' | 'not-found'
}

/** @returns undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  return attempt(() => JSON.parse(text))
}
