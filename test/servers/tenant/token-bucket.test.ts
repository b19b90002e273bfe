import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Limit, limitsOf } from '../../../servers/tenant/rate-limit-plans.ts'
import { createTokenBucket } from '../../../servers/tenant/token-bucket.ts'

const limits: fc.Arbitrary<Limit> = fc.record({
  bucket: fc.constant('any'),
  size: fc.integer({ min: 1, max: 60 }),
  rate: fc.integer({ min: 1, max: 600 }),
  per: fc.constantFrom('second' as const, 'minute' as const),
})

/** Milliseconds between requests. */
const pauses = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 80 })
const start = Date.UTC(2026, 10, 21)

/** Milliseconds in which a bucket of that rate gains `tokens`. */
const timeFor = ({ rate, per }: Limit, tokens: number) =>
  (tokens / rate) * (per === 'second' ? 1_000 : 60_000)

test('token bucket: no window ever sees more than its burst and what the rate adds', () => {
  fc.assert(
    fc.property(limits, pauses, (limit, waits) => {
      const bucket = createTokenBucket(limit)
      const allowedAt: number[] = []
      let now = start
      for (const wait of waits) {
        now += wait
        if (bucket.take(now).allowed) allowedAt.push(now)
      }
      for (const [first, from] of allowedAt.entries()) {
        for (const [last, to] of allowedAt.entries()) {
          const surplus = last - first + 1 - limit.size
          // A bucket that fills by the second may have had its second just after `from`.
          const slack = limit.per === 'minute' ? 1_000 : 1
          if (surplus > 0) expect(to - from + slack).toBeGreaterThanOrEqual(timeFor(limit, surplus))
        }
      }
    }),
  )
})

test('token bucket: counts what is left, and says truly when the next one comes', () => {
  fc.assert(
    fc.property(limits, pauses, (limit, waits) => {
      const bucket = createTokenBucket(limit)
      let now = start
      let left = limit.size
      for (const wait of waits) {
        now += wait
        const { allowed, remaining } = bucket.take(now)
        expect(remaining).toBeGreaterThanOrEqual(wait === 0 && allowed ? left - 1 : 0)
        expect(remaining).toBeLessThan(limit.size)
        left = remaining
      }
      for (; left > 0; left -= 1) expect(bucket.take(now).allowed).toBe(true)
      const { allowed, resetAt } = bucket.take(now)
      expect(allowed).toBe(false)
      expect(bucket.take(resetAt - 1).allowed).toBe(false)
      expect(bucket.take(resetAt).allowed).toBe(true)
    }),
  )
})

test('token bucket: a minute’s limit fills on whole seconds only', () => {
  const bucket = createTokenBucket({ bucket: 'any', size: 1, rate: 6_000, per: 'minute' })
  bucket.take(start + 400)
  expect(bucket.take(start + 999)).toEqual({
    allowed: false,
    remaining: 0,
    resetAt: start + 1_000,
  })
  expect(bucket.take(start + 1_000).allowed).toBe(true)
})

test('token bucket: a clock that goes back gives nothing, and takes nothing', () => {
  const full = createTokenBucket({ bucket: 'any', size: 2, rate: 1, per: 'second' })
  expect(full.take(start).allowed).toBe(true)
  expect(full.take(start - 60_000).allowed).toBe(true)
  const bucket = createTokenBucket({ bucket: 'any', size: 1, rate: 1, per: 'second' })
  expect(bucket.take(start).allowed).toBe(true)
  expect(bucket.take(start - 60_000).allowed).toBe(false)
  expect(bucket.take(start + 999).allowed).toBe(false)
  expect(bucket.take(start + 1_000).allowed).toBe(true)
})

test('plans: each has a limit for every request to the Management API', () => {
  for (const { global, others, endpoints } of Object.values(limitsOf)) {
    expect(global ?? others).not.toBeNull()
    const buckets = endpoints.map(({ bucket }) => bucket)
    expect(new Set(buckets).size).toBe(buckets.length)
  }
})
