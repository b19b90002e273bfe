import type { HttpRequest, HttpResponse } from './http-message.ts'
import { type Outage, parseJson } from './legacy-api.ts'
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

/** The client credentials grant, as Auth0 takes it from a client of the method `client_secret_post`. */
export function accessTokenRequest(settings: LegacyApiSettings): HttpRequest {
  const body = {
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    audience: settings.audience,
  }
  return {
    method: 'POST',
    url: settings.tokenUrl,
    contentType: 'application/json',
    body: JSON.stringify(body),
  }
}

/** @param now Milliseconds since the epoch, from before the request was sent. */
export function processAccessTokenResponse(
  response: HttpResponse,
  now: number,
): AccessToken | Outage {
  const { status } = response
  if (status !== 200) return { type: 'outage', code: 'token_unavailable', status }
  const body = parseJson(response.body)
  if (!isPlainObject(body) || !isBearerToken(body.access_token)) {
    return { type: 'outage', code: 'token_invalid_response' }
  }
  const lifetime = lifetimeOf(body.expires_in) * 1_000
  // Of a token shorter than two margins, half: else every login would ask for another.
  return { value: body.access_token, usableUntil: now + lifetime - Math.min(margin, lifetime / 2) }
}

function lifetimeOf(seconds: unknown): number {
  return Number.isFinite(seconds) && Number(seconds) > 0 ? Number(seconds) : defaultLifetime
}

/** The `b64token` of RFC 6750: what may stand in an Authorization header. */
export function isBearerToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.~+/-]+=*$/.test(value)
}

/**
 * Names a cached token by everything it was issued for, so that a changed setting never meets the
 * token of another audience or application. 64-bit, in hex, well under the 64 bytes of a cache key;
 * it need not be secret, since whoever can read the cache reads the token.
 */
export function accessTokenCacheKey(settings: LegacyApiSettings): string {
  const issuedFor = [settings.tokenUrl, settings.audience, settings.clientId, settings.clientSecret]
  const text = JSON.stringify(issuedFor)
  return `legacy-token-${fnv1a(text, 0x811c9dc5)}${fnv1a(text, 0x01000193)}`
}

function fnv1a(text: string, seed: number): string {
  let hash = seed
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
