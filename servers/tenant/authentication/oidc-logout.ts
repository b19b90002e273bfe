import type { Context } from 'hono'
import { loggedOutPage } from '../pages/account.ts'
import { logOutPage } from '../pages/log-out.ts'
import type { Tenant } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { type IdTokenHint, readIdTokenHint } from './id-token-hint.ts'
import { allowedLogoutUrls } from './logout.ts'
import { OAuthError } from './oauth-error.ts'
import { bodyParameters, type Parameters, queryParameters } from './parameters.ts'
import { withParameters } from './redirect-uri.ts'
import { isRegistered } from './registered-urls.ts'
import { currentSession, endSession } from './sessions.ts'
import { setting } from './tenant-settings.ts'

/**
 * GET and POST /oidc/logout: ends the session, and asks first where nothing shows that the application
 * knows it. Unlike /v2/logout it ends nothing when it was asked to lead where it may not.
 *
 * @throws {OAuthError} `invalid_request`.
 * @see https://auth0.com/docs/authenticate/login/logout/log-users-out-of-auth0
 */
export async function oidcLogout(c: Context, tenant: Tenant): Promise<Response> {
  const isPost = c.req.method === 'POST'
  const parameters = isPost ? await bodyParameters(c) : queryParameters(c)
  const hint = await hintOf(tenant, parameters)
  const target = targetOf(tenant, hint.clientId, parameters)
  const session = currentSession(c, tenant)
  // Only a page of ours can post this with the session's cookie, which is `SameSite=Lax`.
  const isConfirmed = isPost && parameters.confirmed === 'true'
  if (session !== null && hint.sessionId !== session.id && asks(tenant) && !isConfirmed) {
    return logOutPage(c, parameters, target)
  }
  endSession(c, tenant)
  return target === null ? loggedOutPage(c) : c.redirect(target)
}

/** Whose session is meant, by what the application knows. Hints have to agree. */
async function hintOf(
  tenant: Tenant,
  { client_id: named, id_token_hint: token, logout_hint: session }: Parameters,
): Promise<{ readonly [Member in keyof IdTokenHint]: string | null }> {
  if (token === undefined) return { clientId: named ?? null, sessionId: session ?? null }
  const hint = await readIdTokenHint(tenant, token)
  if (named !== undefined && named !== hint.clientId) throw disagrees('client_id')
  if (session !== undefined && session !== hint.sessionId) throw disagrees('logout_hint')
  return hint
}

function disagrees(name: string): OAuthError {
  return new OAuthError('invalid_request', `${name} is not that of the id_token_hint.`)
}

/** @returns Where to go, with the `state`; null when the application has not said, and has no address. */
function targetOf(tenant: Tenant, clientId: string | null, parameters: Parameters): string | null {
  if (clientId !== null && !tenant.state.clients.has(clientId)) {
    throw new OAuthError('invalid_request', 'Unknown client.')
  }
  const allowed = allowedLogoutUrls(tenant, clientId).flatMap((url) => hrefOf(url) ?? [])
  const asked = parameters.post_logout_redirect_uri
  const wanted = asked === undefined ? (clientId === null ? undefined : allowed[0]) : hrefOf(asked)
  if (wanted === undefined) return null
  if (wanted === null || !isRegistered(allowed, wanted, null)) {
    const description = 'post_logout_redirect_uri is not in the Allowed Logout URLs.'
    throw new OAuthError('invalid_request', description)
  }
  const { state } = parameters
  return state === undefined ? wanted : withParameters(wanted, { state })
}

/** Query and all: it has to be registered with it. Protocol and host in lower case. */
function hrefOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).href : null
}

function asks(tenant: Tenant): boolean {
  const sessions = setting(tenant, 'sessions')
  return !isObject(sessions) || sessions.oidc_logout_prompt_enabled !== false
}

/** Whether discovery names the endpoint; of tenants since 2023-11-14 it does. */
export function namesEndSession(tenant: Tenant): boolean {
  const settings = setting(tenant, 'oidc_logout')
  return !isObject(settings) || settings.rp_logout_end_session_endpoint_discovery !== false
}
