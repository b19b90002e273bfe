import {
  type AccessToken,
  accessTokenCacheKey,
  accessTokenRequest,
  isBearerToken,
  processAccessTokenResponse,
} from '../core/access-token.ts'
import type { Outage } from '../core/legacy-api.ts'
import type { LegacyApiSettings } from '../core/settings.ts'
import { type Attempts, sendRepeatedly } from './send-request.ts'

/** What outlives a login: kept in the module where the runtime keeps modules, else in `global`. */
export interface TokenMemory {
  held?: { readonly key: string; readonly token: AccessToken }
  pending?: { readonly key: string; readonly token: Promise<AccessToken | Outage> } | undefined
}

/** What outlives the instance, where the runtime has such a thing. May fail, lie and forget. */
export interface TokenCache {
  get(key: string): AccessToken | undefined
  set(key: string, token: AccessToken): void
}

/** Lifetime in milliseconds that `api.cache` allows. https://auth0.com/docs/customize/actions/limitations */
export const maxCacheLifetime = 24 * 60 * 60 * 1_000

/**
 * Gives the application's access token: from memory, from the cache, or from the token endpoint, which
 * is asked once however many logins wait.
 *
 * @param refused A token that the legacy API has just refused: whatever holds it is passed over.
 */
export async function getAccessToken(
  settings: LegacyApiSettings,
  memory: TokenMemory,
  cache: TokenCache,
  attempts: Attempts,
  refused?: string,
): Promise<AccessToken | Outage> {
  const key = accessTokenCacheKey(settings)
  const usable = (token: AccessToken | undefined): token is AccessToken =>
    token !== undefined && token.value !== refused && token.usableUntil > attempts.now()
  if (memory.held?.key === key && usable(memory.held.token)) return memory.held.token
  if (memory.pending?.key === key) return memory.pending.token
  const cached = cache.get(key)
  if (usable(cached) && isBearerToken(cached.value)) {
    memory.held = { key, token: cached }
    return cached
  }
  const token = requestAccessToken(settings, attempts)
  memory.pending = { key, token }
  const issued = await token
  if (memory.pending?.token === token) memory.pending = undefined
  if ('value' in issued) {
    memory.held = { key, token: issued }
    cache.set(key, issued)
  }
  return issued
}

async function requestAccessToken(
  settings: LegacyApiSettings,
  attempts: Attempts,
): Promise<AccessToken | Outage> {
  const askedAt = attempts.now()
  const response = await sendRepeatedly(accessTokenRequest(settings), attempts)
  if (response === null) return { type: 'outage', code: 'token_unavailable' }
  return processAccessTokenResponse(response, askedAt)
}
