import type { Context } from 'hono'
import type { Services } from '../services.ts'
import type { Client, Connection } from '../state.ts'
import { apiOf } from './api-access.ts'
import { createCode } from './codes.ts'
import { eventRequest } from './event-request.ts'
import { grantLogin } from './grant-login.ts'
import type { AuthorizationRequest, Session } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { withParameters } from './redirect-uri.ts'
import { userScopes } from './user-scopes.ts'

interface Authorization {
  readonly client: Client
  readonly connection: Connection
  readonly request: AuthorizationRequest
  readonly session: Session
  readonly transactionId: string | null
}

/**
 * The Actions of a browser login, and then its code: on the login page, by single sign-on and
 * silently alike.
 *
 * @returns Where to send the browser; `granted` is false when that is an error.
 */
export async function finishAuthorization(
  c: Context,
  services: Services,
  { client, connection, request, session, transactionId }: Authorization,
): Promise<{ readonly granted: boolean; readonly location: string }> {
  const { tenant } = services
  try {
    const api = apiOf(tenant, request.audience)
    const attempt = {
      client,
      connection,
      who: session,
      protocol: 'oidc-basic-profile',
      api,
      requestedScopes: request.scopes,
      scopes: userScopes(tenant, client, api, request.scopes),
      request: eventRequest(c, tenant, { query: request.query }),
      authorization: request,
      transactionId,
      session,
      refreshToken: null,
    } as const
    const login = await grantLogin(services, attempt, null)
    const code = createCode(tenant, login, request.redirectUri, request.codeChallenge)
    const { redirectUri, state } = request
    return { granted: true, location: withParameters(redirectUri, { code, state }) }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return { granted: false, location: errorLocation(request.redirectUri, request.state, error) }
  }
}

/** Where the application learns of an error. */
export function errorLocation(
  redirectUri: string,
  state: string | null,
  { code, description }: OAuthError,
): string {
  return withParameters(redirectUri, { error: code, error_description: description, state })
}
