import { setTimeout } from 'node:timers/promises'
import type { Context, MiddlewareHandler } from 'hono'
import type { Limit, Plan, PlanLimits } from './rate-limit-plans.ts'
import { limitsOf } from './rate-limit-plans.ts'
import { routeOf } from './request-log.ts'
import type { Tenant } from './state.ts'
import { createTokenBucket, type Taken, type TokenBucket } from './token-bucket.ts'
import { log } from './users/tenant-log.ts'

/** How often a bucket that stays empty, or nearly so, is logged. Milliseconds. */
const logInterval = 60_000

/** Share of a bucket that is worth a warning. */
const warningShare = 0.8

/** What a request found in one of its buckets. */
interface Verdict extends Taken {
  readonly limit: Limit
  readonly global: boolean
}

/** The limits that a plan sets to the Management API. One for a tenant. */
export interface RateLimiter {
  /**
   * Takes a token from each bucket of a request: from the global one first, and where that is empty
   * from no other.
   *
   * @param path Under `/api/v2`: `/users/{id}`.
   * @returns The last one decides. Empty where the plan limits no such request.
   */
  take(method: string, path: string, now: number): readonly Verdict[]
  /** Whether this is to be logged: the first time, and a minute after the last. */
  isNews(type: string, bucket: string, now: number): boolean
  readonly wait: (milliseconds: number) => Promise<unknown>
}

/** @param wait Of a test whose clock stands still, something that moves it. */
export function createRateLimiter(
  plan: Plan,
  wait: RateLimiter['wait'] = (milliseconds) => setTimeout(milliseconds),
): RateLimiter {
  const limits = limitsOf[plan]
  const buckets = new Map<string, TokenBucket>()
  const loggedAt = new Map<string, number>()
  return {
    wait,
    take(method, path, now) {
      const verdicts: Verdict[] = []
      for (const limit of limitsFor(limits, method, path)) {
        const bucket = buckets.get(limit.bucket) ?? createTokenBucket(limit)
        buckets.set(limit.bucket, bucket)
        const taken = bucket.take(now)
        verdicts.push({ ...taken, limit, global: limit === limits.global })
        if (!taken.allowed) break
      }
      return verdicts
    },
    isNews(type, bucket, now) {
      const last = loggedAt.get(`${type} ${bucket}`) ?? Number.NEGATIVE_INFINITY
      if (now - last < logInterval) return false
      loggedAt.set(`${type} ${bucket}`, now)
      return true
    },
  }
}

function limitsFor(
  { global, endpoints, others }: PlanLimits,
  method: string,
  path: string,
): readonly Limit[] {
  const own =
    endpoints.find(
      ({ methods, paths }) => methods.split(' ').includes(method) && paths.test(path),
    ) ?? others
  return [global, own].filter((limit) => limit !== null)
}

/** Limits the Management API, whoever calls, and tells on each answer what is left. */
export function limitRates(tenant: Tenant, limiter: RateLimiter): MiddlewareHandler {
  return async (c, next) => {
    const path = c.req.path.slice('/api/v2'.length)
    const verdicts = limiter.take(c.req.method, path, tenant.now())
    logVerdicts(tenant, limiter, verdicts, { method: c.req.method, path: routeOf(c) })
    if (verdicts.every(({ allowed }) => allowed)) await next()
    else c.res = tooManyRequests(c)
    for (const [name, value] of headersOf(verdicts)) c.res.headers.set(name, value)
  }
}

/**
 * Of the bucket that has the least left: a caller who heeds it is refused by none.
 *
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-use-cases
 */
function headersOf(verdicts: readonly Verdict[]): readonly (readonly [string, string])[] {
  const [tightest] = verdicts.toSorted((one, other) => one.remaining - other.remaining)
  if (tightest === undefined) return []
  const { limit, remaining, resetAt } = tightest
  return [
    ['x-ratelimit-limit', String(limit.size)],
    ['x-ratelimit-remaining', String(remaining)],
    ['x-ratelimit-reset', String(Math.ceil(resetAt / 1000))],
  ]
}

// https://github.com/auth0-extensions/auth0-reset-tenant/issues/31
function tooManyRequests(c: Context): Response {
  const message = 'Global limit has been reached'
  const body = { statusCode: 429, error: 'Too Many Requests', message }
  return c.json({ ...body, errorCode: 'too_many_requests' }, 429)
}

/**
 * Counts the one write of a login's Actions as a change of a user, and waits for its turn, as the
 * platform retries a write that was refused when `x-ratelimit-reset` says.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
 */
export async function awaitProfileWrite(tenant: Tenant): Promise<void> {
  const { rateLimiter: limiter } = tenant
  if (limiter === undefined) return
  const request = { method: 'PATCH', path: '/api/v2/users/{id}' }
  for (;;) {
    const verdicts = limiter.take(request.method, '/users/{id}', tenant.now())
    logVerdicts(tenant, limiter, verdicts, request)
    const refused = verdicts.find(({ allowed }) => !allowed)
    if (refused === undefined) return
    const resetAt = Math.ceil(refused.resetAt / 1000) * 1000
    await limiter.wait(Math.max(1, resetAt - tenant.now()))
  }
}

/** @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-use-cases#tenant-logs */
function logVerdicts(
  tenant: Tenant,
  limiter: RateLimiter,
  verdicts: readonly Verdict[],
  request: { readonly method: string; readonly path: string },
): void {
  for (const { allowed, global, limit, remaining } of verdicts) {
    const { bucket, size } = limit
    const usage = size - remaining
    const type = allowed ? 'api_limit_warning' : 'api_limit'
    if (usage < size * warningShare || !limiter.isNews(type, bucket, tenant.now())) continue
    const description = allowed
      ? 'Global limit is about to be reached'
      : 'Global limit has been reached'
    const details = { request, limit: { bucket, size, global, ...(allowed && { usage }) } }
    log(tenant, { type, description, details })
  }
}
