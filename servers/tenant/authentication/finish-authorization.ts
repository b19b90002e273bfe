import type { Context } from 'hono'
import type { Services } from '../services.ts'
import type { Client, Connection, Tenant } from '../state.ts'
import { apiOf } from './api-access.ts'
import {
  type AuthorizationResponse,
  codeResponse,
  errorResponse,
} from './authorization-response.ts'
import { createCode } from './codes.ts'
import { type Asked, eventRequest } from './event-request.ts'
import { runLogin } from './grant-login.ts'
import type { AuthorizationRequest, GrantedLogin, Session, SuspendedLogin } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { organizationOf } from './organization-request.ts'
import type { LoginAttempt } from './post-login-event.ts'
import { keepSession, startSession } from './sessions.ts'
import { suspendLogin } from './suspended-logins.ts'
import { userScopes } from './user-scopes.ts'

export interface Authorization {
  readonly client: Client
  readonly connection: Connection
  readonly request: AuthorizationRequest
  readonly session: Session
  /** False when the session was there before the login. */
  readonly startsSession: boolean
  readonly transactionId: string | null
}

/** A login that comes back from where an Action sent it, and what it brings. */
interface Continuation {
  readonly suspended: SuspendedLogin
  readonly asked: Asked
}

/** What to answer the browser: to the application with a code or an error, or where an Action says. */
export type AuthorizationEnd =
  | { readonly type: 'granted' | 'refused'; readonly response: AuthorizationResponse }
  | { readonly type: 'suspended'; readonly location: string }

/**
 * The Actions of a browser login, and then its code: on the login page, by single sign-on and
 * silently alike.
 */
export async function finishAuthorization(
  c: Context,
  services: Services,
  authorization: Authorization,
  continuation?: Continuation,
): Promise<AuthorizationEnd> {
  const { request } = authorization
  try {
    const asked = continuation?.asked ?? { query: request.query }
    const attempt = attemptOf(c, services.tenant, authorization, asked)
    const end = await runLogin(services, attempt, null, continuation?.suspended.outcome)
    if (end.type === 'suspended') {
      const location = suspendLogin(c, services.tenant, authorization, end)
      return { type: 'suspended', location }
    }
    settleSession(c, services.tenant, authorization, end.login)
    const code = createCode(services.tenant, end.login, request)
    return { type: 'granted', response: codeResponse(request, code) }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return { type: 'refused', response: errorResponse(request, error) }
  }
}

function attemptOf(
  c: Context,
  tenant: Tenant,
  { client, connection, request, session, transactionId }: Authorization,
  asked: Asked,
): LoginAttempt {
  const api = apiOf(tenant, request.audience)
  return {
    client,
    connection,
    organization: organizationOf(tenant, request.organizationId),
    who: session,
    protocol: 'oidc-basic-profile',
    api,
    requestedScopes: request.scopes,
    scopes: userScopes(tenant, client, api, request.scopes),
    request: eventRequest(c, tenant, asked),
    authorization: request,
    transactionId,
    session,
    refreshToken: null,
  }
}

/** The session is the one of whom the tokens are for, with the methods that Actions recorded. */
function settleSession(
  c: Context,
  tenant: Tenant,
  { session, startsSession }: Authorization,
  { methods, userId }: GrantedLogin,
): void {
  const settled = { ...session, methods, userId }
  if (startsSession) startSession(c, tenant, settled)
  else keepSession(c, tenant, settled)
}
