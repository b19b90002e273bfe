import type { Context } from 'hono'
import { type ClientCredential, clientCredentialsOf } from '../client-credentials.ts'
import type { Client, JsonObject, Tenant } from '../state.ts'
import { addCredential, credentialShape, expiryOf } from './client-keys.ts'
import { clientOf } from './clients.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'
import { readBody } from './request-body.ts'

const path = '/clients/:id/credentials'

/** @see https://auth0.com/docs/get-started/applications/configure-private-key-jwt */
export function addClientCredentialEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', path, 'read:client_credentials', (c) =>
    c.json(credentialsOf(tenant, clientOf(tenant, segment(c, 'id'))).map(show)),
  )
  add('POST', path, 'create:client_credentials', async (c) => {
    const body = await readBody(c, credentialShape)
    const client = clientOf(tenant, segment(c, 'id'))
    return c.json(show(await addCredential(tenant, client.client_id, body)), 201)
  })
  const one = `${path}/:credential`
  add('GET', one, 'read:client_credentials', (c) => c.json(show(credentialIn(c, tenant))))
  add('PATCH', one, 'update:client_credentials', async (c) => {
    const body = await readBody(c, { members: { expires_at: 'string' }, nullable: true })
    const { expires_at: _, ...before } = credentialIn(c, tenant)
    const updated_at = new Date(tenant.now()).toISOString()
    const after = { ...before, ...expiryOf(body, tenant), updated_at }
    clientCredentialsOf(tenant).set(before.id, after)
    return c.json(show(after))
  })
  add('DELETE', one, 'delete:client_credentials', (c) => {
    clientCredentialsOf(tenant).delete(credentialIn(c, tenant).id)
    return c.body(null, 204)
  })
}

/** @throws {ManagementError} 404. */
function credentialIn(c: Context, tenant: Tenant): ClientCredential {
  const { client_id } = clientOf(tenant, segment(c, 'id'))
  const found = clientCredentialsOf(tenant).get(segment(c, 'credential'))
  if (found?.client_id === client_id) return found
  throw new ManagementError(404, 'The credential does not exist', 'inexistent_credential')
}

/** As Auth0 does, only what it is called and when it ends: never the key. */
function show({ client_id: _, public_key: _key, ...shown }: JsonObject): JsonObject {
  return shown
}

function credentialsOf(tenant: Tenant, { client_id }: Client): readonly ClientCredential[] {
  return [...clientCredentialsOf(tenant).values()].filter((one) => one.client_id === client_id)
}
