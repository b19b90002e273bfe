import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { type Outage, parseJson, unavailable } from '../core/legacy-answer.ts'
import { isPlainObject } from '../core/plain-object.ts'
import type { LegacyApiSettings } from '../core/settings.ts'
import { inTime } from './access-tokens.ts'
import { type Attempts, sendRepeatedly } from './send-request.ts'

/** Milliseconds that keys are kept: a key that was revoked ends with them. */
const keysLifetime = 3_600_000

/** Milliseconds in which nobody looks again for a key that was not among the tenant's. */
const cooldown = 30_000

/** What an instance remembers of an old tenant's keys, by where they are. They are public. */
export interface KeyMemory {
  keys?: Record<string, KeySlot>
}

interface KeySlot {
  held?: { readonly jwks: JSONWebKeySet; readonly usableUntil: number }
  /** A request for them that is under way: however many logins wait, there is one. */
  pending?: Promise<JSONWebKeySet | null> | undefined
  /** Milliseconds since the epoch: when a key was looked for that there was not. */
  missedAt?: number
}

type Verified = { readonly claims: JWTPayload } | Outage

/**
 * Verifies an ID token as an application has to: signature, issuer, audience, time. It came over TLS
 * from the token endpoint; but whoever can put another host's name into a setting would otherwise let
 * anybody in. A key that is not known is asked for once, since tenants rotate them.
 *
 * @see https://auth0.com/docs/secure/tokens/id-tokens/validate-id-tokens
 */
export async function verifyIdToken(
  idToken: string,
  settings: LegacyApiSettings,
  memory: KeyMemory,
  attempts: Attempts,
): Promise<Verified> {
  const now = attempts.now()
  const url = new URL('/.well-known/jwks.json', settings.tokenUrl).href
  memory.keys ??= {}
  memory.keys[url] ??= {}
  const slot = memory.keys[url]
  const { held, missedAt = 0 } = slot
  if (held !== undefined && held.usableUntil > now) {
    const verified = await verify(idToken, settings, held.jwks, now)
    if (verified !== 'key-unknown') return verified
    if (now - missedAt < cooldown) return invalid('key')
  }
  const keys = await freshKeys(url, slot, attempts)
  if (keys === null) return unavailable
  const again = await verify(idToken, settings, keys, attempts.now())
  if (again !== 'key-unknown') return again
  slot.missedAt = now
  return invalid('key')
}

async function verify(
  idToken: string,
  { clientId, tokenUrl }: LegacyApiSettings,
  keys: JSONWebKeySet,
  now: number,
): Promise<Verified | 'key-unknown'> {
  try {
    const { payload: claims } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      algorithms: ['RS256', 'PS256'],
      issuer: new URL('/', tokenUrl).href,
      audience: clientId,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: new Date(now),
    })
    // https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
    if ([claims.aud].flat().length > 1) return invalid('aud')
    return (claims.azp ?? clientId) === clientId ? { claims } : invalid('azp')
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'key-unknown'
    // As of an application that signs by its secret, which is Auth0's default for one made by an API.
    if (error instanceof errors.JOSEAlgNotAllowed) return invalid('alg')
    if (error instanceof errors.JWTExpired) return invalid('expired')
    if (error instanceof errors.JWTClaimValidationFailed) return invalid(error.claim)
    return invalid('signature')
  }
}

/** @param fault What is wrong: `signature`, `alg`, `key`, or the claim. No value of any claim. */
function invalid(fault: string): Outage {
  return { type: 'outage', code: 'id_token_invalid', fault }
}

function freshKeys(url: string, slot: KeySlot, attempts: Attempts): Promise<JSONWebKeySet | null> {
  slot.pending ??= requestKeys(url, attempts).then((jwks) => {
    slot.pending = undefined
    if (jwks !== null) slot.held = { jwks, usableUntil: attempts.now() + keysLifetime }
    return jwks
  })
  return inTime(slot.pending, attempts, null)
}

/** @returns null for what is no set of keys: kept, it would turn everybody away. */
async function requestKeys(url: string, attempts: Attempts): Promise<JSONWebKeySet | null> {
  const response = await sendRepeatedly({ method: 'GET', url }, attempts)
  const body = response?.status === 200 ? parseJson(response.body) : undefined
  const keys: readonly unknown[] = isPlainObject(body) && Array.isArray(body.keys) ? body.keys : []
  return keys.length > 0 && keys.every(isKey) ? { keys: keys as JSONWebKeySet['keys'] } : null
}

function isKey(key: unknown): boolean {
  return isPlainObject(key) && typeof key.kty === 'string'
}
