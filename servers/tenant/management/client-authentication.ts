import { clientCredentialsOf, privateKeyJwtOf } from '../client-credentials.ts'
import type { Client, JsonObject, Tenant } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { addCredential, credentialShape } from './client-keys.ts'
import { invalidBody } from './management-error.ts'
import { objectsOf } from './request-body.ts'

const at = 'client_authentication_methods/private_key_jwt/credentials'

/**
 * Makes the keys that the body of a new application brings along, and names them by their ids from
 * then on. When one is refused, none is kept.
 *
 * @throws {ManagementError} 400.
 * @see https://auth0.com/docs/get-started/applications/configure-private-key-jwt
 */
export async function withNewCredentials(
  body: JsonObject,
  clientId: string,
  tenant: Tenant,
): Promise<JsonObject> {
  if (privateKeyJwtOf(body) === null) return body
  if (body.token_endpoint_auth_method !== undefined) throw twoMethods()
  const { private_key_jwt: given } = body.client_authentication_methods as JsonObject
  const wanted = isObject(given) ? (objectsOf(given, 'credentials', credentialShape) ?? []) : []
  const credentials: JsonObject[] = []
  try {
    for (const one of wanted) {
      const { id } = await addCredential(tenant, clientId, one)
      credentials.push({ id })
    }
  } catch (error) {
    dropCredentials(clientId, tenant)
    throw error
  }
  return { ...body, client_authentication_methods: { private_key_jwt: { credentials } } }
}

/**
 * Checks what an application says of its keys.
 *
 * @throws {ManagementError} 400 for keys of nobody, and for a secret beside them.
 */
export function checkCredentials(client: Client, tenant: Tenant): void {
  const ids = privateKeyJwtOf(client)
  if (ids === null) return
  if (client.token_endpoint_auth_method !== undefined) throw twoMethods()
  const credentials = clientCredentialsOf(tenant)
  const unknown = ids.find((id) => credentials.get(id)?.client_id !== client.client_id)
  if (ids.length > 0 && unknown === undefined) return
  throw invalidBody(`'There is no such credential' on property ${at}`)
}

export function dropCredentials(clientId: string, tenant: Tenant): void {
  const credentials = clientCredentialsOf(tenant)
  for (const { client_id, id } of [...credentials.values()]) {
    if (client_id === clientId) credentials.delete(id)
  }
}

function twoMethods() {
  const message = "'Must be null beside client_authentication_methods'"
  return invalidBody(`${message} on property token_endpoint_auth_method`)
}
