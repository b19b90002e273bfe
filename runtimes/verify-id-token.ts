import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { type Outage, parseJson, unavailable } from '../core/legacy-answer.ts'
import { isPlainObject } from '../core/plain-object.ts'
import type { LegacyApiSettings } from '../core/settings.ts'
import { type Attempts, sendRepeatedly } from './send-request.ts'

/** What an instance remembers of the old tenant's keys. They are public. */
export interface KeyMemory {
  keys?: JSONWebKeySet
  /** A request for them that is under way: however many logins wait, there is one. */
  pendingKeys?: Promise<JSONWebKeySet | null> | undefined
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
  const known = memory.keys
  const verified = known && (await verify(idToken, settings, known, attempts.now()))
  if (verified !== undefined && verified !== 'key-unknown') return verified
  const keys = await freshKeys(settings, memory, attempts)
  if (keys === null) return unavailable
  const again = await verify(idToken, settings, keys, attempts.now())
  return again === 'key-unknown' ? invalid('key') : again
}

async function verify(
  idToken: string,
  { clientId, tokenUrl }: LegacyApiSettings,
  keys: JSONWebKeySet,
  now: number,
): Promise<Verified | 'key-unknown'> {
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      algorithms: ['RS256', 'PS256'],
      issuer: new URL('/', tokenUrl).href,
      audience: clientId,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: new Date(now),
    })
    return { claims: payload }
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'key-unknown'
    if (error instanceof errors.JWTExpired) return invalid('expired')
    if (error instanceof errors.JWTClaimValidationFailed) return invalid(error.claim)
    return invalid('signature')
  }
}

/** @param fault What is wrong: `signature`, `key`, or the claim. No value of any claim. */
function invalid(fault: string): Outage {
  return { type: 'outage', code: 'id_token_invalid', fault }
}

function freshKeys(
  settings: LegacyApiSettings,
  memory: KeyMemory,
  attempts: Attempts,
): Promise<JSONWebKeySet | null> {
  memory.pendingKeys ??= requestKeys(settings, attempts).then((keys) => {
    memory.pendingKeys = undefined
    if (keys !== null) memory.keys = keys
    return keys
  })
  return memory.pendingKeys
}

async function requestKeys(
  { tokenUrl }: LegacyApiSettings,
  attempts: Attempts,
): Promise<JSONWebKeySet | null> {
  const url = new URL('/.well-known/jwks.json', tokenUrl).href
  const response = await sendRepeatedly({ method: 'GET', url }, attempts)
  const body = response?.status === 200 ? parseJson(response.body) : undefined
  return isPlainObject(body) && Array.isArray(body.keys) ? (body as unknown as JSONWebKeySet) : null
}
