import type { Context } from 'hono'
import type { Services } from '../services.ts'
import { respond } from './authorization-response.ts'
import { finishAuthorization } from './finish-authorization.ts'
import { OAuthError } from './oauth-error.ts'
import { bodyParameters, queryParameters } from './parameters.ts'
import { takeSuspendedLogin } from './suspended-logins.ts'

/**
 * GET and POST /continue: goes on with a login in the Action that sent the browser elsewhere.
 *
 * @throws {OAuthError} `invalid_request` when no login of this browser waits with that `state`.
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export async function continueLogin(c: Context, services: Services): Promise<Response> {
  const { tenant } = services
  const query = queryParameters(c)
  const body = c.req.method === 'POST' ? await bodyParameters(c) : {}
  const suspended = takeSuspendedLogin(c, tenant, query.state ?? body.state)
  const client = tenant.state.clients.get(suspended?.request.clientId ?? '')
  const connection = tenant.state.connections.get(suspended?.connectionId ?? '')
  if (suspended === null || client === undefined || connection === undefined) {
    const description = 'There is no login to go on with. Go back to the application and log in.'
    throw new OAuthError('invalid_request', description)
  }
  const continuation = { suspended, asked: { query, body } }
  const authorization = { ...suspended, client, connection }
  const end = await finishAuthorization(c, services, authorization, continuation)
  return end.type === 'suspended' ? c.redirect(end.location) : respond(c, tenant, end.response)
}
