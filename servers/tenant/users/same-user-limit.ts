import type { Limit } from '../rate-limit-plans.ts'
import type { Tenant } from '../state.ts'
import { createTokenBucket, type TokenBucket } from '../token-bucket.ts'
import type { PasswordAttempt } from './brute-force-protection.ts'
import { normalizeEmail } from './normalize-email.ts'
import { log } from './tenant-log.ts'

// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/database-connections-rate-limits
const limit: Limit = { bucket: 'same_user_logins', size: 20, rate: 10, per: 'minute' }

/** Milliseconds until an unused bucket is full again. */
const refillTime = 120_000

/** What is left of the logins of one user from one address. */
export interface LoginBucket {
  readonly bucket: TokenBucket
  /** Milliseconds since the epoch. */
  readonly usedAt: number
}

/**
 * Takes one of the logins that a user may try from one address, right and wrong alike (assumption
 * `same-user-limit-counts-right-passwords`). Limits are
 * those of the tenant's plan: without a plan there are none.
 *
 * @returns False when there is none left.
 */
export function takeLogin(tenant: Tenant, attempt: PasswordAttempt): boolean {
  if (tenant.rateLimiter === undefined) return true
  const { loginBuckets } = tenant.activity
  const now = tenant.now()
  for (const [old, { usedAt }] of loginBuckets) {
    if (now < usedAt + refillTime) break
    loginBuckets.delete(old)
  }
  const { connection, ip, username } = attempt
  const key = `${connection.id}\n${normalizeEmail(username)}\n${ip}`
  const bucket = loginBuckets.get(key)?.bucket ?? createTokenBucket(limit)
  // Taken out first: the order of the map is that of the last use.
  loginBuckets.delete(key)
  loginBuckets.set(key, { bucket, usedAt: now })
  if (bucket.take(now).allowed) return true
  const description = 'Too many logins with the same username or email.'
  log(tenant, { type: 'limit_sul', connection_id: connection.id, description })
  return false
}
