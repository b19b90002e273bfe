import type { Client, Tenant } from '../state.ts'
import { OAuthError } from './oauth-error.ts'
import type { Parameters } from './parameters.ts'
import { sameSecret } from './secrets.ts'

interface Credentials {
  readonly clientId: string
  readonly clientSecret: string | null
  readonly method: 'client_secret_basic' | 'client_secret_post' | 'none'
}

/**
 * Which application calls the token endpoint, by the one method its `token_endpoint_auth_method`
 * names. A secret that is wrong and an application that does not exist get the same answer.
 *
 * @throws {OAuthError} `access_denied`, 401, as Auth0 says it instead of `invalid_client`.
 */
export function authenticateClient(
  tenant: Tenant,
  authorizationHeader: string | undefined,
  parameters: Parameters,
): Client {
  const credentials = readCredentials(authorizationHeader, parameters)
  const client = tenant.state.clients.get(credentials.clientId)
  if (client === undefined || !isProven(client, credentials)) {
    throw new OAuthError('access_denied', 'Unauthorized', 401)
  }
  return client
}

/** @throws {OAuthError} `unauthorized_client`, when the application does not have the grant type. */
export function assertGrantType(client: Client, grantType: string): void {
  if (client.grant_types?.includes(grantType)) return
  const description = `Grant type '${grantType}' not allowed for the client.`
  throw new OAuthError('unauthorized_client', description, 403)
}

export function isPublic(client: Client): boolean {
  return client.token_endpoint_auth_method === 'none'
}

function isProven(client: Client, { clientSecret, method }: Credentials): boolean {
  // A public client has nothing to prove; a secret that it sends all the same is not looked at.
  if (isPublic(client)) return method !== 'client_secret_basic'
  if (client.token_endpoint_auth_method !== method) return false
  return clientSecret !== null && sameSecret(clientSecret, client.client_secret)
}

function readCredentials(header: string | undefined, parameters: Parameters): Credentials {
  const basic = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1]
  if (basic !== undefined) return readBasic(basic, parameters)
  const { client_id: clientId, client_secret: clientSecret } = parameters
  if (clientId === undefined) throw new OAuthError('access_denied', 'Unauthorized', 401)
  return clientSecret === undefined
    ? { clientId, clientSecret: null, method: 'none' }
    : { clientId, clientSecret, method: 'client_secret_post' }
}

/** RFC 6749, section 2.3.1: both halves are form-encoded before they are joined. */
function readBasic(encoded: string, parameters: Parameters): Credentials {
  if (parameters.client_secret !== undefined) {
    throw new OAuthError('invalid_request', 'Authenticate by one method only.')
  }
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const clientId = formDecode(id)
  if (parameters.client_id !== undefined && parameters.client_id !== clientId) {
    throw new OAuthError('invalid_request', 'client_id is not the one that authenticates.')
  }
  const clientSecret = formDecode(secret.join(':'))
  return { clientId, clientSecret, method: 'client_secret_basic' }
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
