import { fnv1a } from './fnv1a.ts'
import type { HttpRequest, HttpResponse } from './http-message.ts'
import { type Outage, parseJson } from './legacy-answer.ts'
import { isPlainObject } from './plain-object.ts'
import type { LegacyApiSettings } from './settings.ts'

/** A token of the application that calls the legacy API, and the instant to stop using it. */
export interface AccessToken {
  readonly value: string
  /** Milliseconds since the epoch. */
  readonly usableUntil: number
}

/** Milliseconds before its end at which a token is not used any more: clocks differ, calls take time. */
const margin = 60_000

/** Seconds that a token without `expires_in` is trusted for. The member is only recommended by RFC 6749. */
const defaultLifetime = 300

/** Seconds. `api.cache` keeps nothing longer. https://auth0.com/docs/customize/actions/limitations */
const maxLifetime = 86_400

/** Members of a token request by which the client proves who it is. */
export type ClientProof =
  | { readonly client_secret: string }
  | { readonly client_assertion_type: string; readonly client_assertion: string }

/**
 * Makes the proof for one token request: `client_secret_post` or `private_key_jwt`, as the build
 * chose. Never throws; a credential of no use is an outage that names its setting.
 *
 * @param now Milliseconds since the epoch.
 */
export type ClientAuthentication = (
  settings: LegacyApiSettings,
  now: number,
) => ClientProof | Promise<ClientProof | Outage>

/** The client credentials grant. */
export function accessTokenRequest(settings: LegacyApiSettings, proof: ClientProof): HttpRequest {
  const body = {
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    ...proof,
    audience: settings.audience,
  }
  return {
    method: 'POST',
    url: settings.tokenUrl,
    contentType: 'application/json',
    body: JSON.stringify(body),
  }
}

export const tokenUnavailable: Outage = { type: 'outage', code: 'token_unavailable' }

/** @param now Milliseconds since the epoch, from before the request was sent. */
export function processAccessTokenResponse(
  response: HttpResponse,
  now: number,
): AccessToken | Outage {
  const { status } = response
  if (status !== 200) return { ...tokenUnavailable, status }
  const body = parseJson(response.body)
  if (!isPlainObject(body) || !isBearerToken(body.access_token)) {
    return { type: 'outage', code: 'token_invalid_response' }
  }
  const lifetime = lifetimeOf(body.expires_in) * 1_000
  // Of a token shorter than two margins, half: else every login would ask for another.
  return { value: body.access_token, usableUntil: now + lifetime - Math.min(margin, lifetime / 2) }
}

function lifetimeOf(seconds: unknown): number {
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < Infinity)) return defaultLifetime
  return Math.min(seconds, maxLifetime)
}

/** The `b64token` of RFC 6750: what may stand in an Authorization header. */
export function isBearerToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.~+/-]+=*$/.test(value)
}

/**
 * Names a cached token by everything it was issued for, so that a changed setting never meets the
 * token of another audience or application. Well under the 64 bytes of a cache key; it need not be
 * secret, since whoever can read the cache reads the token.
 */
export function accessTokenCacheKey(settings: LegacyApiSettings): string {
  const { tokenUrl, audience, clientId, credential } = settings
  const text = JSON.stringify([tokenUrl, audience, clientId, credential])
  return `legacy-token-${fnv1a(text)}`
}
