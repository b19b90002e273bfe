import type { TokenServices } from '../../services.ts'
import type { Client } from '../../state.ts'
import { requestedApi, scopeCeiling } from '../api-access.ts'
import { isPublic } from '../authenticate-client.ts'
import type { TokenResponse } from '../issue-tokens.ts'
import { OAuthError } from '../oauth-error.ts'
import { refuseOrganization } from '../organization-request.ts'
import { type Parameters, words } from '../parameters.ts'
import { newSecret } from '../secrets.ts'

/**
 * A machine's token: no user, no post-login. Without `scope` it has all that the client grant has.
 *
 * @throws {OAuthError} `access_denied` without audience, grant, or for a scope above the grant.
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow
 */
export async function clientCredentialsGrant(
  { tenant, keys }: TokenServices,
  client: Client,
  parameters: Parameters,
): Promise<TokenResponse> {
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
  const requested = words(parameters.scope)
  const above = requested.filter((name) => !granted.includes(name))
  if (above.length > 0) {
    const description = `Client has not been granted scopes: ${above.join(', ')}`
    throw new OAuthError('access_denied', description, 403)
  }
  const scope = (requested.length > 0 ? requested : granted).join(' ')
  const clientId = client.client_id
  const access_token = await keys.sign(
    {
      iss: tenant.issuer,
      sub: `${clientId}@clients`,
      aud: api.identifier,
      azp: clientId,
      gty: 'client-credentials',
      jti: newSecret(),
      ...(scope !== '' && { scope }),
    },
    { now: tenant.now(), lifetime: api.token_lifetime },
  )
  return { access_token, scope, expires_in: api.token_lifetime, token_type: 'Bearer' }
}
