import { fitsAuth0 } from './auth0-profile.ts'
import { isCreatedSince } from './created-since.ts'
import { invalidResponse, type LegacyAnswer } from './legacy-answer.ts'
import {
  findLegacyIdentity,
  type IdentityRule,
  isPrimaryIdentity,
  type LegacyIdentity,
  type LoginUser,
} from './legacy-identity.ts'
import type { LogEntry } from './log-line.ts'
import { type LoginChanges, outage } from './login-changes.ts'
import { absentFrom, cleanAppMetadata, cleanUserMetadata, isBlank } from './metadata.ts'
import type { PlainObject } from './plain-object.ts'
import { isHeldBack } from './rollout.ts'
import {
  type BackfillOutcome,
  backfillStamp,
  isBackfilled,
  readStamp,
  stampKey,
  tellsOfAnother,
} from './stamp.ts'

export type BackfillPlan =
  /** Everything there is to do, without asking anybody. */
  | { readonly type: 'change'; readonly changes: LoginChanges }
  | { readonly type: 'read'; readonly identity: LegacyIdentity }

export interface BackfillRule extends IdentityRule {
  readonly rollout?: number
  readonly backfill: { readonly since: string; readonly leaveBlank?: boolean }
}

/**
 * Decides what the backfill has to do for a user, `null` for nothing.
 *
 * A user created since the kit was published came through our scripts, so that a missing stamp means
 * lost metadata. Of an older user nobody knows: one who has any metadata at all is left as they are,
 * or a right that was taken away in Auth0 would come back from the old store. A blank one is filled,
 * unless the config says that all a user had may have been taken away.
 */
export function planBackfill(
  user: LoginUser,
  rule: BackfillRule,
  now: () => number,
): BackfillPlan | null {
  const stamp = readStamp(user.app_metadata)
  const done = isBackfilled(stamp, now)
  if (done && isPrimaryIdentity(user, rule, stamp?.legacy_id)) return null
  const identity = findLegacyIdentity(user, rule)
  if (identity === null || isHeldBack(user, rule)) return null
  if (done && !tellsOfAnother(stamp, identity.legacyId)) return null
  if (
    isCreatedSince(user, rule.backfill.since) ||
    (!rule.backfill.leaveBlank && isBlank({ ...user.user_metadata, ...user.app_metadata }))
  ) {
    return { type: 'read', identity }
  }
  return { type: 'change', changes: stamped(user, identity, 'nothing-missing', now()) }
}

/** Applies what the legacy API said about the user. An outage changes nothing. */
export function finishBackfill(
  user: LoginUser,
  identity: LegacyIdentity,
  answer: LegacyAnswer,
  now: number,
): LoginChanges {
  if (answer.type === 'problem' && answer.problem === 'user-not-found') {
    return stamped(user, identity, 'not-found', now, { code: 'legacy_user_not_found' })
  }
  if (answer.type !== 'user') return outage(answer)
  const legacyApp = cleanAppMetadata(answer.user.app_metadata)
  const legacyUser = cleanUserMetadata(answer.user.user_metadata)
  if (legacyApp === null || legacyUser === null) return outage(invalidResponse)
  // A marked account had its metadata once, and lost them with its stamp when it was linked to another:
  // filling them in would let users bring back a right by linking themselves to a new account, or by
  // unlinking again, which makes a user anew.
  const { migrated_at: markedAt } = answer.user
  if (markedAt !== null && (!identity.primary || isCreatedSince(user, markedAt))) {
    return stamped(user, identity, 'nothing-missing', now)
  }
  return filled(user, identity, { app: legacyApp, user: legacyUser }, now)
}

function filled(
  user: LoginUser,
  identity: LegacyIdentity,
  legacy: { readonly app: PlainObject; readonly user: PlainObject },
  now: number,
): LoginChanges {
  const app = absentFrom(user.app_metadata ?? {}, legacy.app)
  const own = absentFrom(user.user_metadata ?? {}, legacy.user)
  const any = Object.keys({ ...app, ...own }).length > 0
  const stamp = stamped(user, identity, any ? 'filled' : 'nothing-missing', now).appMetadata
  const appMetadata = { ...app, ...stamp }
  const profile = {
    ...user,
    app_metadata: { ...user.app_metadata, ...appMetadata },
    user_metadata: { ...user.user_metadata, ...own },
  }
  if (!any || fitsAuth0(profile)) return { appMetadata, userMetadata: own, log: null }
  return stamped(user, identity, 'too-large', now, { code: 'profile_too_large' })
}

function stamped(
  user: LoginUser,
  { legacyId }: LegacyIdentity,
  outcome: BackfillOutcome,
  now: number,
  log: LogEntry | null = null,
): LoginChanges {
  const at = new Date(now).toISOString()
  const stamp = backfillStamp(readStamp(user.app_metadata), legacyId, outcome, at)
  return { appMetadata: { [stampKey]: stamp }, userMetadata: {}, log }
}
