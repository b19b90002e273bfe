import type { Client, Tenant } from '../state.ts'
import { originsOf } from './allowed-origins.ts'
import { requestedApi } from './api-access.ts'
import { assertGrantType, isPublic } from './authenticate-client.ts'
import { type Recipient, type ResponseMode, responseModes } from './authorization-response.ts'
import type { AuthorizationRequest } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { requestedOrganization } from './organization-request.ts'
import { type Parameters, required, words } from './parameters.ts'
import { isRegistered } from './registered-urls.ts'
import { assertPlainRequest } from './requirements.ts'
import { userScopes } from './user-scopes.ts'
import { assertVerifiable } from './verifiable-callback.ts'

/** Where an answer may be sent. Until this is known, errors are shown and never redirected. */
export interface ReturnAddress extends Recipient {
  readonly client: Client
}

/** RFC 7636, section 4.2: SHA-256 in base64url. */
const challengeForm = /^[A-Za-z0-9_-]{43}$/

/**
 * @returns The application, and a redirect URI that is one of its own.
 * @throws {OAuthError} `invalid_request` or `unauthorized_client`; show it, do not redirect it.
 */
export function returnAddress(tenant: Tenant, parameters: Parameters): ReturnAddress {
  const client = tenant.state.clients.get(required(parameters, 'client_id'))
  if (client === undefined) throw new OAuthError('invalid_request', 'Unknown client.', 403)
  const callbacks = client.callbacks ?? []
  const redirectUri = parameters.redirect_uri ?? callbacks[0]
  const organizationName = organizationNameOf(tenant, client, parameters)
  if (redirectUri === undefined || !isRegistered(callbacks, redirectUri, organizationName)) {
    const description =
      'Callback URL mismatch. The redirect_uri is not in the Allowed Callback URLs.'
    throw new OAuthError('unauthorized_client', description, 403)
  }
  const responseMode = responseModeOf(parameters) ?? 'query'
  if (responseMode === 'web_message') assertWebOrigin(client, redirectUri)
  return { client, redirectUri, responseMode, state: parameters.state ?? null }
}

function responseModeOf({ response_mode: asked }: Parameters): ResponseMode | undefined {
  return responseModes.find((mode) => mode === asked)
}

/** Nothing is told to a window whose origin the application does not name. */
function assertWebOrigin(client: Client, redirectUri: string): void {
  const { origin } = new URL(redirectUri)
  if (isRegistered(originsOf(client.web_origins), origin, null)) return
  const description = 'The origin of the redirect_uri is not in the Allowed Web Origins.'
  throw new OAuthError('invalid_request', description, 403)
}

/** What `{organization_name}` stands for: nothing where the application may not ask for it so. */
function organizationNameOf(tenant: Tenant, client: Client, parameters: Parameters): string | null {
  try {
    return requestedOrganization(tenant, client, parameters)?.name ?? null
  } catch (error) {
    // It is told later, at an address that is registered without the name.
    if (error instanceof OAuthError) return null
    throw error
  }
}

/**
 * Reads the rest of an authorization request.
 *
 * @throws {OAuthError} What the application is told at its redirect URI.
 * @see https://auth0.com/docs/api/authentication/authorization-code-flow-with-pkce/authorize-with-pkce
 */
export function authorizationRequest(
  tenant: Tenant,
  { client, redirectUri, responseMode, state }: ReturnAddress,
  parameters: Parameters,
): AuthorizationRequest {
  assertSupported(parameters)
  assertPlainRequest(client)
  assertGrantType(client, 'authorization_code')
  assertNoConsent(client)
  const prompt = words(parameters.prompt)
  if (prompt.includes('none') && prompt.length > 1) {
    throw new OAuthError('invalid_request', 'prompt=none goes with no other prompt.')
  }
  if (prompt.includes('none')) assertVerifiable(tenant, client, redirectUri)
  const api = requestedApi(tenant, parameters)
  const scopes = words(parameters.scope)
  // Asked for its errors: an API that is closed to people is refused before anyone logs in.
  userScopes(tenant, client, api, scopes)
  return {
    clientId: client.client_id,
    redirectUri,
    responseMode,
    audience: api?.identifier ?? null,
    scopes,
    codeChallenge: codeChallenge(client, parameters),
    prompt,
    maxAge: maxAge(parameters),
    state,
    nonce: parameters.nonce ?? null,
    loginHint: parameters.login_hint ?? null,
    connection: parameters.connection ?? null,
    organizationId: requestedOrganization(tenant, client, parameters)?.id ?? null,
    uiLocales: words(parameters.ui_locales),
    query: parameters,
  }
}

/**
 * People are asked what a third-party application may have, also of itself. That page is not here, and
 * nobody agrees unasked.
 */
// https://auth0.com/docs/get-started/applications/third-party-applications/user-consent-and-third-party-applications
function assertNoConsent(client: Client): void {
  if (client.is_first_party !== false) return
  throw new OAuthError('consent_required', 'Consent required: nobody can be asked for it here.')
}

function assertSupported(parameters: Parameters): void {
  if (required(parameters, 'response_type') !== 'code') {
    const description = 'Only response_type=code is supported here.'
    throw new OAuthError('unsupported_response_type', description)
  }
  if (parameters.response_mode !== undefined && responseModeOf(parameters) === undefined) {
    throw new OAuthError('invalid_request', `response_mode is none of ${responseModes.join(', ')}.`)
  }
  if (parameters.request !== undefined || parameters.request_uri !== undefined) {
    throw new OAuthError('request_not_supported', 'Request objects are not supported here.')
  }
}

/** @returns Null when a confidential client does without PKCE. */
function codeChallenge(client: Client, parameters: Parameters): string | null {
  const { code_challenge: challenge, code_challenge_method: method } = parameters
  if (challenge === undefined) {
    if (method === undefined && !isPublic(client)) return null
    throw new OAuthError('invalid_request', 'Missing required parameter: code_challenge')
  }
  if (method !== 'S256') {
    throw new OAuthError('invalid_request', 'code_challenge_method must be S256.')
  }
  if (challengeForm.test(challenge)) return challenge
  throw new OAuthError('invalid_request', 'code_challenge is not a SHA-256 in base64url.')
}

function maxAge(parameters: Parameters): number | null {
  const { max_age: value } = parameters
  if (value === undefined) return null
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw new OAuthError('invalid_request', 'max_age is not a number of seconds.')
}
