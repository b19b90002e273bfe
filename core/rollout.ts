import { isCreatedSince } from './created-since.ts'
import { fnv1a } from './fnv1a.ts'
import type { LoginUser } from './legacy-identity.ts'

/** Who the first wave reaches. */
export interface RolloutRule {
  readonly rollout?: number
  readonly backfill: { readonly since: string }
}

/**
 * True for a user from before the kit whose turn has not come. By a hash of the user id, so that a
 * user who is in stays in while the percentage rises.
 */
export function isHeldBack(user: LoginUser, rule: RolloutRule): boolean {
  const percent = rule.rollout ?? 100
  if (percent >= 100 || isCreatedSince(user, rule.backfill.since)) return false
  // 0 to 99.99…, spread evenly: by a prime, since the highest bits of ids that differ last are alike.
  return (fnv1a(user.user_id ?? '') % 10_007) / 100.07 >= percent
}
