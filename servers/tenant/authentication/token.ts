import type { Context } from 'hono'
import type { TokenServices } from '../services.ts'
import type { Client } from '../state.ts'
import { log } from '../users/tenant-log.ts'
import { assertGrantType, authenticateClient } from './authenticate-client.ts'
import { authorizationCodeGrant } from './grants/authorization-code.ts'
import { clientCredentialsGrant } from './grants/client-credentials.ts'
import { passwordGrant, passwordRealm } from './grants/password.ts'
import { refreshTokenGrant } from './grants/refresh-token.ts'
import type { TokenResponse } from './issue-tokens.ts'
import { OAuthError } from './oauth-error.ts'
import { bodyParameters, type Parameters, required } from './parameters.ts'
import { assertPlainTokens } from './requirements.ts'

type Grant = (
  c: Context,
  services: TokenServices,
  client: Client,
  parameters: Parameters,
) => Promise<TokenResponse>

/** By `grant_type`, with the log codes of success and failure. */
const grants = new Map<string, readonly [grant: Grant, success: string, failure: string]>([
  ['authorization_code', [(_, ...rest) => authorizationCodeGrant(...rest), 'seacft', 'feacft']],
  ['client_credentials', [clientCredentialsGrant, 'seccft', 'feccft']],
  ['password', [passwordGrant, 'sepft', 'fepft']],
  [passwordRealm, [passwordGrant, 'sepft', 'fepft']],
  ['refresh_token', [refreshTokenGrant, 'sertft', 'fertft']],
])

/** POST /oauth/token. */
export async function token(c: Context, services: TokenServices): Promise<Response> {
  const { tenant } = services
  const parameters = await bodyParameters(c)
  const grantType = required(parameters, 'grant_type')
  const known = grants.get(grantType)
  if (known === undefined) {
    throw new OAuthError('unsupported_grant_type', `Unsupported grant type: ${grantType}`, 403)
  }
  const [grant, success, failure] = known
  const client = await authenticateClient(tenant, c.req.header('authorization'), parameters)
  const client_id = client.client_id
  try {
    assertGrantType(client, grantType)
    assertPlainTokens(client, null)
    const response = await grant(c, services, client, parameters)
    log(tenant, { type: success, client_id })
    return c.json(response, 200, { 'cache-control': 'no-store', pragma: 'no-cache' })
  } catch (error) {
    log(tenant, { type: failure, client_id })
    throw error
  }
}
