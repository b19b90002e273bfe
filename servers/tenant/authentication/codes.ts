import { createHash } from 'node:crypto'
import type { Client, Tenant } from '../state.ts'
import type { AuthorizationCode, AuthorizationRequest, GrantedLogin } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { revokeFamily } from './refresh-tokens.ts'
import { digest, newSecret, sameSecret } from './secrets.ts'

/** Milliseconds; RFC 6749, section 4.1.2, recommends ten minutes at most. */
const lifetime = 600_000

/** RFC 7636, section 4.1. */
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/

/** @returns The code; the tenant keeps its digest only. */
export function createCode(
  { activity, now }: Tenant,
  login: GrantedLogin,
  { codeChallenge, query, redirectUri }: AuthorizationRequest,
): string {
  for (const [old, { expiresAt }] of activity.codes) {
    if (expiresAt > now()) break
    activity.codes.delete(old)
  }
  const code = newSecret()
  activity.codes.set(digest(code), {
    login,
    redirectUri,
    mayOmitRedirectUri: query.redirect_uri === undefined,
    codeChallenge,
    expiresAt: now() + lifetime,
    familyId: newSecret(),
    used: false,
  })
  return code
}

export interface CodeExchange {
  readonly code: string
  readonly redirectUri: string | undefined
  readonly codeVerifier: string | undefined
}

/**
 * Takes a code: it is used up by the first attempt of its client, right or wrong. A second attempt
 * ends the refresh tokens of the first; another client's attempt changes nothing.
 *
 * @throws {OAuthError} `invalid_grant`, 403.
 */
export function takeCode(
  tenant: Tenant,
  client: Client,
  exchange: CodeExchange,
): AuthorizationCode {
  const key = digest(exchange.code)
  const code = tenant.activity.codes.get(key)
  if (code === undefined || code.login.clientId !== client.client_id) throw invalidCode()
  if (code.used) {
    revokeFamily(tenant, code.familyId)
    throw invalidCode()
  }
  tenant.activity.codes.set(key, { ...code, used: true })
  if (tenant.now() >= code.expiresAt) throw invalidCode()
  if (!isRedirectUri(code, exchange.redirectUri)) {
    throw new OAuthError('invalid_grant', 'redirect_uri is not the one of the request.', 403)
  }
  assertVerifier(code.codeChallenge, exchange.codeVerifier)
  return code
}

/** It is required when it was part of the authorization request. */
// https://auth0.com/docs/api/authentication/authorization-code-flow/get-token
function isRedirectUri(
  { mayOmitRedirectUri, redirectUri }: AuthorizationCode,
  given: string | undefined,
): boolean {
  return given === redirectUri || (given === undefined && mayOmitRedirectUri)
}

/** RFC 9700, section 2.1.1: a verifier without a challenge is refused too. */
function assertVerifier(challenge: string | null, verifier: string | undefined): void {
  if (challenge === null && verifier === undefined) return
  if (challenge !== null && verifier !== undefined && verifierForm.test(verifier)) {
    const computed = createHash('sha256').update(verifier).digest('base64url')
    if (sameSecret(computed, challenge)) return
  }
  throw new OAuthError('invalid_grant', 'Failed to verify code verifier', 403)
}

function invalidCode(): OAuthError {
  return new OAuthError('invalid_grant', 'Invalid authorization code', 403)
}
