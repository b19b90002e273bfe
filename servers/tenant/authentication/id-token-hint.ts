import { createLocalJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose'
import type { Client, Tenant } from '../state.ts'
import { idTokenSignature } from './id-token.ts'
import { OAuthError } from './oauth-error.ts'

/** What an ID token that was issued once says of a login. It may be over: it opens nothing. */
export interface IdTokenHint {
  readonly clientId: string
  readonly sessionId: string | null
}

/** @throws {OAuthError} `invalid_request` for what this tenant has not issued to one of its applications. */
export async function readIdTokenHint(tenant: Tenant, token: string): Promise<IdTokenHint> {
  try {
    const { aud } = decodeJwt(token)
    const client = tenant.state.clients.get(typeof aud === 'string' ? aud : '')
    if (client !== undefined) {
      const { sid } = await verify(tenant, client, token)
      return { clientId: client.client_id, sessionId: typeof sid === 'string' ? sid : null }
    }
  } catch {
    // Said below, and without quoting it.
  }
  throw new OAuthError('invalid_request', 'id_token_hint is no ID token of this tenant.')
}

async function verify(tenant: Tenant, client: Client, token: string): Promise<JWTPayload> {
  const signature = idTokenSignature(client)
  const options = {
    algorithms: [signature.alg],
    audience: client.client_id,
    // Seconds: it may be over for however long.
    clockTolerance: Number.MAX_SAFE_INTEGER,
    issuer: tenant.issuer,
  }
  if (signature.alg === 'HS256') return (await jwtVerify(token, signature.secret, options)).payload
  const keys = tenant.jwks.keys.map(({ alg: _, ...key }) => key)
  return (await jwtVerify(token, createLocalJWKSet({ keys }), options)).payload
}
