import { privateKeyJwtOf } from '../client-credentials.ts'
import type { Client, Tenant } from '../state.ts'
import { assertedClientId, assertionType, provesClient } from './client-assertion.ts'
import { OAuthError } from './oauth-error.ts'
import type { Parameters } from './parameters.ts'
import { sameSecret } from './secrets.ts'

interface Credentials {
  readonly clientId: string
  /** The secret, or the assertion. */
  readonly proof: string | null
  readonly method: 'client_secret_basic' | 'client_secret_post' | 'none' | 'private_key_jwt'
}

/**
 * Which application calls the token endpoint, by the one method its `token_endpoint_auth_method`
 * names, or by a key where it has one registered. A secret that is wrong and an application that does not exist get the same answer.
 *
 * @throws {OAuthError} `access_denied`, 401, as Auth0 says it instead of `invalid_client`.
 */
export async function authenticateClient(
  tenant: Tenant,
  authorizationHeader: string | undefined,
  parameters: Parameters,
): Promise<Client> {
  const credentials = readCredentials(authorizationHeader, parameters)
  const client = tenant.state.clients.get(credentials.clientId)
  if (client === undefined || !(await isProven(tenant, client, credentials))) throw unauthorized()
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

async function isProven(
  tenant: Tenant,
  client: Client,
  { method, proof }: Credentials,
): Promise<boolean> {
  // A public client has nothing to prove; a secret that it sends all the same is not looked at.
  if (isPublic(client)) return method === 'client_secret_post' || method === 'none'
  if (proof === null) return false
  if (privateKeyJwtOf(client) !== null) {
    return method === 'private_key_jwt' && provesClient(tenant, client, proof)
  }
  const { token_endpoint_auth_method: ownMethod = 'client_secret_post' } = client
  if (ownMethod !== method) return false
  return sameSecret(proof, client.client_secret)
}

function readCredentials(header: string | undefined, parameters: Parameters): Credentials {
  const basic = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1]
  if (parameters.client_assertion !== undefined) return readAssertion(basic, parameters)
  if (basic !== undefined) return readBasic(basic, parameters)
  const { client_id: clientId, client_secret: clientSecret } = parameters
  if (clientId === undefined) throw unauthorized()
  return clientSecret === undefined
    ? { clientId, proof: null, method: 'none' }
    : { clientId, proof: clientSecret, method: 'client_secret_post' }
}

/** RFC 7521, section 4.2: `client_id` need not be there, and is the assertion's subject if it is. */
function readAssertion(basic: string | undefined, parameters: Parameters): Credentials {
  const {
    client_assertion: proof = '',
    client_assertion_type,
    client_id,
    client_secret,
  } = parameters
  if (basic !== undefined || client_secret !== undefined) throw twoMethods()
  if (client_assertion_type !== assertionType) {
    throw new OAuthError('invalid_request', `client_assertion_type has to be ${assertionType}.`)
  }
  const clientId = assertedClientId(proof)
  if (clientId === null || (client_id !== undefined && client_id !== clientId)) throw unauthorized()
  return { clientId, proof, method: 'private_key_jwt' }
}

function unauthorized(): OAuthError {
  return new OAuthError('access_denied', 'Unauthorized', 401)
}

function twoMethods(): OAuthError {
  return new OAuthError('invalid_request', 'Authenticate by one method only.')
}

/** RFC 6749, section 2.3.1: both halves are form-encoded before they are joined. */
function readBasic(encoded: string, parameters: Parameters): Credentials {
  if (parameters.client_secret !== undefined) throw twoMethods()
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const clientId = formDecode(id)
  if (parameters.client_id !== undefined && parameters.client_id !== clientId) {
    throw new OAuthError('invalid_request', 'client_id is not the one that authenticates.')
  }
  return { clientId, proof: formDecode(secret.join(':')), method: 'client_secret_basic' }
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
