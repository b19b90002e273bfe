import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import { log } from '../users/tenant-log.ts'
import { authenticateClient } from './authenticate-client.ts'
import { bodyParameters, required } from './parameters.ts'
import { revokeFamily } from './refresh-tokens.ts'
import { digest } from './secrets.ts'

/**
 * POST /oauth/revoke: ends a refresh token and those that rotation made of it (assumption
 * `revocation-ends-rotated-tokens`). A token that is none,
 * or another application's, is no error: RFC 7009, section 2.2.
 *
 * @see https://auth0.com/docs/secure/tokens/refresh-tokens/revoke-refresh-tokens
 */
export async function revoke(c: Context, tenant: Tenant): Promise<Response> {
  const parameters = await bodyParameters(c)
  const client = await authenticateClient(tenant, c.req.header('authorization'), parameters)
  const token = tenant.activity.refreshTokens.get(digest(required(parameters, 'token')))
  if (token !== undefined && token.clientId === client.client_id) {
    revokeFamily(tenant, token.familyId)
    log(tenant, { type: 'srrt', client_id: client.client_id, user_id: token.userId })
  }
  return c.body(null, 200)
}
