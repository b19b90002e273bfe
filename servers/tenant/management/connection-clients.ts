import type { Context } from 'hono'
import type { Connection, Json, JsonObject, Tenant } from '../state.ts'
import { invalidBody } from './management-error.ts'
import { assertQuery, checkpoint, checkpointQuery } from './paging.ts'
import { checkShape, isObject } from './request-body.ts'

/** A request. https://auth0.com/docs/api/management/v2/connections/patch-clients */
const maxSwitches = 50

/** By id, whatever their order in `enabled_clients`, as Auth0 has them. */
// https://github.com/auth0/auth0-deploy-cli/tree/master/test/e2e/recordings
export function listConnectionClients(c: Context, connection: Connection): JsonObject {
  assertQuery(c, checkpointQuery)
  const clients = connection.enabled_clients.toSorted().map((client_id) => ({ client_id }))
  return checkpoint(c, 'clients', clients, ({ client_id }) => client_id)
}

/** @throws {ManagementError} 400; then nothing is switched. */
export async function switchConnectionClients(
  c: Context,
  connection: Connection,
  { state }: Tenant,
): Promise<void> {
  const enabled = new Set(connection.enabled_clients)
  for (const { client_id, status } of switchesOf(await c.req.text())) {
    if (!state.clients.has(client_id)) throw invalidBody("'There is no such client'")
    if (status) enabled.add(client_id)
    else enabled.delete(client_id)
  }
  // As it is now, not as it was before the body had arrived.
  const now = state.connections.get(connection.id)
  if (now !== undefined) state.connections.set(now.id, { ...now, enabled_clients: [...enabled] })
}

function switchesOf(text: string) {
  const list = parse(text)
  if (!Array.isArray(list) || list.length === 0 || list.length > maxSwitches) {
    throw invalidBody(`'Expected an array of 1 to ${maxSwitches} items'`)
  }
  return list.map((entry: Json, position) => {
    if (!isObject(entry)) throw invalidBody(`'Expected type object' on property ${position}`)
    const members = { client_id: 'string', status: 'boolean' } as const
    checkShape(entry, { members, required: ['client_id', 'status'] }, `${position}/`)
    return { client_id: String(entry.client_id), status: entry.status === true }
  })
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw invalidBody("'The body is not JSON'")
  }
}
