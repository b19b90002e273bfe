import { isCreatedSince } from './created-since.ts'
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
  return bucket(user.user_id ?? '') >= percent
}

/** 0 to 99.99…, spread evenly (FNV-1a, 32 bits, with a last mix since ids differ in their last digits only). */
function bucket(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000) * 100
}
