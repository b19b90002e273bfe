import { createPasswordTicket } from '../authentication/password-tickets.ts'
import type { Connection, JsonObject, Tenant } from '../state.ts'
import { type FoundIdentity, findByEmail } from '../users/find-user.ts'
import { isEmail } from '../users/imported-profile.ts'
import { identityKey } from '../users/user-index.ts'
import type { AddEndpoint } from './endpoint.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { readBody, textOf } from './request-body.ts'
import { userOf } from './users-search.ts'

/** A link that sets a password, for an administrator to hand over: by mail nothing is sent. */
// https://auth0.com/docs/api/management/v2/tickets/post-password-change
export function addTicketEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('POST', '/tickets/password-change', 'create:user_tickets', async (c) => {
    const body = await readBody(c, {
      members: {
        client_id: 'string',
        connection_id: 'string',
        email: 'string',
        mark_email_as_verified: 'boolean',
        ttl_sec: 'integer',
        user_id: 'string',
      },
    })
    const { connection, identity, userId } = targetOf(tenant, body)
    const target = { type: 'user', userId, identity } as const
    const seconds = Number(body.ttl_sec ?? 0)
    if (seconds < 0) throw invalidBody("'Value is less than minimum 0' on property ttl_sec")
    const lifetime = seconds === 0 ? undefined : seconds * 1000
    return c.json({ ticket: createPasswordTicket(tenant, connection, target, lifetime) }, 201)
  })
}

interface TicketTarget {
  readonly connection: Connection
  readonly userId: string
  /** As `identityKey` names it. */
  readonly identity: string
}

/** By `user_id`, or by `email` and `connection_id`; not by both. */
function targetOf(tenant: Tenant, body: JsonObject): TicketTarget {
  const { connections } = tenant.state
  const userId = textOf(body, 'user_id')
  const email = textOf(body, 'email')
  const connectionId = textOf(body, 'connection_id')
  if ((userId === undefined) === (email === undefined || connectionId === undefined)) {
    throw invalidBody("'Either user_id, or email and connection_id'")
  }
  if (userId !== undefined) {
    const [primary] = userOf(tenant, userId).profile.identities
    const connection = [...connections.values()].find(({ name }) => name === primary?.connection)
    return { connection: database(connection), userId, identity: identityKey(primary ?? {}) }
  }
  const connection = database(connections.get(connectionId ?? ''))
  const found = isEmail(email ?? '') ? findByEmail(tenant, connection, email ?? '') : null
  return { connection, ...identityOf(found) }
}

function identityOf(found: FoundIdentity | null): Omit<TicketTarget, 'connection'> {
  if (found !== null) return { userId: found.user.profile.user_id, identity: found.identity }
  throw new ManagementError(404, 'The user does not exist.', 'inexistent_user')
}

function database(connection: Connection | undefined): Connection {
  if (connection?.strategy === 'auth0') return connection
  throw invalidBody("'The connection does not exist or is no database'")
}
