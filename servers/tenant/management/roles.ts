import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import { endMemberRoles } from '../users/member-roles.ts'
import { endPermissions } from '../users/permissions.ts'
import { endAssignments, type Role, rolesOf } from '../users/roles.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { newIdentifier } from './identifiers.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { assertQuery, listed, pageQuery } from './paging.ts'
import { type BodyShape, readBody, textOf } from './request-body.ts'
import { addRoleMemberEndpoints } from './roles-members.ts'

/** @see https://auth0.com/docs/api/management/v2/roles */
export function addRoleEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/roles', 'read:roles', (c) => {
    // deploy-cli sends `type`.
    assertQuery(c, [...pageQuery, 'name_filter', 'type'])
    const wanted = (c.req.query('name_filter') ?? '').toLowerCase()
    const found = [...rolesOf(tenant).values()].filter(({ name }) =>
      name.toLowerCase().includes(wanted),
    )
    return c.json(listed(c, 'roles', found, ({ id }) => id))
  })
  add('POST', '/roles', 'create:roles', async (c) => {
    const body = await readBody(c, { ...shape, required: ['name'] })
    const name = textOf(body, 'name') ?? ''
    assertFree(tenant, name, null)
    const description = textOf(body, 'description') ?? ''
    const role: Role = { id: `rol_${newIdentifier(16)}`, name, description }
    rolesOf(tenant).set(role.id, role)
    return c.json(role)
  })
  add('GET', '/roles/:id', 'read:roles', (c) => c.json(roleIn(c, tenant)))
  add('PATCH', '/roles/:id', 'update:roles', async (c) => {
    const body = await readBody(c, shape)
    const before = roleIn(c, tenant)
    assertFree(tenant, textOf(body, 'name') ?? before.name, before.id)
    const after = { ...before, ...body } as Role
    rolesOf(tenant).set(before.id, after)
    return c.json(after)
  })
  add('DELETE', '/roles/:id', 'delete:roles', (c) => {
    const id = segment(c, 'id')
    rolesOf(tenant).delete(id)
    endAssignments(tenant, ({ role_id }) => role_id === id)
    endMemberRoles(tenant, ({ role_id }) => role_id === id)
    endPermissions(tenant, ({ role_id }) => role_id === id)
    return c.body(null, 204)
  })
  addRoleMemberEndpoints(add, tenant)
}

const shape: BodyShape = { members: { name: 'string', description: 'string' } }

/** @throws {ManagementError} 404. */
export function roleIn(c: Context, tenant: Tenant): Role {
  const role = rolesOf(tenant).get(segment(c, 'id'))
  if (role === undefined) throw noRole()
  return role
}

function noRole(): ManagementError {
  return new ManagementError(404, 'Role not found', 'inexistent_role')
}

function assertFree(tenant: Tenant, name: string, own: string | null): void {
  if (name.trim() === '') throw invalidBody("'String is too short' on property name")
  const taken = [...rolesOf(tenant).values()].some((one) => one.name === name && one.id !== own)
  if (!taken) return
  throw new ManagementError(409, 'The role name is already in use', 'role_conflict')
}
