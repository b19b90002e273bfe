import type { Context } from 'hono'
import type { TokenServices } from '../../services.ts'
import type { Client, JsonObject } from '../../state.ts'
import { requestedApi, scopeCeiling } from '../api-access.ts'
import { signApiToken } from '../api-token.ts'
import { isPublic } from '../authenticate-client.ts'
import type { TokenResponse } from '../issue-tokens.ts'
import { OAuthError } from '../oauth-error.ts'
import { refuseOrganization } from '../organization-request.ts'
import { type Parameters, words } from '../parameters.ts'
import { type Exchange, runExchangeActions } from '../run-exchange-actions.ts'
import { newSecret } from '../secrets.ts'

/**
 * A machine's token: no user, no post-login. Without `scope` it has all that the client grant has.
 *
 * @throws {OAuthError} `access_denied` without audience, grant, or for a scope above the grant.
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow
 */
export async function clientCredentialsGrant(
  c: Context,
  services: TokenServices,
  client: Client,
  parameters: Parameters,
): Promise<TokenResponse> {
  const { tenant } = services
  const exchange = exchangeOf(services, client, parameters)
  const outcome = await runExchangeActions(c, services, exchange)
  const { api, granted, scopes } = exchange
  const target = outcome?.targetScopes?.filter((name) => granted.includes(name)) ?? scopes
  const scope = target.join(' ')
  const clientId = client.client_id
  const facts = { clientId, grantType: 'client-credentials', permissions: () => target }
  const { scope: _, ...custom } = (outcome?.accessTokenClaims ?? {}) as JsonObject
  const access_token = await signApiToken(services, api, facts, {
    ...custom,
    iss: tenant.issuer,
    sub: `${clientId}@clients`,
    aud: api.identifier,
    jti: newSecret(),
    ...(scope !== '' && { scope }),
  })
  return { access_token, scope, expires_in: api.token_lifetime, token_type: 'Bearer' }
}

function exchangeOf(
  { tenant }: TokenServices,
  client: Client,
  parameters: Parameters,
): Exchange & { readonly granted: readonly string[] } {
  if (isPublic(client)) {
    const description = 'A public application has no client credentials.'
    throw new OAuthError('unauthorized_client', description, 403)
  }
  refuseOrganization(client, parameters)
  const api = requestedApi(tenant, parameters)
  if (api === null) {
    const description =
      'No audience parameter was provided, and no default audience has been configured'
    throw new OAuthError('access_denied', description, 403)
  }
  const granted = scopeCeiling(tenant, client, api, 'client') ?? []
  const requestedScopes = words(parameters.scope)
  const above = requestedScopes.filter((name) => !granted.includes(name))
  if (above.length > 0) {
    const description = `Client has not been granted scopes: ${above.join(', ')}`
    throw new OAuthError('access_denied', description, 403)
  }
  const scopes = requestedScopes.length > 0 ? requestedScopes : granted
  return { client, api, granted, requestedScopes, scopes, parameters }
}
