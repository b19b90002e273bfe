import type { Limit } from './rate-limit-plans.ts'

/** What a request found in a bucket. */
export interface Taken {
  readonly allowed: boolean
  /** Whole tokens that are left. */
  readonly remaining: number
  /** Milliseconds since the epoch: when the next token comes; `now` of a full bucket. */
  readonly resetAt: number
}

export interface TokenBucket {
  readonly limit: Limit
  /** @param now Milliseconds since the epoch; a clock that goes back adds nothing. */
  take(now: number): Taken
}

/** Parts of a token, so that what a millisecond adds is whole. */
const parts = 60_000

/**
 * Fills by the millisecond where the limit is per second, and by the whole second where it is per
 * minute (assumption `bucket-of-a-minute-fills-by-the-second`).
 *
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy#rate-limit-algorithm
 */
export function createTokenBucket(limit: Limit): TokenBucket {
  const tick = limit.per === 'second' ? 1 : 1_000 // milliseconds
  const gain = tick * limit.rate * (limit.per === 'second' ? 60 : 1) // parts a tick
  const full = limit.size * parts
  let content = full
  let filledAt = Number.NEGATIVE_INFINITY
  return {
    limit,
    take(now) {
      const lastTick = Math.floor(now / tick) * tick
      if (lastTick > filledAt) {
        const ticks = (lastTick - filledAt) / tick
        content = Math.min(full, content + ticks * gain)
        filledAt = lastTick
      }
      const allowed = content >= parts
      if (allowed) content -= parts
      const remaining = Math.floor(content / parts)
      const missing = (remaining + 1) * parts - content
      const resetAt = content === full ? now : filledAt + Math.ceil(missing / gain) * tick
      return { allowed, remaining, resetAt }
    },
  }
}
