import type { Client, ResourceServer } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { isPublic } from './authenticate-client.ts'
import { OAuthError } from './oauth-error.ts'

/**
 * Pushed and signed authorization requests are not here. An application that is held to them gets no
 * answer to others.
 *
 * @throws {OAuthError} `invalid_request`.
 * @see https://auth0.com/docs/get-started/applications/configure-par
 * @see https://auth0.com/docs/get-started/applications/configure-jar
 */
export function assertPlainRequest(client: Client): void {
  const { require_pushed_authorization_requests: pushed, signed_request_object: signed } = client
  if (pushed === true) throw required('pushed authorization requests of this application')
  if (isObject(signed) && signed.required === true) {
    throw required('signed request objects of this application')
  }
}

/**
 * Tokens here are whoever’s has them, and readable. Where Auth0 would issue none such, neither do we.
 *
 * @throws {OAuthError} `invalid_request`.
 * @see https://auth0.com/docs/get-started/applications/configure-sender-constraining/configure-resource-server-for-sender-constraining
 */
export function assertPlainTokens(client: Client, api: ResourceServer | null): void {
  if (client.require_proof_of_possession === true) {
    throw required('proof of possession of this application')
  }
  if (isObject(api?.proof_of_possession)) {
    const { required: isRequired, required_for } = api.proof_of_possession
    const concerns = required_for !== 'public_clients' || isPublic(client)
    if (isRequired === true && concerns) throw required('proof of possession for the API')
  }
  if (isObject(api?.token_encryption)) throw required('encryption of tokens for the API')
}

function required(what: string): OAuthError {
  return new OAuthError('invalid_request', `The tenant requires ${what}, which is not here.`)
}
