import type { Context } from 'hono'
import type { ManagementCaller } from '../access-tokens.ts'
import type { Connection, JsonObject, Tenant } from '../state.ts'
import { deleteUser } from '../users/delete-user.ts'
import type { ConfigurationCipher } from './configuration-cipher.ts'
import {
  assertName,
  changedConnection,
  databaseDefaults,
  databaseOptions,
  enabledClientsOf,
  newConnection,
  settingsOf,
} from './connection-body.ts'
import { listConnectionClients, switchConnectionClients } from './connection-clients.ts'
import { type AddEndpoint, assertScope, segment } from './endpoint.ts'
import { newIdentifier } from './identifiers.ts'
import { ManagementError } from './management-error.ts'
import {
  assertPageable,
  assertQuery,
  checkpointQuery,
  listed,
  pageQuery,
  withFields,
} from './paging.ts'
import { isObject, readBody, textOf } from './request-body.ts'

/** @see https://auth0.com/docs/api/management/v2/connections */
export function addConnectionEndpoints(
  add: AddEndpoint,
  tenant: Tenant,
  cipher: ConfigurationCipher,
): void {
  add('GET', '/connections', 'read:connections', (c, caller) => {
    assertQuery(c, [...pageQuery, ...checkpointQuery, 'strategy', 'name'])
    // https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
    assertPageable(c)
    const found = matching(c, tenant).map((connection) => show(connection, caller, cipher))
    return c.json(listed(c, 'connections', found, ({ id }) => id))
  })
  add('GET', '/connections/:id', 'read:connections', (c, caller) => {
    return c.json(withFields(c, show(connectionOf(tenant, segment(c, 'id')), caller, cipher)))
  })
  add('POST', '/connections', 'create:connections', async (c, caller) => {
    const body = await readBody(c, newConnection)
    if (body.options !== undefined) assertScope(caller, 'update:connections_options')
    return c.json(show(createConnection(body, tenant, cipher), caller, cipher), 201)
  })
  add('PATCH', '/connections/:id', 'update:connections', async (c, caller) => {
    const body = await readBody(c, changedConnection)
    if (body.options !== undefined) assertScope(caller, 'update:connections_options')
    const connection = connectionOf(tenant, segment(c, 'id'))
    return c.json(show(changeConnection(connection, body, tenant, cipher), caller, cipher))
  })
  add('DELETE', '/connections/:id', 'delete:connections', (c) => {
    deleteConnection(connectionOf(tenant, segment(c, 'id')), tenant)
    return c.json({ deleted_at: new Date(tenant.now()).toISOString() }, 202)
  })
  // deploy-cli asks for it of every enterprise connection, and takes 404 for an answer.
  add('GET', '/connections/:id/scim-configuration', 'read:scim_config', (c) => {
    const { id } = connectionOf(tenant, segment(c, 'id'))
    const message = `No SCIM configuration for connection ${id}`
    throw new ManagementError(404, message, 'scim_configuration_not_found')
  })
  add('GET', '/connections/:id/clients', 'read:connections', (c) => {
    return c.json(listConnectionClients(c, connectionOf(tenant, segment(c, 'id'))))
  })
  add('PATCH', '/connections/:id/clients', 'update:connections', async (c) => {
    await switchConnectionClients(c, connectionOf(tenant, segment(c, 'id')), tenant)
    return c.body(null, 204)
  })
}

function matching(c: Context, { state }: Tenant): readonly Connection[] {
  const name = c.req.query('name')
  const strategies = c.req.queries('strategy')
  return [...state.connections.values()].filter(
    (connection) =>
      (name === undefined || connection.name === name) &&
      (strategies === undefined || strategies.includes(connection.strategy)),
  )
}

/** @throws {ManagementError} 404. */
function connectionOf({ state }: Tenant, id: string): Connection {
  const connection = state.connections.get(id)
  if (connection !== undefined) return connection
  throw new ManagementError(404, 'The connection does not exist', 'inexistent_connection')
}

/** Options have a scope of their own. */
// https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
function show(
  { id, name, strategy, options, enabled_clients, settings }: Connection,
  { scopes }: ManagementCaller,
  cipher: ConfigurationCipher,
): JsonObject {
  return {
    id,
    ...(scopes.has('read:connections_options') && { options: cipher.encrypt(options) }),
    strategy,
    name,
    is_domain_connection: false,
    authentication: { active: true },
    connected_accounts: { active: false },
    realms: [name],
    ...settings,
    enabled_clients,
  }
}

function createConnection(
  body: JsonObject,
  tenant: Tenant,
  cipher: ConfigurationCipher,
): Connection {
  const { connections } = tenant.state
  const name = textOf(body, 'name') ?? ''
  const strategy = textOf(body, 'strategy') ?? ''
  assertName(name)
  if ([...connections.values()].some((connection) => connection.name === name)) {
    const message = 'A connection with the same name already exists'
    throw new ManagementError(409, message, 'connection_conflict')
  }
  const given = isObject(body.options) ? body.options : {}
  const options = strategy === 'auth0' ? { ...databaseDefaults, ...given } : given
  const connection: Connection = {
    id: `con_${newIdentifier(16)}`,
    name,
    strategy,
    options: keptOptions(options, strategy, cipher),
    enabled_clients: enabledClientsOf(body, tenant) ?? [],
    settings: settingsOf(body),
  }
  connections.set(connection.id, connection)
  return connection
}

/** Options are replaced as a whole: what a body leaves out of them is gone. */
function changeConnection(
  before: Connection,
  body: JsonObject,
  tenant: Tenant,
  cipher: ConfigurationCipher,
): Connection {
  const options = isObject(body.options)
    ? keptOptions(body.options, before.strategy, cipher)
    : before.options
  const enabled_clients = enabledClientsOf(body, tenant) ?? before.enabled_clients
  const settings = { ...before.settings, ...settingsOf(body) }
  const after = { ...before, options, enabled_clients, settings }
  tenant.state.connections.set(before.id, after)
  return after
}

function keptOptions(options: JsonObject, strategy: string, cipher: ConfigurationCipher) {
  return strategy === 'auth0' ? databaseOptions(cipher.decrypt(options)) : options
}

/** Its users go with it. */
function deleteConnection(connection: Connection, tenant: Tenant): void {
  tenant.state.connections.delete(connection.id)
  for (const { profile } of [...tenant.state.users.values()]) {
    if (profile.identities[0]?.connection === connection.name) deleteUser(tenant, profile.user_id)
  }
}
