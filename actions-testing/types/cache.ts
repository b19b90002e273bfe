/** A record of `api.cache`. */
export interface CacheRecord {
  readonly value: string
  /** Milliseconds since the Unix epoch. */
  readonly expires_at: number
}

/** Why the cache refused. The codes are those of Auth0's own types; the reference page prints none. */
export type CacheErrorCode =
  | 'CacheKeyDoesNotExist'
  | 'CacheKeySizeExceeded'
  | 'CacheSizeExceeded'
  | 'CacheValueSizeExceeded'
  | 'FailedToDeleteCacheRecord'
  | 'FailedToSetCacheRecord'
  | 'InvalidExpiry'
  | 'ItemAlreadyExpired'
  | 'MaxSideEffectsExceeded'

export interface CacheError {
  readonly type: 'error'
  readonly code: CacheErrorCode
}

export type CacheSetResult = { readonly type: 'success'; readonly record: CacheRecord } | CacheError

export type CacheDeleteResult = { readonly type: 'success' } | CacheError

/** When both are given, the earlier expiry holds. Without either: 15 minutes. */
export interface CacheSetOptions {
  /** Milliseconds since the Unix epoch. */
  readonly expires_at?: number
  /** Milliseconds from now. */
  readonly ttl?: number
}

/**
 * `api.cache`: shared by all Actions of a trigger; an entry may be gone in the next execution.
 *
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export interface CacheAPI {
  get(key: string): CacheRecord | undefined
  set(key: string, value: string, options?: CacheSetOptions): CacheSetResult
  delete(key: string): CacheDeleteResult
}
