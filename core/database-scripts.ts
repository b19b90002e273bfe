import { type ProfileRule, toAuth0Profile } from './auth0-profile.ts'
import type { MigrationErrorCode } from './errors.ts'
import type { LegacyAnswer } from './legacy-answer.ts'
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
  | { readonly type: 'error'; readonly code: MigrationErrorCode; readonly status?: number }

/** Decides the login script. */
export function decideLogin(answer: LegacyAnswer, rule: ProfileRule, now: number): ScriptDecision {
  if (answer.type === 'user') {
    if (answer.user.blocked === true) return { type: 'error', code: 'legacy_user_blocked' }
    // Lives in Auth0 now, under another address or deleted there: must not come back with the old password.
    if (answer.user.migrated_at !== null) return { type: 'wrong-credentials' }
    return profileOrError(answer, rule, now)
  }
  if (answer.type !== 'problem') return errorOf(answer)
  switch (answer.problem) {
    case 'invalid-credentials':
    case 'already-migrated':
      return { type: 'wrong-credentials' }
    case 'blocked':
      return { type: 'error', code: 'legacy_user_blocked' }
    case 'ambiguous':
      return { type: 'error', code: 'legacy_user_ambiguous' }
    default:
      return { type: 'error', code: 'legacy_api_invalid_response' }
  }
}

/** Decides the get_user script. An outage is never `not-found`: a stranger could take the address. */
export function decideGetUser(
  answer: LegacyAnswer,
  rule: ProfileRule,
  now: number,
): ScriptDecision {
  if (answer.type === 'user') {
    // Before the mark is looked at: a blocked user's address stays taken for good.
    if (answer.user.blocked === true) return { type: 'error', code: 'legacy_user_blocked' }
    if (answer.user.migrated_at !== null) return { type: 'not-found' }
    return profileOrError(answer, rule, now)
  }
  if (answer.type !== 'problem') return errorOf(answer)
  switch (answer.problem) {
    case 'user-not-found':
    case 'already-migrated':
      return { type: 'not-found' }
    case 'blocked':
      return { type: 'error', code: 'legacy_user_blocked' }
    case 'ambiguous':
      return { type: 'error', code: 'legacy_user_ambiguous' }
    default:
      return { type: 'error', code: 'legacy_api_invalid_response' }
  }
}

function profileOrError(
  { user }: Extract<LegacyAnswer, { readonly type: 'user' }>,
  rule: ProfileRule,
  now: number,
): ScriptDecision {
  const result = toAuth0Profile(user, rule, new Date(now).toISOString())
  if (result.type === 'refused') return { type: 'error', code: result.code }
  return result
}

function errorOf(answer: LegacyAnswer): ScriptDecision {
  if (answer.type !== 'outage') return { type: 'error', code: 'legacy_api_invalid_response' }
  const { code, status } = answer
  return { type: 'error', code, ...(status === undefined ? {} : { status }) }
}
