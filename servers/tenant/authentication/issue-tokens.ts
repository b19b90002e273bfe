import type { TokenServices } from '../services.ts'
import type { Client, ResourceServer, Tenant } from '../state.ts'
import { permissionsAtLogin } from '../users/permissions.ts'
import { apiOf, scopeCeiling, userinfoAudience } from './api-access.ts'
import { apiSignature, signApiToken } from './api-token.ts'
import { activeUser } from './grant-login.ts'
import { signIdToken } from './id-token.ts'
import type { GrantedLogin } from './login-state.ts'
import { organizationClaims } from './organization-request.ts'
import { digest, newSecret } from './secrets.ts'

/** What the token endpoint answers. Members are OAuth's. */
export interface TokenResponse {
  readonly access_token: string
  readonly id_token?: string
  readonly refresh_token?: string
  readonly scope: string
  /** Seconds. */
  readonly expires_in: number
  readonly token_type: 'Bearer'
}

/** Seconds, where there is no API. https://auth0.com/docs/secure/tokens */
const apiTokenLifetime = 86_400

/**
 * The tokens of a login whose Actions have run. Whether the application may have a person's token
 * for the API is asked here once more, so that no grant type can go round it.
 *
 * @throws {OAuthError} `access_denied` when the API is closed to people or gone, and as `activeUser`.
 */
export async function issueTokens(
  services: TokenServices,
  client: Client,
  login: GrantedLogin,
  refreshToken: string | null,
): Promise<TokenResponse> {
  const { tenant } = services
  const user = activeUser(tenant, login.userId)
  const api = apiOf(tenant, login.audience)
  if (api !== null) scopeCeiling(tenant, client, api, 'user')
  const lifetime = api?.token_lifetime ?? apiTokenLifetime
  const access = await accessToken(services, api, login, lifetime)
  const openid = login.scopes.includes('openid')
  return {
    access_token: access,
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...(openid && { id_token: await signIdToken(services, client, login, user) }),
    scope: login.scopes.join(' '),
    expires_in: lifetime,
    token_type: 'Bearer',
  }
}

/** A JWT for an API; opaque when there is none, and good for `/userinfo` alone. */
async function accessToken(
  services: TokenServices,
  api: ResourceServer | null,
  login: GrantedLogin,
  lifetime: number,
): Promise<string> {
  const { tenant } = services
  const openid = login.scopes.includes('openid')
  if (api === null) {
    const opaque = newSecret()
    keepUserinfoGrant(tenant, digest(opaque), login, lifetime)
    return opaque
  }
  const jti = newSecret()
  // https://auth0.com/docs/secure/tokens/access-tokens/get-access-tokens: two audiences take RS256.
  const forUserinfo = openid && apiSignature(api).alg === 'RS256'
  if (forUserinfo) keepUserinfoGrant(tenant, jti, login, lifetime)
  const { clientId, grantType, organizationId } = login
  const permissions = () => permissionsAtLogin(tenant, organizationId, login.userId, api)
  const facts = { clientId, grantType, permissions }
  const scope = login.scopes.join(' ')
  return signApiToken(services, api, facts, {
    ...login.accessTokenClaims,
    iss: tenant.issuer,
    sub: login.userId,
    aud: forUserinfo ? [api.identifier, userinfoAudience(tenant)] : api.identifier,
    ...(scope !== '' && { scope }),
    jti,
    ...organizationClaims(tenant, login.organizationId),
  })
}

function keepUserinfoGrant(
  { activity, now }: Tenant,
  key: string,
  { userId, scopes, idTokenClaims }: GrantedLogin,
  lifetime: number,
): void {
  // The oldest come first: what is over goes, so that the map does not grow for ever.
  for (const [old, { expiresAt }] of activity.userinfoGrants) {
    if (expiresAt > now()) break
    activity.userinfoGrants.delete(old)
  }
  const expiresAt = now() + lifetime * 1000
  activity.userinfoGrants.set(key, { userId, scopes, idTokenClaims, expiresAt })
}
