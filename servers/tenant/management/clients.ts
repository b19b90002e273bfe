import type { Context } from 'hono'
import type { ManagementCaller } from '../access-tokens.ts'
import { privateKeyJwtOf } from '../client-credentials.ts'
import type { Client, JsonObject, Tenant } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { checkCredentials, dropCredentials, withNewCredentials } from './client-authentication.ts'
import { changedClient, newClient } from './client-body.ts'
import { withClientDefaults } from './client-defaults.ts'
import { checkClientValues } from './client-values.ts'
import { type AddEndpoint, assertScope, segment } from './endpoint.ts'
import { newIdentifier } from './identifiers.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { assertQuery, checkpointQuery, listed, pageQuery, withFields } from './paging.ts'
import { readBody, textOf, textsOf, withoutNulls } from './request-body.ts'

/** @see https://auth0.com/docs/api/management/v2/clients */
export function addClientEndpoints(add: AddEndpoint, tenant: Tenant): void {
  const { clients } = tenant.state
  add('GET', '/clients', 'read:clients', (c, caller) => {
    const filters = ['app_type', 'external_client_id', 'is_first_party', 'is_global']
    assertQuery(c, [...pageQuery, ...checkpointQuery, ...filters])
    const found = matching(c, tenant).map((client) => show(client, tenant, caller))
    return c.json(listed(c, 'clients', found, ({ client_id }) => client_id))
  })
  add('GET', '/clients/:id', 'read:clients', (c, caller) => {
    return c.json(withFields(c, show(clientOf(tenant, segment(c, 'id')), tenant, caller)))
  })
  add('POST', '/clients', 'create:clients', async (c, caller) => {
    const given = withoutNulls(await readBody(c, newClient))
    checkedName(given)
    checkClientValues(given)
    const client_id = newIdentifier(32)
    const body = await withNewCredentials(given, client_id, tenant)
    const client_secret = newIdentifier(64)
    const client = clientFrom({ ...withClientDefaults(body), client_id, client_secret })
    checkCredentials(client, tenant)
    clients.set(client.client_id, client)
    return c.json(show(client, tenant, caller), 201)
  })
  add('PATCH', '/clients/:id', 'update:clients', async (c, caller) => {
    const body = await readBody(c, changedClient)
    if (body.client_secret !== undefined) assertScope(caller, 'update:client_keys')
    checkClientValues(body)
    const before = clientOf(tenant, segment(c, 'id'))
    const { client_metadata: metadata } = body
    const given = withoutNulls({
      ...{ ...before, ...body },
      ...(isObject(metadata) && { client_metadata: withoutNulls(metadata) }),
    })
    const after = clientFrom(withClientDefaults(given))
    checkCredentials(after, tenant)
    clients.set(after.client_id, after)
    return c.json(show(after, tenant, caller))
  })
  // https://auth0.com/docs/get-started/applications/rotate-client-secret
  add('POST', '/clients/:id/rotate-secret', 'update:client_keys', (c, caller) => {
    const before = clientOf(tenant, segment(c, 'id'))
    const after = { ...before, client_secret: newIdentifier(64) }
    clients.set(after.client_id, after)
    return c.json(show(after, tenant, caller))
  })
  add('DELETE', '/clients/:id', 'delete:clients', (c) => {
    deleteClient(clientOf(tenant, segment(c, 'id')), tenant)
    return c.body(null, 204)
  })
}

function matching(c: Context, { state }: Tenant): readonly Client[] {
  const { is_global, is_first_party, app_type, external_client_id } = c.req.query()
  return [...state.clients.values()].filter(
    (client) =>
      (external_client_id === undefined || client.external_client_id === external_client_id) &&
      (is_global === undefined || (client.global === true) === (is_global === 'true')) &&
      (is_first_party === undefined || client.is_first_party === (is_first_party === 'true')) &&
      (app_type === undefined || app_type.split(',').includes(client.app_type ?? '')),
  )
}

/** @throws {ManagementError} 404. */
export function clientOf({ state }: Tenant, id: string): Client {
  const client = state.clients.get(id)
  if (client !== undefined) return client
  throw new ManagementError(404, 'The client does not exist', 'inexistent_client')
}

/** Keys have a scope of their own. The secret of an application that has keys is hidden. */
function show(client: Client, tenant: Tenant, { scopes }: ManagementCaller): JsonObject {
  const { client_secret, encryption_key, ...shown } = client
  return {
    tenant: tenant.name,
    ...shown,
    ...(scopes.has('read:client_keys') && {
      ...(privateKeyJwtOf(client) === null && { client_secret }),
      ...(encryption_key !== undefined && { encryption_key }),
    }),
  }
}

/** @throws {ManagementError} 400. */
function clientFrom(given: JsonObject): Client {
  const name = checkedName(given)
  return {
    ...given,
    client_id: textOf(given, 'client_id') ?? '',
    client_secret: textOf(given, 'client_secret') ?? '',
    name,
    is_first_party: given.is_first_party === true,
    grant_types: textsOf(given, 'grant_types') ?? [],
  }
}

/** @throws {ManagementError} 400. */
function checkedName(given: JsonObject): string {
  const name = textOf(given, 'name') ?? ''
  if (name !== '' && !/[<>]/.test(name)) return name
  throw invalidBody("'String does not match pattern' on property name (no < or >)")
}

/** Its keys and grants go with it, and no connection keeps it. */
function deleteClient({ client_id }: Client, tenant: Tenant): void {
  const { state } = tenant
  dropCredentials(client_id, tenant)
  state.clients.delete(client_id)
  for (const grant of [...state.clientGrants.values()]) {
    if (grant.client_id === client_id) state.clientGrants.delete(grant.id)
  }
  for (const connection of [...state.connections.values()]) {
    const enabled_clients = connection.enabled_clients.filter((id) => id !== client_id)
    if (enabled_clients.length === connection.enabled_clients.length) continue
    state.connections.set(connection.id, { ...connection, enabled_clients })
  }
}
