import { type ProfileRule, toAuth0Profile } from './auth0-profile.ts'
import type { MigrationErrorCode } from './errors.ts'
import { invalidResponse, type LegacyAnswer, type LegacyProblem } from './legacy-answer.ts'
import type { PlainObject } from './plain-object.ts'

/** How a custom database script calls back. */
export type ScriptDecision =
  | {
      readonly type: 'profile'
      readonly profile: PlainObject
      readonly warning?: MigrationErrorCode
    }
  /** `callback(new WrongUsernameOrPasswordError(…))`. Only for what is the user's doing. */
  | { readonly type: 'wrong-credentials' }
  /** `callback(null)`: nobody of that address here, whoever comes may have it. */
  | { readonly type: 'not-found' }
  /** `callback(new Error(…))`: nobody gets in, and nobody may sign up, reset or move to that address. */
  | { readonly type: 'error'; readonly code: MigrationErrorCode }

/** Decides the login script. */
export function decideLogin(answer: LegacyAnswer, rule: ProfileRule, now: number): ScriptDecision {
  if (answer.type === 'user') {
    if (answer.user.blocked === true) return error('legacy_user_blocked')
    // Lives in Auth0 now, under another address or deleted there: must not come back with the old password.
    if (answer.user.migrated_at !== null) return { type: 'wrong-credentials' }
    return profileOrError(answer, rule, now)
  }
  return isProblem(answer, ['invalid-credentials', 'already-migrated'])
    ? { type: 'wrong-credentials' }
    : errorOf(answer)
}

/** Decides the get_user script. An outage is never `not-found`: a stranger could take the address. */
export function decideGetUser(
  answer: LegacyAnswer,
  rule: ProfileRule,
  now: number,
): ScriptDecision {
  if (answer.type === 'user') {
    // Before the mark is looked at: a blocked user's address stays taken for good.
    if (answer.user.blocked === true) return error('legacy_user_blocked')
    if (answer.user.migrated_at !== null) return { type: 'not-found' }
    return profileOrError(answer, rule, now)
  }
  return isProblem(answer, ['user-not-found', 'already-migrated'])
    ? { type: 'not-found' }
    : errorOf(answer)
}

function profileOrError(
  { user }: Extract<LegacyAnswer, { readonly type: 'user' }>,
  rule: ProfileRule,
  now: number,
): ScriptDecision {
  const result = toAuth0Profile(user, rule, new Date(now).toISOString())
  return result.type === 'refused' ? error(result.code) : result
}

function isProblem(answer: LegacyAnswer, problems: readonly LegacyProblem[]): boolean {
  return answer.type === 'problem' && problems.includes(answer.problem)
}

/** What is the same for both. An answer of the contract that does not belong to the question counts as none. */
function errorOf(answer: LegacyAnswer): ScriptDecision {
  if (answer.type === 'outage') return error(answer.code)
  if (isProblem(answer, ['blocked'])) return error('legacy_user_blocked')
  return error(isProblem(answer, ['ambiguous']) ? 'legacy_user_ambiguous' : invalidResponse.code)
}

function error(code: MigrationErrorCode): ScriptDecision {
  return { type: 'error', code }
}
