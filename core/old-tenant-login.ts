import type { HttpRequest, HttpResponse } from './http-message.ts'
import { type LegacyAnswer, type Outage, parseJson, unavailable } from './legacy-answer.ts'
import { isPlainObject } from './plain-object.ts'
import type { LegacyApiSettings } from './settings.ts'

/**
 * The grant by which a password is held against one connection.
 *
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/resource-owner-password-flow
 */
const grantType = 'http://auth0.com/oauth/grant-type/password-realm'

/** POST /oauth/token. Not to be repeated: each counts as a try of the user's. */
export function passwordRealmRequest(
  { tokenUrl, clientId, credential, connection }: LegacyApiSettings,
  username: string,
  password: string,
): HttpRequest {
  const body = {
    grant_type: grantType,
    client_id: clientId,
    client_secret: credential,
    realm: connection,
    scope: 'openid',
    username,
    password,
  }
  return {
    method: 'POST',
    url: tokenUrl,
    contentType: 'application/json',
    body: JSON.stringify(body),
  }
}

export type PasswordAnswer = LegacyAnswer | { readonly type: 'id-token'; readonly idToken: string }

/**
 * Reads the answer. Only `invalid_grant` is the user's wrong password: everything else is something to
 * be mended, and says what.
 *
 * @see https://auth0.com/docs/api/authentication/resource-owner-password-flow/get-token
 */
export function processPasswordResponse({ status, body }: HttpResponse): PasswordAnswer {
  const answer = parseJson(body)
  const { id_token, error, error_description } = isPlainObject(answer) ? answer : {}
  if (status === 200) {
    if (typeof id_token === 'string' && id_token !== '')
      return { type: 'id-token', idToken: id_token }
    return { type: 'outage', code: 'id_token_invalid', status }
  }
  // A redirect, a gateway and a limit know nothing of a password, whatever they say.
  const isRefusal =
    (status >= 400 && status <= 403) || (status === 429 && error === 'too_many_attempts')
  if (!isRefusal) return { ...unavailable, status }
  // Not what a gateway says for itself.
  if (typeof error !== 'string') return { ...unavailable, status }
  return refusal(error, String(error_description), status)
}

function refusal(error: string, description: string, status: number): LegacyAnswer {
  switch (error) {
    case 'invalid_grant':
      return { type: 'problem', problem: 'invalid-credentials' }
    case 'mfa_required':
      return { type: 'outage', code: 'old_tenant_needs_mfa' }
    case 'password_leaked':
      return { type: 'outage', code: 'old_tenant_password_leaked' }
    case 'too_many_attempts':
      return { type: 'outage', code: 'old_tenant_too_many_attempts', status }
    case 'unauthorized':
      // A Rule may answer with this error too, in its own words.
      if (/blocked/i.test(description)) return { type: 'problem', problem: 'blocked' }
      break
    case 'unauthorized_client':
      return { type: 'outage', code: 'old_tenant_grant_missing', status }
    case 'access_denied':
    case 'invalid_client':
      // Auth0 says the first of a wrong secret and of a login that an Action denied: the status tells.
      if (status === 401) return invalidApplication
      break
    case 'invalid_request':
      // The one thing in the request that is not ours to get right.
      if (/connection|realm|strategy/i.test(description)) return invalidConnection
  }
  // Denied, sent to another page, asked for consent, taken for a bot: about this login, and no outage of
  // the tenant, which would stop everybody else's.
  return { type: 'outage', code: 'old_tenant_denied', status }
}

/** There is no such connection, or it is not enabled for the application. */
export const invalidConnection: Outage = {
  type: 'outage',
  code: 'setting_invalid',
  settings: ['OLD_TENANT_CONNECTION'],
}

/** The old tenant knows no such application, or another secret of it. */
export const invalidApplication: Outage = {
  type: 'outage',
  code: 'setting_invalid',
  settings: ['OLD_TENANT_CLIENT_ID', 'OLD_TENANT_CLIENT_SECRET'],
}
