import type { Context } from 'hono'
import type { Services } from '../services.ts'
import type { Client, Connection, Tenant } from '../state.ts'
import { organizationConnection } from '../users/organizations.ts'
import { log } from '../users/tenant-log.ts'
import { authorizationRequest, type ReturnAddress, returnAddress } from './authorization-request.ts'
import { errorResponse, respond } from './authorization-response.ts'
import { isEnabled } from './connections.ts'
import { finishAuthorization } from './finish-authorization.ts'
import type { AuthorizationRequest, Session } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { organizationOf } from './organization-request.ts'
import { bodyParameters, type Parameters, queryParameters } from './parameters.ts'
import { currentSession, touchSession } from './sessions.ts'
import { openTransaction } from './transactions.ts'

/**
 * GET and POST /authorize.
 *
 * @throws {OAuthError} When there is no address that the error may be sent to.
 */
export async function authorize(c: Context, services: Services): Promise<Response> {
  const parameters = c.req.method === 'POST' ? await bodyParameters(c) : queryParameters(c)
  const address = returnAddress(services.tenant, parameters)
  return next(c, services, address, parameters)
}

async function next(
  c: Context,
  services: Services,
  address: ReturnAddress,
  parameters: Parameters,
): Promise<Response> {
  try {
    const request = authorizationRequest(services.tenant, address, parameters)
    return await singleSignOn(c, services, address, request)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return respond(c, services.tenant, errorResponse(address, error))
  }
}

/** With a session no page is shown, but the Actions run; `prompt=none` is that or nothing. */
async function singleSignOn(
  c: Context,
  services: Services,
  { client }: ReturnAddress,
  request: AuthorizationRequest,
): Promise<Response> {
  const { tenant } = services
  const session = currentSession(c, tenant)
  const connection = tenant.state.connections.get(session?.connectionId ?? '')
  const silent = request.prompt.includes('none')
  if (session !== null && connection !== undefined && suffices(tenant, session, request)) {
    if (takes(client, request, connection) && admits(tenant, request, connection)) {
      touchSession(c, tenant, session, client.client_id)
      const login = { client, connection, request, session, transactionId: null }
      const end = await finishAuthorization(c, services, { ...login, startsSession: false })
      const type = end.type === 'granted' ? 'ssa' : 'fsa'
      if (silent) log(tenant, { type, client_id: client.client_id })
      return end.type === 'suspended' ? c.redirect(end.location) : respond(c, tenant, end.response)
    }
  }
  if (silent) throw new OAuthError('login_required', 'Login required')
  // https://auth0.com/docs/authenticate/login/auth0-universal-login/universal-login-vs-classic-login/universal-experience
  const page = request.query.screen_hint === 'signup' ? 'signup' : 'login'
  return c.redirect(`/u/${page}?state=${openTransaction(c, tenant, request)}`)
}

/**
 * Whether the application logs in whoever has a session of that connection: not when it asks for
 * another one, and never when single sign-on is switched off for it.
 */
// https://community.auth0.com/t/disable-seamless-sso-between-applications/119474
// https://auth0.com/docs/sso/legacy/regular-web-apps-sso
function takes(client: Client, request: AuthorizationRequest, connection: Connection): boolean {
  if (client.sso_disabled === true || !isEnabled(connection, client)) return false
  return request.connection === null || request.connection === connection.name
}

/** Whether the organization that the login is for, if any, takes people of that connection. */
function admits(
  tenant: Tenant,
  { organizationId }: AuthorizationRequest,
  { id }: Connection,
): boolean {
  const organization = organizationOf(tenant, organizationId)
  return organization === null || organizationConnection(organization, id) !== undefined
}

function suffices(tenant: Tenant, session: Session, request: AuthorizationRequest): boolean {
  if (!tenant.state.users.has(session.userId)) return false
  if (request.prompt.includes('login') || request.prompt.includes('select_account')) return false
  const { maxAge } = request
  if (maxAge === null) return true
  // 0 is as prompt=login: https://auth0.com/docs/authenticate/login/max-age-reauthentication
  return maxAge > 0 && tenant.now() - session.authenticatedAt <= maxAge * 1000
}
