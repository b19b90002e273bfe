import type { Context } from 'hono'
import { formPostPage, webMessagePage } from '../pages/respond.ts'
import type { Tenant } from '../state.ts'
import type { AuthorizationRequest } from './login-state.ts'
import type { OAuthError } from './oauth-error.ts'
import { withFragment, withParameters } from './redirect-uri.ts'
import { setting } from './tenant-settings.ts'

/** How an answer comes to the application. https://auth0.com/docs/authenticate/protocols/oauth */
export const responseModes = ['form_post', 'fragment', 'query', 'web_message'] as const

export type ResponseMode = (typeof responseModes)[number]

/** Where an answer goes. */
export type Recipient = Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state'>

/** An answer that is on its way to the application: a code, or an error. */
export interface AuthorizationResponse {
  readonly recipient: Recipient
  readonly parameters: Readonly<Record<string, string>>
}

export function codeResponse(recipient: Recipient, code: string): AuthorizationResponse {
  return { recipient, parameters: { code } }
}

/** Of what the application is to learn of an error. */
export function errorResponse(
  recipient: Recipient,
  { code, description }: OAuthError,
): AuthorizationResponse {
  return { recipient, parameters: { error: code, error_description: description } }
}

export function respond(
  c: Context,
  tenant: Tenant,
  { parameters: answer, recipient }: AuthorizationResponse,
): Response | Promise<Response> {
  const { redirectUri, responseMode, state } = recipient
  const parameters = {
    ...answer,
    ...(state !== null && { state }),
    // RFC 9207, where the tenant is told to.
    ...(namesIssuer(tenant) && { iss: tenant.issuer }),
  }
  switch (responseMode) {
    case 'form_post':
      return formPostPage(c, redirectUri, parameters)
    case 'web_message':
      return webMessagePage(c, new URL(redirectUri).origin, parameters)
    case 'fragment':
      return c.redirect(withFragment(redirectUri, parameters))
    default:
      return c.redirect(withParameters(redirectUri, parameters))
  }
}

export function namesIssuer(tenant: Tenant): boolean {
  return setting(tenant, 'authorization_response_iss_parameter_supported') === true
}
