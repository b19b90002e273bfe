import type { Context } from 'hono'
import type { JsonObject, Tenant } from '../state.ts'
import {
  blocksOf,
  blocksOfUser,
  type FailedLogins,
  unblock,
  unblockUser,
} from '../users/brute-force-protection.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidQuery } from './management-error.ts'
import { userOf } from './users-search.ts'

/** Blocks by brute-force protection, by identifier and by user. An administrator's are `blocked` of users. */
// https://auth0.com/docs/api/management/v2/user-blocks/delete-user-blocks
export function addUserBlockEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/user-blocks', 'read:users', (c) =>
    c.json({ blocked_for: blocksOf(tenant, identifierOf(c)).map((one) => show(one, tenant)) }),
  )
  add('DELETE', '/user-blocks', 'update:users', (c) => {
    unblock(tenant, identifierOf(c))
    return c.body(null, 204)
  })
  add('GET', '/user-blocks/:id', 'read:users', (c) => {
    const blocks = blocksOfUser(tenant, userOf(tenant, segment(c, 'id')))
    return c.json({ blocked_for: blocks.map((one) => show(one, tenant)) })
  })
  add('DELETE', '/user-blocks/:id', 'update:users', (c) => {
    unblockUser(tenant, userOf(tenant, segment(c, 'id')))
    return c.body(null, 204)
  })
}

function identifierOf(c: Context): string {
  const identifier = c.req.query('identifier')
  if (identifier) return identifier
  throw invalidQuery("'Missing required property: identifier'")
}

function show({ connectionId, identifier, ip }: FailedLogins, { state }: Tenant): JsonObject {
  const connection = state.connections.get(connectionId)?.name
  return { identifier, ip, ...(connection !== undefined && { connection }) }
}
