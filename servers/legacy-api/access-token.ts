import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'

export interface AccessTokenPolicy {
  /** With its trailing slash, as Auth0 writes `iss`. */
  readonly issuer: string
  readonly audience: string
  readonly jwks: JWTVerifyGetKey
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type TokenVerdict = 'accepted' | 'invalid_token' | 'insufficient_scope'

/**
 * `<client_id>@clients`. A `|` makes it a person's `user_id`, whatever it ends with: legacy ids and
 * the ids of other identity providers may end in `@clients`.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
const machineSubject = /^[^|]+@clients$/

/** Codes that say the key set could not be had, so that nothing is known about the token. */
const keySetFailures: ReadonlySet<string> = new Set([
  'ERR_JOSE_GENERIC',
  'ERR_JWKS_INVALID',
  'ERR_JWKS_TIMEOUT',
])

/**
 * Checks an Authorization header against the contract's rules.
 *
 * @throws What the key set's fetch throws when the tenant's keys could not be read: that is no
 *   verdict, and a 401 would make clients ask for new tokens.
 */
export async function checkAccessToken(
  authorization: string | undefined,
  scope: string,
  policy: AccessTokenPolicy,
): Promise<TokenVerdict> {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return 'invalid_token'
  const claims = await verifiedClaims(token, policy)
  if (claims === null || !isMachine(claims)) return 'invalid_token'
  const granted = typeof claims.scope === 'string' ? claims.scope.split(' ') : []
  return granted.includes(scope) ? 'accepted' : 'insufficient_scope'
}

async function verifiedClaims(
  token: string,
  { issuer, audience, jwks, now }: AccessTokenPolicy,
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, jwks, {
      algorithms: ['RS256'],
      issuer,
      audience,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(now()),
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError && !keySetFailures.has(error.code)) return null
    throw new KeySetUnavailable('the key set of the tenant could not be read', { cause: error })
  }
}

/** A token of the RFC 9068 profile has no `gty`. */
function isMachine({ sub, gty }: JWTPayload): boolean {
  if (gty !== undefined && gty !== 'client-credentials') return false
  return sub !== undefined && machineSubject.test(sub)
}

export class KeySetUnavailable extends Error {
  override readonly name = 'KeySetUnavailable'
}
