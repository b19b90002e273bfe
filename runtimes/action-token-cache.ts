import type { CacheAPI } from '../actions-testing/types/cache.ts'
import { maxCacheLifetime, type TokenCache } from './access-tokens.ts'

/**
 * `api.cache` as a place for tokens. Its 8 kB are shared with everybody's Actions of the trigger: it
 * may be full, refuse or forget, and then the token is asked for again.
 *
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export function cacheOf(cache: CacheAPI, now: () => number): TokenCache {
  return {
    get(key) {
      const record = attempt(() => cache.get(key))
      if (typeof record?.value !== 'string') return undefined
      return { value: record.value, usableUntil: record.expires_at }
    },
    set(key, token) {
      const expiresAt = Math.min(token.usableUntil, now() + maxCacheLifetime)
      attempt(() => cache.set(key, token.value, { expires_at: expiresAt }))
    },
  }
}

function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call()
  } catch {
    return undefined
  }
}
