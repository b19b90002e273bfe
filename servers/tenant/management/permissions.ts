import type { Context } from 'hono'
import type { JsonObject, Tenant } from '../state.ts'
import {
  addPermission,
  type Holder,
  type Permission,
  permissionsOf,
  removePermission,
} from '../users/permissions.ts'
import { rolesOfUser } from '../users/roles.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { listed } from './paging.ts'
import { objectsOf, readBody, textOf } from './request-body.ts'
import { roleIn } from './roles.ts'
import { userOf } from './users-search.ts'

/**
 * What roles may do, and what users may by themselves.
 *
 * @see https://auth0.com/docs/api/management/v2/roles/post-role-permission-assignment
 * @see https://auth0.com/docs/api/management/v2/users/post-permissions
 */
export function addPermissionEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/roles/:id/permissions', 'read:roles', (c) => {
    const permissions = permissionsOf(tenant, { role_id: roleIn(c, tenant).id })
    const shown = permissions.map((permission) => show(tenant, permission))
    return c.json(listed(c, 'permissions', shown, idOf))
  })
  add('GET', '/users/:id/permissions', 'read:users', (c) =>
    c.json(listed(c, 'permissions', ofUser(tenant, userIn(c, tenant)), idOf)),
  )
  const holders = [
    ['/roles/:id/permissions', 'update:roles', roleHolder],
    ['/users/:id/permissions', 'update:users', userHolder],
  ] as const
  for (const [path, scope, holderOf] of holders) {
    add('POST', path, scope, async (c) => {
      const given = await readPermissions(c)
      const holder = holderOf(c, tenant)
      // All or none.
      for (const permission of given) assertScope(tenant, permission)
      for (const permission of given) addPermission(tenant, holder, permission)
      return c.body(null, 201)
    })
    add('DELETE', path, scope, async (c) => {
      const given = await readPermissions(c)
      const holder = holderOf(c, tenant)
      for (const permission of given) removePermission(tenant, holder, permission)
      return c.body(null, 204)
    })
  }
}

function roleHolder(c: Context, tenant: Tenant): Holder {
  return { role_id: roleIn(c, tenant).id }
}

function userHolder(c: Context, tenant: Tenant): Holder {
  return { user_id: userIn(c, tenant) }
}

function userIn(c: Context, tenant: Tenant): string {
  return userOf(tenant, segment(c, 'id')).profile.user_id
}

/** @throws {ManagementError} 400. */
async function readPermissions(c: Context): Promise<readonly Permission[]> {
  const body = await readBody(c, { members: { permissions: 'array' }, required: ['permissions'] })
  // deploy-cli sends back what the list showed.
  const members = {
    description: 'string',
    permission_name: 'string',
    resource_server_identifier: 'string',
    resource_server_name: 'string',
  } as const
  const required = ['permission_name', 'resource_server_identifier']
  const given = objectsOf(body, 'permissions', { members, required }) ?? []
  if (given.length === 0)
    throw invalidBody("'Array is too short, minimum 1' on property permissions")
  return given.map((one) => ({
    permission_name: textOf(one, 'permission_name') ?? '',
    resource_server_identifier: textOf(one, 'resource_server_identifier') ?? '',
  }))
}

/** @throws {ManagementError} 404 for a permission that no API has. */
function assertScope(tenant: Tenant, permission: Permission): void {
  if (scopeOf(tenant, permission) !== undefined) return
  const message = `No API ${permission.resource_server_identifier} with that permission exists.`
  throw new ManagementError(404, message, 'inexistent_permission')
}

function apiOf({ state }: Tenant, { resource_server_identifier }: Permission) {
  const all = [...state.resourceServers.values()]
  return all.find(({ identifier }) => identifier === resource_server_identifier)
}

function scopeOf(tenant: Tenant, permission: Permission) {
  return apiOf(tenant, permission)?.scopes?.find(
    ({ value }) => value === permission.permission_name,
  )
}

function show(tenant: Tenant, permission: Permission): JsonObject {
  return {
    ...permission,
    description: scopeOf(tenant, permission)?.description ?? '',
    resource_server_name: apiOf(tenant, permission)?.name ?? '',
  }
}

/** Each once, with all that it comes from. */
function ofUser(tenant: Tenant, user_id: string): readonly JsonObject[] {
  const found = new Map<string, JsonObject & { readonly sources: readonly JsonObject[] }>()
  const collect = (permissions: readonly Permission[], source: JsonObject): void => {
    for (const permission of permissions) {
      const key = idOf(permission)
      const sources = [...(found.get(key)?.sources ?? []), source]
      found.set(key, { ...show(tenant, permission), sources })
    }
  }
  collect(permissionsOf(tenant, { user_id }), direct)
  for (const { id, name } of rolesOfUser(tenant, user_id)) {
    const source = { source_id: id, source_name: name, source_type: 'ROLE' }
    collect(permissionsOf(tenant, { role_id: id }), source)
  }
  return [...found.values()]
}

const direct = { source_id: '', source_name: '', source_type: 'DIRECT' }

function idOf({ permission_name, resource_server_identifier }: JsonObject): string {
  return `${resource_server_identifier}\n${permission_name}`
}
