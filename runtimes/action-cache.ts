import type { CacheAPI } from '../actions-testing/types/cache.ts'
import { isBearerToken } from '../core/access-token.ts'
import { attempt } from '../core/attempt.ts'
import { parseJson } from '../core/legacy-answer.ts'
import { isPlainObject } from '../core/plain-object.ts'
import type { SharedMemory } from './legacy-api-client.ts'

const breakerKey = 'legacy-api-open-until'

/** Milliseconds from which on nobody, new instances among them, remembers that the API was gone. */
const afterglow = 60_000

/**
 * `api.cache` as what instances share. Its 8 kB are everybody's Actions': it may be full, refuse,
 * forget or hold what somebody else put there, and then it is as if it were empty.
 *
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export function sharedMemory(cache: CacheAPI): SharedMemory {
  return {
    token(key, audience) {
      const { value, expires_at: usableUntil } = attempt(() => cache.get(key)) ?? {}
      if (isBearerToken(value) && isFor(value, audience)) {
        return { value, usableUntil: Number(usableUntil) }
      }
      return undefined
    },
    keepToken(key, { value, usableUntil }) {
      attempt(() => cache.set(key, value, { expires_at: usableUntil }))
    },
    openUntil: () => Number(attempt(() => cache.get(breakerKey))?.value),
    tellOpenUntil(instant) {
      const options = { expires_at: instant + afterglow }
      attempt(() =>
        instant > 0 ? cache.set(breakerKey, String(instant), options) : cache.delete(breakerKey),
      )
    },
  }
}

/**
 * False for a JWT of another audience: this API must never see it. No check of the token, which is
 * the API's to make; what is no JWT is left to it.
 */
function isFor(token: string, audience: string): boolean {
  const [, payload = ''] = token.split('.')
  const claims = parseJson(Buffer.from(payload, 'base64url').toString())
  return !isPlainObject(claims) || [claims.aud].flat().includes(audience)
}
