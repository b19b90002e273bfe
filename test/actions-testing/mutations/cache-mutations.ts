import { createActionCache } from '../../../actions-testing/action-cache.ts'
import type { CacheSetResult } from '../../../actions-testing/types/cache.ts'
import type { Mutation } from './mutation.ts'

const hour = 3_600_000
const now = () => 1_000_000

function limitOf(limit: string, find: string, replace: string, holds: () => boolean): Mutation {
  return { limit, file: 'action-cache.ts', find, replace, holds: async () => holds() }
}

const refused = (result: CacheSetResult, code: string) =>
  result.type === 'error' && result.code === code

/** Limits of `api.cache`. */
export const cacheMutations: readonly Mutation[] = [
  limitOf(
    'cache.get gives the record, not the bare value',
    'return record && { ...record }',
    'return record?.value as never',
    () => {
      const cache = createActionCache(now)
      cache.set('k', 'v', { ttl: 1 })
      const { value, expires_at } = cache.get('k') ?? {}
      return value === 'v' && expires_at === 1_000_001
    },
  ),
  limitOf('20 entries', 'maxEntries = 20', 'maxEntries = 21', () => {
    const cache = createActionCache(now)
    for (let n = 0; n < 20; n += 1) cache.set(`k${n}`, 'v')
    return refused(cache.set('one more', 'v'), 'CacheSizeExceeded')
  }),
  limitOf('a key of 64 bytes', 'maxKeyBytes = 64', 'maxKeyBytes = 65', () =>
    refused(createActionCache(now).set('é'.repeat(32).concat('x'), 'v'), 'CacheKeySizeExceeded'),
  ),
  limitOf('a value of 4 kB', 'maxValueBytes = 4_000', 'maxValueBytes = 4_096', () =>
    refused(createActionCache(now).set('k', 'v'.repeat(4_001)), 'CacheValueSizeExceeded'),
  ),
  limitOf('8 kB in all, keys counted', 'maxTotalBytes = 8_000', 'maxTotalBytes = 8_192', () => {
    const cache = createActionCache(now)
    cache.set('a', 'v'.repeat(3_999))
    cache.set('b', 'v'.repeat(3_999))
    return refused(cache.set('c', ''), 'CacheSizeExceeded')
  }),
  limitOf('24 hours at most', 'maxLifetime = 24 *', 'maxLifetime = 48 *', () =>
    refused(createActionCache(now).set('k', 'v', { ttl: 24 * hour + 1 }), 'InvalidExpiry'),
  ),
  limitOf('15 minutes unless told', 'defaultLifetime = 15 *', 'defaultLifetime = 16 *', () => {
    const result = createActionCache(now).set('k', 'v')
    return result.type === 'success' && result.record.expires_at === now() + hour / 4
  }),
  limitOf('the earlier of ttl and expires_at', 'return Math.min(', 'return Math.max(', () => {
    const result = createActionCache(now).set('k', 'v', { ttl: 10, expires_at: now() + 20 })
    return result.type === 'success' && result.record.expires_at === now() + 10
  }),
  limitOf(
    'no lifetime that is no time',
    "typeof value === 'number' && Number.isFinite(value)",
    'true',
    () => {
      const expires_at = String(now() + 1_000) as unknown as number
      return refused(createActionCache(now).set('k', 'v', { expires_at }), 'InvalidExpiry')
    },
  ),
  limitOf(
    'what is expired is gone',
    'if (record.expires_at <= now()) records.delete(key)',
    'if (record.expires_at <= 0) records.delete(key)',
    () => {
      let time = 1_000_000
      const cache = createActionCache(() => time)
      cache.set('k', 'v', { ttl: 10 })
      time += 10
      return cache.get('k') === undefined
    },
  ),
]
