import type { LegacyAnswer, Mark } from './legacy-answer.ts'
import { findLegacyIdentity, type IdentityRule, type LoginUser } from './legacy-identity.ts'
import type { LoginChanges } from './login-changes.ts'
import { outage } from './login-changes.ts'
import { isHeldBack, type RolloutRule } from './rollout.ts'
import {
  isBackfilled,
  isMarked,
  type MarkOutcome,
  markStamp,
  readStamp,
  stampKey,
  tellsOfAnother,
} from './stamp.ts'

export interface MarkPlan {
  readonly legacyId: string
  readonly mark: Mark
}

/**
 * Decides whether the legacy store has to be told of a user, `null` for no. It is told once the
 * stamp says how the metadata fared: a mark before that would hide metadata that were lost.
 */
export function planMark(
  user: LoginUser,
  rule: IdentityRule & RolloutRule,
  now: () => number,
): MarkPlan | null {
  const stamp = readStamp(user.app_metadata)
  if (isMarked(stamp, now) || !isBackfilled(stamp, now)) return null
  const identity = findLegacyIdentity(user, rule)
  if (identity === null || user.user_id === undefined || isHeldBack(user, rule)) return null
  // What another legacy user's metadata came to is nothing to tell of this one.
  if (tellsOfAnother(stamp, identity.legacyId)) return null
  const backfill = stamp?.backfill
  return {
    legacyId: identity.legacyId,
    mark: {
      auth0_user_id: user.user_id,
      migrated_at: new Date(now()).toISOString(),
      metadata: backfill === 'not-found' || backfill === 'too-large' ? backfill : 'complete',
    },
  }
}

/** Applies what the legacy API said to the mark. An outage changes nothing. */
export function finishMark(user: LoginUser, answer: LegacyAnswer, now: number): LoginChanges {
  if (answer.type === 'marked') return stamped(user, 'marked', now)
  if (answer.type !== 'problem') return outage(answer)
  if (answer.problem === 'user-not-found') return stamped(user, 'not-found', now)
  if (answer.problem === 'migrated-to-another-user') return stamped(user, 'conflict', now)
  return outage(answer)
}

function stamped(user: LoginUser, outcome: MarkOutcome, now: number): LoginChanges {
  const stamp = markStamp(readStamp(user.app_metadata), outcome, now)
  return { appMetadata: { [stampKey]: stamp }, userMetadata: {}, log: toldOf(outcome) }
}

function toldOf(outcome: MarkOutcome): LoginChanges['log'] {
  if (outcome === 'not-found') return { code: 'legacy_user_not_found' }
  return outcome === 'conflict' ? { code: 'legacy_user_migrated_to_another' } : null
}
