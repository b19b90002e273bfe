import type { Client, JsonObject, Tenant } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { log } from '../users/tenant-log.ts'
import type { GrantedLogin, RefreshToken } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { digest, newSecret } from './secrets.ts'

/** Seconds. https://auth0.com/docs/secure/tokens/refresh-tokens/configure-refresh-token-expiration */
const defaultLifetime = 2_592_000
const defaultIdleLifetime = 1_296_000

/** The first token of a family. @returns The secret; the tenant keeps its digest only. */
export function createRefreshToken(
  tenant: Tenant,
  client: Client,
  login: GrantedLogin,
  familyId: string,
): string {
  const settings = settingsOf(client)
  const now = tenant.now()
  return keep(tenant, {
    userId: login.userId,
    connectionId: login.connectionId,
    methods: login.methods,
    authenticatedAt: login.authenticatedAt,
    id: newSecret(),
    familyId,
    clientId: login.clientId,
    audience: login.audience,
    scopes: login.scopes,
    sessionId: login.sessionId,
    organizationId: login.organizationId,
    createdAt: now,
    lastExchangedAt: null,
    expiresAt: deadline(settings, now, 'token_lifetime', defaultLifetime),
    idleExpiresAt: deadline(settings, now, 'idle_token_lifetime', defaultIdleLifetime),
    rotatedAt: null,
  })
}

/**
 * Finds the token that a client presents. One that was rotated out, presented after the leeway,
 * ends its whole family.
 *
 * @throws {OAuthError} `invalid_grant`, 403.
 * @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-rotation
 */
export function findRefreshToken(tenant: Tenant, client: Client, secret: string): RefreshToken {
  const token = tenant.activity.refreshTokens.get(digest(secret))
  if (token === undefined || token.clientId !== client.client_id) throw unknownToken()
  const now = tenant.now()
  const { expiresAt, idleExpiresAt, rotatedAt } = token
  if (expiresAt !== null && now >= expiresAt) throw unknownToken()
  if (idleExpiresAt !== null && now >= idleExpiresAt) throw unknownToken()
  const leeway = numberOf(settingsOf(client), 'leeway', 0) * 1000
  if (rotatedAt === null || now < rotatedAt + leeway) return token
  revokeFamily(tenant, token.familyId)
  log(tenant, {
    type: 'ferrt',
    client_id: client.client_id,
    user_id: token.userId,
    description: 'A rotated-out refresh token was used again; its family is revoked.',
  })
  throw unknownToken()
}

/**
 * Notes an exchange and, where the client rotates, replaces the token.
 *
 * @returns The secret of the next token; null when the presented one stays.
 * @throws {OAuthError} `invalid_grant` when the token was revoked, or rotated by another exchange.
 */
export function exchangeRefreshToken(
  tenant: Tenant,
  client: Client,
  secret: string,
): string | null {
  const token = findRefreshToken(tenant, client, secret)
  const settings = settingsOf(client)
  const now = tenant.now()
  const idleExpiresAt = deadline(settings, now, 'idle_token_lifetime', defaultIdleLifetime)
  const exchanged = { ...token, lastExchangedAt: now, idleExpiresAt }
  if (settings.rotation_type !== 'rotating') {
    tenant.activity.refreshTokens.set(digest(secret), exchanged)
    return null
  }
  const rotatedAt = token.rotatedAt ?? now
  tenant.activity.refreshTokens.set(digest(secret), { ...token, rotatedAt })
  return keep(tenant, { ...exchanged, id: newSecret(), rotatedAt: null })
}

export function revokeFamily({ activity }: Tenant, familyId: string): void {
  for (const [key, token] of activity.refreshTokens) {
    if (token.familyId === familyId) activity.refreshTokens.delete(key)
  }
}

function keep({ activity }: Tenant, token: RefreshToken): string {
  const secret = newSecret()
  activity.refreshTokens.set(digest(secret), token)
  return secret
}

function unknownToken(): OAuthError {
  return new OAuthError('invalid_grant', 'Unknown or invalid refresh token.', 403)
}

function settingsOf(client: Client): JsonObject {
  return isObject(client.refresh_token) ? client.refresh_token : {}
}

function deadline(
  settings: JsonObject,
  now: number,
  name: 'idle_token_lifetime' | 'token_lifetime',
  fallback: number,
): number | null {
  if (settings.expiration_type !== 'expiring') return null
  if (settings[`infinite_${name}`] === true) return null
  return now + numberOf(settings, name, fallback) * 1000
}

function numberOf(settings: JsonObject, name: string, fallback: number): number {
  const value = settings[name]
  return typeof value === 'number' ? value : fallback
}
