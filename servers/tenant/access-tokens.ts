import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type { Tenant } from './state.ts'

/** Who calls the Management API, and what the token lets it do. */
export interface ManagementCaller {
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
}

/** Scheme is case-insensitive: RFC 9110, section 11.1. */
const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i

const keySets = new WeakMap<JSONWebKeySet, ReturnType<typeof createLocalJWKSet>>()

/** @returns The token of an `Authorization: Bearer` header, null when there is none. */
export function bearerToken(authorizationHeader: string | undefined): string | null {
  return bearer.exec(authorizationHeader ?? '')?.[1] ?? null
}

/**
 * @param token A compact JWT; anything else is refused.
 * @param audience Must be among the token's audiences.
 * @returns The claims, null when the token is not one of this tenant's, not for `audience` or over.
 */
export async function verifyAccessToken(
  tenant: Tenant,
  token: string,
  audience: string,
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, keySetOf(tenant), {
      algorithms: ['RS256'],
      issuer: tenant.issuer,
      audience,
      currentDate: new Date(tenant.now()),
      requiredClaims: ['sub', 'exp'],
    })
    // An access token names its application, in either dialect; an ID token has it as audience.
    return payload.azp === undefined && payload.client_id === undefined ? null : payload
  } catch {
    return null
  }
}

/**
 * Only a machine's token opens the Management API here: people's tokens for it (scopes
 * `read:current_user` and the like) are not modelled and are refused.
 *
 * @returns The caller, null when the header holds no valid token for `${issuer}api/v2/`.
 */
export async function verifyManagementToken(
  tenant: Tenant,
  authorizationHeader: string | undefined,
): Promise<ManagementCaller | null> {
  const token = bearerToken(authorizationHeader)
  if (token === null) return null
  const claims = await verifyAccessToken(tenant, token, `${tenant.issuer}api/v2/`)
  if (claims === null || claims.gty !== 'client-credentials') return null
  const clientId = String(claims.azp)
  if (claims.sub !== `${clientId}@clients`) return null
  const scope = typeof claims.scope === 'string' ? claims.scope : ''
  return { clientId, scopes: new Set(scope.split(' ').filter((name) => name !== '')) }
}

function keySetOf(tenant: Tenant) {
  const known = keySets.get(tenant.jwks)
  if (known !== undefined) return known
  const keySet = createLocalJWKSet(tenant.jwks)
  keySets.set(tenant.jwks, keySet)
  return keySet
}
