import type { CacheAPI, CacheRecord } from '../../actions-testing/types/cache.ts'
import type { PostLoginAPI } from '../../actions-testing/types/post-login/v3.ts'

/** `api` as the flow and its rival touch it. */
export type RecordingApi = Pick<PostLoginAPI, 'access' | 'cache' | 'user'> & {
  readonly accessToken: Pick<PostLoginAPI['accessToken'], 'setCustomClaim'>
  readonly idToken: PostLoginAPI['idToken']
}

/** What a login comes to while its Actions run. */
export interface LoginOutcome {
  denied: boolean
  app_metadata: Readonly<Record<string, unknown>>
  user_metadata: Readonly<Record<string, unknown>>
}

/**
 * Does what a login needs and nothing else, so that what is measured is the Actions: notes metadata
 * and denials, keeps the cache, lets claims go.
 *
 * @param outcome Written to. The next Action of the flow finds in its event what this one wrote.
 */
export function recordingApi(outcome: LoginOutcome, cache: CacheAPI): RecordingApi {
  // Nothing in the flow reads what these return.
  const done = undefined as never
  const write = (kind: 'app_metadata' | 'user_metadata') => (key: string, value: unknown) => {
    outcome[kind] = { ...outcome[kind], [key]: value }
    return done
  }
  const deny = () => {
    outcome.denied = true
    return done
  }
  return {
    access: { deny },
    accessToken: { setCustomClaim: () => done },
    cache,
    idToken: { setCustomClaim: () => done },
    user: { setAppMetadata: write('app_metadata'), setUserMetadata: write('user_metadata') },
  }
}

/** `api.cache` of one instance, which lasts from login to login. */
export function lastingCache(now: () => number): CacheAPI {
  const records = new Map<string, CacheRecord>()
  return {
    get(key) {
      const record = records.get(key)
      return record !== undefined && record.expires_at > now() ? record : undefined
    },
    set(key, value, { ttl = 900_000, expires_at = now() + ttl } = {}) {
      const record = { value, expires_at }
      records.set(key, record)
      return { type: 'success', record }
    },
    delete(key) {
      records.delete(key)
      return { type: 'success' }
    },
  }
}
