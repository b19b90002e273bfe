import type {
  CacheAPI,
  CacheDeleteResult,
  CacheErrorCode,
  CacheRecord,
  CacheSetOptions,
  CacheSetResult,
} from './types/cache.ts'

// https://auth0.com/docs/customize/actions/limitations
// The page says "kB": read as decimal, the smaller of the two readings.
const maxEntries = 20
const maxKeyBytes = 64
const maxValueBytes = 4_000
const maxTotalBytes = 8_000
const maxLifetime = 24 * 60 * 60 * 1000
const defaultLifetime = 15 * 60 * 1000

export type CacheEntries = readonly (readonly [key: string, record: CacheRecord])[]

/** One change of the cache; `record` is null when the key was deleted. */
export interface CacheWrite {
  readonly key: string
  readonly record: CacheRecord | null
}

/** The cache of one trigger, as all its Actions see it. */
export interface ActionCache extends CacheAPI {
  /** What is in it and has not expired. */
  entries(): CacheEntries
  /** Successful changes since the cache was made, in order. */
  writes(): readonly CacheWrite[]
  /** Takes over changes that a copy of this cache went through. What no longer fits is lost. */
  apply(writes: readonly CacheWrite[]): void
}

/**
 * @param now Milliseconds since the Unix epoch.
 * @param entries What the cache holds to begin with.
 */
export function createActionCache(now: () => number, entries: CacheEntries = []): ActionCache {
  const records = new Map<string, CacheRecord>(entries)
  const written: CacheWrite[] = []
  const evict = () => {
    for (const [key, record] of records) if (record.expires_at <= now()) records.delete(key)
  }
  const write = (key: string, record: CacheRecord | null) => {
    if (record === null) records.delete(key)
    else records.set(key, record)
    written.push({ key, record })
  }
  return {
    get(key) {
      evict()
      const record = records.get(key)
      return record && { ...record }
    },
    set(key, value, options = {}) {
      evict()
      const record = { value, expires_at: expiry(options, now()) }
      const code = refusal(records, key, record, now())
      if (code !== null) return { type: 'error', code } satisfies CacheSetResult
      write(key, record)
      return { type: 'success', record: { ...record } }
    },
    delete(key) {
      evict()
      if (!records.has(key)) {
        return { type: 'error', code: 'CacheKeyDoesNotExist' } satisfies CacheDeleteResult
      }
      write(key, null)
      return { type: 'success' }
    },
    entries() {
      evict()
      return [...records]
    },
    writes: () => [...written],
    apply(writes) {
      evict()
      for (const { key, record } of writes) {
        if (record === null) write(key, null)
        else if (refusal(records, key, record, now()) === null) write(key, record)
      }
    },
  }
}

/** The earlier of `ttl` and `expires_at`; NaN when either is no time at all. */
function expiry({ ttl, expires_at }: CacheSetOptions, now: number): number {
  if (ttl === undefined && expires_at === undefined) return now + defaultLifetime
  if (ttl !== undefined && !isTime(ttl)) return Number.NaN
  if (expires_at !== undefined && !isTime(expires_at)) return Number.NaN
  return Math.min(
    ttl === undefined ? Number.POSITIVE_INFINITY : now + ttl,
    expires_at ?? Number.POSITIVE_INFINITY,
  )
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Which code stands for which limit is read from the codes' names: no page says. */
function refusal(
  records: ReadonlyMap<string, CacheRecord>,
  key: string,
  { value, expires_at }: CacheRecord,
  now: number,
): CacheErrorCode | null {
  if (Buffer.byteLength(key) > maxKeyBytes) return 'CacheKeySizeExceeded'
  if (Buffer.byteLength(value) > maxValueBytes) return 'CacheValueSizeExceeded'
  if (Number.isNaN(expires_at) || expires_at > now + maxLifetime) return 'InvalidExpiry'
  if (expires_at <= now) return 'ItemAlreadyExpired'
  const others = [...records].filter(([other]) => other !== key)
  if (others.length >= maxEntries) return 'CacheSizeExceeded'
  const bytes = others.reduce(
    (sum, [other, record]) => sum + Buffer.byteLength(other) + Buffer.byteLength(record.value),
    Buffer.byteLength(key) + Buffer.byteLength(value),
  )
  return bytes > maxTotalBytes ? 'CacheSizeExceeded' : null
}
