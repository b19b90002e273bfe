import type { Context } from 'hono'
import type { TokenServices } from '../../services.ts'
import type { Client, ResourceServer, Tenant } from '../../state.ts'
import { isObject } from '../../users/metadata.ts'
import { apiOf } from '../api-access.ts'
import { eventRequest } from '../event-request.ts'
import { grantLogin } from '../grant-login.ts'
import { issueTokens, type TokenResponse } from '../issue-tokens.ts'
import type { RefreshToken } from '../login-state.ts'
import { OAuthError } from '../oauth-error.ts'
import { organizationOf } from '../organization-request.ts'
import { type Parameters, required, words } from '../parameters.ts'
import { exchangeRefreshToken, findRefreshToken } from '../refresh-tokens.ts'
import { userScopes } from '../user-scopes.ts'

/** Actions run here as at a login; a token that they deny is not rotated. */
export async function refreshTokenGrant(
  c: Context,
  services: TokenServices,
  client: Client,
  parameters: Parameters,
): Promise<TokenResponse> {
  const { tenant } = services
  const secret = required(parameters, 'refresh_token')
  const token = findRefreshToken(tenant, client, secret)
  const connection = tenant.state.connections.get(token.connectionId)
  if (connection === undefined) {
    throw new OAuthError('invalid_grant', 'The connection does not exist.', 403)
  }
  const target = targetOf(tenant, client, token, parameters)
  const asked = words(parameters.scope)
  const requestedScopes = asked.length > 0 ? asked : target.scopes
  const allowed = userScopes(tenant, client, target.api, target.scopes)
  const attempt = {
    client,
    connection,
    organization: organizationOf(tenant, token.organizationId),
    who: token,
    protocol: 'oauth2-refresh-token',
    api: target.api,
    requestedScopes,
    scopes: requestedScopes.filter((scope) => allowed.includes(scope)),
    request: eventRequest(c, tenant, { body: parameters }),
    authorization: null,
    transactionId: null,
    session: sessionOf(tenant, token),
    refreshToken: token,
  } as const
  const login = await grantLogin(services, attempt, null)
  const next = exchangeRefreshToken(tenant, client, secret)
  return issueTokens(services, client, { ...login, sessionId: token.sessionId }, next)
}

interface Target {
  readonly api: ResourceServer | null
  readonly scopes: readonly string[]
}

/**
 * What the token was given for, or another API that the application's refresh token policies name;
 * an audience that they do not name is ignored.
 *
 * @see https://auth0.com/docs/secure/tokens/refresh-tokens/multi-resource-refresh-token
 */
function targetOf(
  tenant: Tenant,
  client: Client,
  token: RefreshToken,
  { audience }: Parameters,
): Target {
  const policies = isObject(client.refresh_token) ? client.refresh_token.policies : undefined
  const policy = (Array.isArray(policies) ? policies : []).find(
    (one) => isObject(one) && one.audience === audience,
  )
  if (audience === undefined || audience === token.audience || !isObject(policy)) {
    return { api: apiOf(tenant, token.audience), scopes: token.scopes }
  }
  const added = Array.isArray(policy.scope) ? policy.scope.map(String) : []
  return { api: apiOf(tenant, audience), scopes: [...new Set([...token.scopes, ...added])] }
}

function sessionOf({ activity }: Tenant, { sessionId }: RefreshToken) {
  return [...activity.sessions.values()].find(({ id }) => id === sessionId) ?? null
}
