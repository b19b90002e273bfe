import {
  array,
  assert,
  constantFrom,
  integer,
  nat,
  option,
  property,
  record,
  string,
} from 'fast-check'
import { expect, test } from 'vitest'
import { createActionCache } from '../../actions-testing/action-cache.ts'

const minute = 60_000
const day = 24 * 60 * minute
const at = Date.UTC(2026, 0, 15)

function cacheAt(start = at) {
  let time = start
  return { cache: createActionCache(() => time), pass: (ms: number) => (time += ms) }
}

const operation = record({
  type: constantFrom('set', 'delete', 'get', 'pass'),
  key: string({ unit: constantFrom('a', 'é'), minLength: 1, maxLength: 40 }),
  size: nat(5_000),
  ttl: option(integer({ min: -minute, max: day + minute }), { nil: undefined }),
  expiresIn: option(integer({ min: -minute, max: day + minute }), { nil: undefined }),
})

test('action cache: no sequence of calls takes it over a limit, or keeps a record for too long', () => {
  assert(
    property(array(operation, { maxLength: 60 }), (operations) => {
      let time = at
      const cache = createActionCache(() => time)
      for (const { type, key, size, ttl, expiresIn } of operations) {
        if (type === 'pass') time += size * 1000
        if (type === 'delete') cache.delete(key)
        if (type === 'get') cache.get(key)
        if (type !== 'set') continue
        const value = 'v'.repeat(size)
        const result = cache.set(key, value, {
          ...(ttl !== undefined && { ttl }),
          ...(expiresIn !== undefined && { expires_at: time + expiresIn }),
        })
        if (result.type === 'error') continue
        expect(cache.get(key)).toEqual(result.record)
        const lifetime = result.record.expires_at - time
        expect(lifetime).toBe(
          Math.min(
            ttl ?? Infinity,
            expiresIn ?? Infinity,
            ...((ttl ?? expiresIn) === undefined ? [15 * minute] : []),
          ),
        )
      }
      const entries = cache.entries()
      expect(entries.length).toBeLessThanOrEqual(20)
      const sizes = entries.map(
        ([key, { value }]) => [Buffer.byteLength(key), value.length] as const,
      )
      for (const [key, value] of sizes) {
        expect(key).toBeLessThanOrEqual(64)
        expect(value).toBeLessThanOrEqual(4_000)
      }
      expect(sizes.reduce((sum, [key, value]) => sum + key + value, 0)).toBeLessThanOrEqual(8_000)
      for (const [, { expires_at }] of entries) {
        expect(expires_at).toBeGreaterThan(time)
        expect(expires_at).toBeLessThanOrEqual(time + day)
      }
    }),
  )
})

test('action cache: a copy that takes over the writes of another is equal to it', () => {
  assert(
    property(array(operation, { maxLength: 40 }), (operations) => {
      const [kept, working] = [createActionCache(() => at), createActionCache(() => at)]
      for (const { type, key, size } of operations) {
        if (type === 'set') working.set(key, 'v'.repeat(size))
        if (type === 'delete') working.delete(key)
      }
      kept.apply(working.writes())
      expect(new Map(kept.entries())).toEqual(new Map(working.entries()))
    }),
  )
})

for (const [why, key, value, options, code] of [
  ['a key of 65 bytes', `${'é'.repeat(32)}k`, 'v', {}, 'CacheKeySizeExceeded'],
  ['a value of 4001 bytes', 'k', 'v'.repeat(4_001), {}, 'CacheValueSizeExceeded'],
  ['a negative ttl', 'k', 'v', { ttl: -5 }, 'ItemAlreadyExpired'],
  ['a ttl that is NaN', 'k', 'v', { ttl: Number.NaN }, 'InvalidExpiry'],
  ['a ttl over 24 hours', 'k', 'v', { ttl: day + 1 }, 'InvalidExpiry'],
  ['an expiry that has passed', 'k', 'v', { expires_at: at }, 'ItemAlreadyExpired'],
  ['a ttl of nothing', 'k', 'v', { ttl: 0, expires_at: at + minute }, 'ItemAlreadyExpired'],
] as const) {
  test(`action cache: refuses ${why} with ${code}`, () => {
    const { cache } = cacheAt()
    expect(cache.set(key, value, options)).toEqual({ type: 'error', code })
    expect(cache.entries()).toEqual([])
  })
}

test('action cache: takes what is just at its limits', () => {
  const { cache } = cacheAt()
  expect(cache.set('é'.repeat(32), 'v', { ttl: day }).type).toBe('success')
  expect(cache.set('k', 'v'.repeat(4_000)).type).toBe('success')
})

test('action cache: the 21st entry and the 8001st byte are refused; replacing one is not', () => {
  const { cache } = cacheAt()
  for (let index = 0; index < 20; index += 1) {
    expect(cache.set(`key-${index}`, 'v').type).toBe('success')
  }
  expect(cache.set('one more', 'v')).toEqual({ type: 'error', code: 'CacheSizeExceeded' })
  expect(cache.set('key-0', 'w').type).toBe('success')
  const { cache: full } = cacheAt()
  full.set('a', 'v'.repeat(3_999))
  expect(full.set('b', 'v'.repeat(4_000))).toEqual({ type: 'error', code: 'CacheSizeExceeded' })
  expect(full.set('b', 'v'.repeat(3_999)).type).toBe('success')
})

test('action cache: a record is gone at its expiry, and makes room', () => {
  const { cache, pass } = cacheAt()
  cache.set('k', 'v', { ttl: minute })
  pass(minute - 1)
  expect(cache.get('k')).toEqual({ value: 'v', expires_at: at + minute })
  pass(1)
  expect(cache.get('k')).toBeUndefined()
  expect(cache.delete('k')).toEqual({ type: 'error', code: 'CacheKeyDoesNotExist' })
})
