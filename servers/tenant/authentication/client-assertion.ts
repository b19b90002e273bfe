import { decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload, jwtVerify } from 'jose'
import { type ClientCredential, usableCredentials } from '../client-credentials.ts'
import type { Client, Tenant } from '../state.ts'
import { digest } from './secrets.ts'

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

// https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt
const maxBytes = 2_048
const maxNameCharacters = 64
/** Seconds from `iat`, or from now where there is none, to `exp`. */
const maxLifetime = 300
/** Seconds; of `iat` and `nbf`, and not of `exp`. */
const maxSkew = 10

/** @returns Whom an assertion says it is of, before anything is proved; null for what is none. */
export function assertedClientId(assertion: string): string | null {
  try {
    return decodeJwt(assertion).sub ?? null
  } catch {
    return null
  }
}

/**
 * Whether an assertion proves that it comes from the application, by a key of its own, for this
 * tenant, now, and for the first time: an assertion is good for once.
 */
export async function provesClient(
  tenant: Tenant,
  client: Client,
  assertion: string,
): Promise<boolean> {
  if (Buffer.byteLength(assertion) > maxBytes) return false
  for (const credential of credentialsFor(tenant, client, assertion)) {
    const claims = await verified(tenant, client, credential, assertion)
    if (claims !== null) return isFirstUse(tenant, client, claims)
  }
  return false
}

/** `kid` need not be there. */
function credentialsFor(
  tenant: Tenant,
  client: Client,
  assertion: string,
): readonly ClientCredential[] {
  const { alg, kid } = headerOf(assertion)
  return usableCredentials(tenant, client).filter(
    (credential) => credential.alg === alg && (kid === undefined || credential.kid === kid),
  )
}

function headerOf(assertion: string): { readonly alg?: unknown; readonly kid?: unknown } {
  try {
    return decodeProtectedHeader(assertion)
  } catch {
    return {}
  }
}

async function verified(
  tenant: Tenant,
  { client_id }: Client,
  { alg, public_key }: ClientCredential,
  assertion: string,
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(assertion, await importJWK(public_key, alg), {
      algorithms: [alg],
      issuer: client_id,
      subject: client_id,
      currentDate: new Date(tenant.now()),
      clockTolerance: maxSkew,
      requiredClaims: ['exp', 'jti'],
    })
    return isAcceptable(tenant, payload) ? payload : null
  } catch {
    return null
  }
}

/** What jose does not look at, or is more patient about. */
function isAcceptable(tenant: Tenant, { aud, exp = 0, iat, iss = '', jti }: JWTPayload): boolean {
  const now = Math.floor(tenant.now() / 1_000)
  const names = [iss, jti].every(
    (name) => typeof name === 'string' && name.length <= maxNameCharacters,
  )
  // A text, and nothing but the issuer:
  // https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations (2025-10-06)
  if (aud !== tenant.issuer || !names || jti === '') return false
  if (iat !== undefined && iat > now + maxSkew) return false
  return exp > now && exp - (iat ?? now) <= maxLifetime
}

/**
 * Asked and noted in one step, so that of two requests at once one is the first. By what Auth0 knows
 * an assertion again is an assumption, `assertion-is-used-once-by-each-application`.
 */
function isFirstUse(
  { activity, now }: Tenant,
  { client_id }: Client,
  { exp = 0, jti }: JWTPayload,
): boolean {
  const { usedAssertions } = activity
  for (const [old, expiresAt] of usedAssertions) {
    if (expiresAt <= now()) usedAssertions.delete(old)
  }
  const key = digest(`${client_id}\n${jti}`)
  if (usedAssertions.has(key)) return false
  usedAssertions.set(key, exp * 1_000)
  return true
}
