import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import { assignRole, removeRole, rolesOf, rolesOfUser, usersOfRole } from '../users/roles.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'
import { readIds, showMember } from './member-lists.ts'
import { listed } from './paging.ts'
import { roleIn } from './roles.ts'
import { userOf } from './users-search.ts'

/** Who has which role, from either side. */
export function addRoleMemberEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/roles/:id/users', 'read:roles', (c) => {
    const users = usersOfRole(tenant, roleIn(c, tenant).id).map(showMember)
    return c.json(listed(c, 'users', users, ({ user_id }) => user_id))
  })
  add('POST', '/roles/:id/users', 'create:role_members', async (c) => {
    const users = await readIds(c, 'users')
    const { id } = roleIn(c, tenant)
    // All or none.
    for (const user of users) userOf(tenant, user)
    for (const user of users) assignRole(tenant, id, user)
    return c.json({})
  })
  add('GET', '/users/:id/roles', 'read:roles', (c) => {
    const { profile } = userOf(tenant, segment(c, 'id'))
    return c.json(listed(c, 'roles', rolesOfUser(tenant, profile.user_id), ({ id }) => id))
  })
  add('POST', '/users/:id/roles', 'create:role_members', async (c) => {
    for (const role of await rolesGiven(c, tenant)) assignRole(tenant, role, segment(c, 'id'))
    return c.body(null, 204)
  })
  add('DELETE', '/users/:id/roles', 'delete:role_members', async (c) => {
    for (const role of await rolesGiven(c, tenant)) removeRole(tenant, role, segment(c, 'id'))
    return c.body(null, 204)
  })
}

/** Of a user who exists; all of them are roles, or none is taken. */
async function rolesGiven(c: Context, tenant: Tenant): Promise<readonly string[]> {
  const roles = await readIds(c, 'roles')
  userOf(tenant, segment(c, 'id'))
  assertRoles(tenant, roles)
  return roles
}

/** @throws {ManagementError} 404. */
export function assertRoles(tenant: Tenant, ids: readonly string[]): void {
  if (ids.every((id) => rolesOf(tenant).has(id))) return
  throw new ManagementError(404, 'Role not found', 'inexistent_role')
}
