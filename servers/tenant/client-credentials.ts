import { collectionOf } from './collection.ts'
import type { Client, JsonObject, Tenant } from './state.ts'

/** A public key of an application, as it is kept. */
export interface ClientCredential extends JsonObject {
  readonly id: string
  readonly client_id: string
  readonly kid: string
  readonly alg: 'PS256' | 'RS256' | 'RS384'
  readonly credential_type: 'public_key'
  readonly public_key: JsonObject
  /** ISO 8601; absent: never. */
  readonly expires_at?: string
}

/** Of all applications, by id. */
export function clientCredentialsOf(tenant: Tenant): Map<string, ClientCredential> {
  return collectionOf<ClientCredential>(tenant, 'client_credentials')
}

/** Ids of the credentials that an application may prove itself by; null where it has a secret. */
export function privateKeyJwtOf(client: JsonObject): readonly string[] | null {
  const methods = client.client_authentication_methods as
    | { private_key_jwt?: { credentials?: readonly JsonObject[] } }
    | undefined
  const credentials = methods?.private_key_jwt?.credentials
  return credentials === undefined ? null : credentials.map(({ id }) => String(id))
}

/** The keys by which an application may prove itself now. */
export function usableCredentials(tenant: Tenant, client: Client): readonly ClientCredential[] {
  const credentials = clientCredentialsOf(tenant)
  return (privateKeyJwtOf(client) ?? []).flatMap((id) => {
    const credential = credentials.get(id)
    if (credential === undefined || credential.client_id !== client.client_id) return []
    const { expires_at } = credential
    return expires_at === undefined || tenant.now() < Date.parse(expires_at) ? [credential] : []
  })
}
