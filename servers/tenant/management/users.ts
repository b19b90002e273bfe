import { Hono } from 'hono'
import type { Runtime } from '../../../actions-testing/runtime.ts'
import { occasionOf } from '../authentication/occasion.ts'
import { limitBody } from '../limit-body.ts'
import type { Services } from '../services.ts'
import type { JsonObject, Tenant, User } from '../state.ts'
import { deleteUser } from '../users/delete-user.ts'
import { findByEmail } from '../users/find-user.ts'
import { linkUsers, unlinkIdentity } from '../users/link-identities.ts'
import { forgetPendingImport } from '../users/pending-imports.ts'
import { addBruteForceEndpoints } from './brute-force.ts'
import { type AddEndpoint, assertScope, endpointsOf, segment } from './endpoint.ts'
import { addJobEndpoints } from './jobs.ts'
import { answerError, invalidBody, ManagementError } from './management-error.ts'
import { addOrganizationEndpoints } from './organizations.ts'
import { withFields } from './paging.ts'
import { addPermissionEndpoints } from './permissions.ts'
import { readBody, textOf } from './request-body.ts'
import { addRoleEndpoints } from './roles.ts'
import { addUserBlockEndpoints } from './users-blocks.ts'
import { changeShape, creationShape, linkShape, readUserBody } from './users-body.ts'
import { changeUser } from './users-change.ts'
import { addUser } from './users-create.ts'
import { findByAddress, searchUsers, userOf } from './users-search.ts'
import { addTicketEndpoints } from './users-tickets.ts'
import { showUser } from './users-view.ts'

/** Bytes. Ours: room for a profile far over Auth0's 10 KB, so that its warning can be seen. */
const largestBody = 1_000_000

/**
 * Users of the Management API and what belongs to them, organizations too; to be mounted at `/api/v2`.
 *
 * @see https://auth0.com/docs/api/management/v2/users
 */
export function usersApi(tenant: Tenant, runtime: Runtime): Hono {
  const api = new Hono()
  const limit = limitBody(largestBody, refuseBody)
  const add = endpointsOf(api, tenant, limit)
  addListEndpoints(add, { tenant, runtime })
  addUserEndpoints(add, { tenant, runtime })
  addIdentityEndpoints(add, tenant)
  addUserBlockEndpoints(add, tenant)
  addBruteForceEndpoints(add, tenant)
  addTicketEndpoints(add, tenant)
  addOrganizationEndpoints(add, tenant)
  addRoleEndpoints(add, tenant)
  addPermissionEndpoints(add, tenant)
  addJobEndpoints(add, tenant)
  api.onError(answerError)
  return api
}

function addListEndpoints(add: AddEndpoint, services: Services): void {
  const { tenant } = services
  add('GET', '/users', 'read:users', (c) => searchUsers(c, tenant))
  add('GET', '/users-by-email', 'read:users', (c) => findByAddress(c, tenant))
  add('POST', '/users', 'create:users', async (c) => {
    const body = await readUserBody(c, creationShape)
    const user = await addUser(services, body, occasionOf(c, tenant, body))
    return c.json(showUser(user), 201)
  })
  // What Auth0 tells to do about DUPLICATED_USER.
  add('DELETE', '/connections/:id/users', 'delete:users', (c) => {
    const connection = tenant.state.connections.get(segment(c, 'id'))
    const found = connection && findByEmail(tenant, connection, c.req.query('email') ?? '')
    if (found) deleteUser(tenant, found.user.profile.user_id)
    if (connection) forgetPendingImport(tenant.activity, connection, c.req.query('email') ?? '')
    return c.body(null, 204)
  })
}

function addUserEndpoints(add: AddEndpoint, services: Services): void {
  const { tenant } = services
  add('GET', '/users/:id', 'read:users', (c) =>
    c.json(withFields(c, showUser(userOf(tenant, segment(c, 'id'))))),
  )
  // https://auth0.com/docs/api/management/v2/users/patch-users-by-id
  add('PATCH', '/users/:id', ['update:users', 'update:users_app_metadata'], async (c, caller) => {
    const body = await readUserBody(c, changeShape)
    const onlyAppMetadata = Object.keys(body).every((member) => member === 'app_metadata')
    if (!onlyAppMetadata) assertScope(caller, 'update:users')
    const occasion = occasionOf(c, tenant, body)
    return c.json(showUser(await changeUser(services, segment(c, 'id'), body, occasion)))
  })
  add('DELETE', '/users/:id', 'delete:users', (c) => {
    deleteUser(tenant, segment(c, 'id'))
    return c.body(null, 204)
  })
}

function addIdentityEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('POST', '/users/:id/identities', 'update:users', async (c) => {
    const body = await readBody(c, linkShape)
    return c.json(link(tenant, segment(c, 'id'), body).profile.identities, 201)
  })
  add('DELETE', '/users/:id/identities/:provider/:user_id', 'update:users', (c) => {
    const user = userOf(tenant, segment(c, 'id'))
    const left = unlinkIdentity(tenant, user, segment(c, 'provider'), segment(c, 'user_id'))
    if (left !== null) return c.json(left.profile.identities)
    throw new ManagementError(404, 'The identity is not linked.', 'inexistent_identity')
  })
}

/** By `provider` and `user_id`, the latter with or without the provider, as Auth0 takes it. */
function link(tenant: Tenant, primaryId: string, body: JsonObject): User {
  const primary = userOf(tenant, primaryId)
  const prefix = `${textOf(body, 'provider')}|`
  const given = textOf(body, 'user_id') ?? ''
  const secondary = userOf(tenant, given.startsWith(prefix) ? given : `${prefix}${given}`)
  if (secondary !== primary) return linkUsers(tenant, primary, secondary)
  throw invalidBody("'Main account and linked account are the same'")
}

function refuseBody(): never {
  throw new ManagementError(413, 'The body is too large.', 'payload_too_large')
}
