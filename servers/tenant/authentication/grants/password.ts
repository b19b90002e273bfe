import type { Context } from 'hono'
import type { TokenServices } from '../../services.ts'
import type { Client, Connection, Tenant } from '../../state.ts'
import { requestedApi } from '../api-access.ts'
import { clientAddress } from '../client-address.ts'
import { databaseNamed } from '../connections.ts'
import { eventRequest } from '../event-request.ts'
import { grantLogin } from '../grant-login.ts'
import { issueTokens, type TokenResponse } from '../issue-tokens.ts'
import type { Authenticated } from '../login-state.ts'
import { OAuthError } from '../oauth-error.ts'
import { refuseOrganization } from '../organization-request.ts'
import { type Parameters, required, words } from '../parameters.ts'
import { logInByPassword, type PasswordLogin } from '../password-login.ts'
import { createRefreshToken } from '../refresh-tokens.ts'
import { newSecret } from '../secrets.ts'
import { textSetting } from '../tenant-settings.ts'
import { apiScopes, userScopes } from '../user-scopes.ts'

export const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm'

/** Both forms: `password` logs in to the tenant's default directory, `password-realm` names one. */
export async function passwordGrant(
  c: Context,
  services: TokenServices,
  client: Client,
  parameters: Parameters,
): Promise<TokenResponse> {
  const { tenant } = services
  refuseOrganization(client, parameters)
  const api = requestedApi(tenant, parameters)
  const requested = words(parameters.scope)
  const allowed = userScopes(tenant, client, api, requested)
  const connection = connectionOf(tenant, client, parameters)
  const who = await authenticate(services, {
    client,
    connection,
    organization: null,
    username: required(parameters, 'username'),
    password: required(parameters, 'password'),
    ip: clientAddress(c, client),
  })
  assertNoSecondFactor(tenant, who)
  const attempt = {
    client,
    connection,
    organization: null,
    who,
    protocol: 'oauth2-password',
    api,
    requestedScopes: requested,
    // Without any scope the application is given all of the API's.
    // https://auth0.com/docs/get-started/authentication-and-authorization-flow/resource-owner-password-flow
    scopes: requested.length > 0 ? allowed : apiScopes(tenant, client, api),
    request: eventRequest(c, tenant, { body: parameters, client }),
    authorization: null,
    transactionId: null,
    session: null,
    refreshToken: null,
  } as const
  const login = await grantLogin(services, attempt, 'password')
  const response = await issueTokens(services, client, login, null)
  if (!login.scopes.includes('offline_access')) return response
  return { ...response, refresh_token: createRefreshToken(tenant, client, login, newSecret()) }
}

/**
 * A user who has enrolled a second factor is asked for it (assumption `enrolled-user-is-asked-for-mfa`).
 * The MFA API that the token is for is not here.
 *
 * @throws {OAuthError} `mfa_required`.
 * @see https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa
 */
function assertNoSecondFactor({ state }: Tenant, { userId }: Authenticated): void {
  const enrolled = state.users.get(userId)?.profile.multifactor
  if (!Array.isArray(enrolled) || enrolled.length === 0) return
  const details = { mfa_token: newSecret() }
  throw new OAuthError('mfa_required', 'Multifactor authentication required', 403, details)
}

function connectionOf(tenant: Tenant, client: Client, parameters: Parameters): Connection {
  const realm =
    parameters.grant_type === passwordRealm
      ? required(parameters, 'realm')
      : textSetting(tenant, 'default_directory')
  if (realm === null) {
    const description = 'Authorization server not configured with default connection.'
    throw new OAuthError('server_error', description, 403)
  }
  const connection = databaseNamed(tenant, client, realm)
  if (connection !== null) return connection
  throw new OAuthError('invalid_request', 'The connection is not enabled for the client.', 403)
}

async function authenticate(services: TokenServices, login: PasswordLogin): Promise<Authenticated> {
  const end = await logInByPassword(services, login)
  switch (end.type) {
    case 'entered':
      return end.who
    case 'wrong':
      throw new OAuthError('invalid_grant', 'Wrong email or password.', 403)
    case 'blocked':
      throw new OAuthError('too_many_attempts', end.description, 429)
    case 'failed':
      throw new OAuthError('access_denied', end.message, 403)
  }
}
