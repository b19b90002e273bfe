import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import { OAuthError } from './oauth-error.ts'
import { queryParameters } from './parameters.ts'
import { endSession } from './sessions.ts'
import { listSetting } from './tenant-settings.ts'

/**
 * GET /v2/logout: ends the session, then goes where the application or the tenant lets it.
 *
 * @throws {OAuthError} `invalid_request` for another address; the session is over all the same.
 * @see https://auth0.com/docs/authenticate/login/logout
 */
export function logout(c: Context, tenant: Tenant): Response {
  const { client_id: clientId, returnTo } = queryParameters(c)
  endSession(c, tenant)
  if (returnTo === undefined) return c.text('OK')
  const client = tenant.state.clients.get(clientId ?? '')
  const allowed =
    clientId === undefined
      ? listSetting(tenant, 'allowed_logout_urls')
      : client?.allowed_logout_urls
  if (Array.isArray(allowed) && allowed.includes(returnTo)) return c.redirect(returnTo)
  throw new OAuthError('invalid_request', 'returnTo is not in the Allowed Logout URLs.')
}
