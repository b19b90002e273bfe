import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Runtime } from '../../../actions-testing/runtime.ts'
import type { Services } from '../services.ts'
import type { JsonObject, Tenant, User } from '../state.ts'
import { deleteUser } from '../users/delete-user.ts'
import { findByEmail } from '../users/find-user.ts'
import { linkUsers, unlinkIdentity } from '../users/link-identities.ts'
import {
  changeMembers,
  creationMembers,
  linkMembers,
  readBody,
  requiredText,
} from './users-body.ts'
import { changeUser } from './users-change.ts'
import { addUser } from './users-create.ts'
import { answerUsersError, badQuery, requireScope, UsersError, unknownUser } from './users-error.ts'
import { searchUsers, withFields } from './users-search.ts'

/** Bytes. Ours: room for a profile far over Auth0's 10 KB, so that its warning can be seen. */
const largestBody = 1_000_000

/**
 * Users of the Management API; to be mounted at `/api/v2`.
 *
 * @see https://auth0.com/docs/api/management/v2/users
 */
export function usersApi(tenant: Tenant, runtime: Runtime): Hono {
  const api = new Hono()
  const limit = bodyLimit({ maxSize: largestBody, onError: refuseBody })
  addListRoutes(api, { tenant, runtime }, limit)
  addUserRoutes(api, { tenant, runtime }, limit)
  addIdentityRoutes(api, tenant, limit)
  api.onError(answerUsersError)
  return api
}

function addListRoutes(api: Hono, services: Services, limit: MiddlewareHandler): void {
  const { tenant } = services
  api.get('/users', async (c) => {
    await requireScope(c, tenant, 'read:users')
    return searchUsers(c, tenant)
  })
  api.post('/users', limit, async (c) => {
    await requireScope(c, tenant, 'create:users')
    const user = await addUser(services, await readBody(c, creationMembers))
    return c.json(user.profile, 201)
  })
  api.get('/users-by-email', async (c) => {
    await requireScope(c, tenant, 'read:users')
    const email = c.req.query('email')
    if (!email) throw badQuery("Query validation error: 'Missing required property: email'.")
    // Case-sensitive, as Auth0's; its database users have lower case only.
    const users = [...tenant.state.users.values()].map(({ profile }) => profile)
    return c.json(users.filter((user) => user.email === email).map((user) => withFields(c, user)))
  })
  // What Auth0 tells to do about DUPLICATED_USER.
  api.delete('/connections/:id/users', async (c) => {
    await requireScope(c, tenant, 'delete:users')
    const connection = tenant.state.connections.get(c.req.param('id'))
    const found = connection && findByEmail(tenant, connection, c.req.query('email') ?? '')
    if (found) deleteUser(tenant, found.user.profile.user_id)
    return c.body(null, 204)
  })
}

function addUserRoutes(api: Hono, services: Services, limit: MiddlewareHandler): void {
  const { tenant } = services
  api.get('/users/:id', async (c) => {
    await requireScope(c, tenant, 'read:users')
    return c.json(withFields(c, userOf(tenant, c.req.param('id')).profile))
  })
  api.patch('/users/:id', limit, async (c) => {
    await requireScope(c, tenant, 'update:users')
    const body = await readBody(c, changeMembers)
    return c.json((await changeUser(services, c.req.param('id') ?? '', body)).profile)
  })
  api.delete('/users/:id', async (c) => {
    await requireScope(c, tenant, 'delete:users')
    deleteUser(tenant, c.req.param('id'))
    return c.body(null, 204)
  })
}

function addIdentityRoutes(api: Hono, tenant: Tenant, limit: MiddlewareHandler): void {
  api.post('/users/:id/identities', limit, async (c) => {
    await requireScope(c, tenant, 'update:users')
    const body = await readBody(c, linkMembers)
    return c.json(link(tenant, c.req.param('id') ?? '', body).profile.identities, 201)
  })
  api.delete('/users/:id/identities/:provider/:user_id', async (c) => {
    await requireScope(c, tenant, 'update:users')
    const { id, provider, user_id } = c.req.param()
    const user = unlinkIdentity(tenant, userOf(tenant, id), provider, user_id)
    if (user === null)
      throw new UsersError(404, 'The identity is not linked.', 'inexistent_identity')
    return c.json(user.profile.identities)
  })
}

function refuseBody(): never {
  throw new UsersError(413, 'The body is too large.', 'payload_too_large')
}

function userOf({ state }: Tenant, userId: string): User {
  const user = state.users.get(userId)
  if (user === undefined) throw unknownUser()
  return user
}

/** By `provider` and `user_id`, the latter with or without the provider, as Auth0 takes it. */
function link(tenant: Tenant, primaryId: string, body: JsonObject): User {
  const primary = userOf(tenant, primaryId)
  const provider = requiredText(body, 'provider')
  const given = requiredText(body, 'user_id')
  const prefix = `${provider}|`
  const secondary = userOf(tenant, given.startsWith(prefix) ? given : `${prefix}${given}`)
  if (secondary !== primary) return linkUsers(tenant, primary, secondary)
  throw new UsersError(400, 'Main account and linked account are the same.', 'invalid_body')
}
