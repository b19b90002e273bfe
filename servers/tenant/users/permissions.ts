import { collectionOf } from '../collection.ts'
import type { JsonObject, ResourceServer, Tenant } from '../state.ts'
import { rolesOfMember } from './member-roles.ts'
import { type Role, rolesOfUser } from './roles.ts'

/** A scope of an API that a role or a user has. Members are Auth0's. */
export interface Permission extends JsonObject {
  readonly resource_server_identifier: string
  readonly permission_name: string
}

/** Who has a permission: a role, for all who have the role, or one user. */
export type Holder = { readonly role_id: string } | { readonly user_id: string }

export function permissionsOf(tenant: Tenant, holder: Holder): readonly Permission[] {
  const [kind, id] = entryOf(holder)
  return [...grantedIn(tenant).values()].flatMap((granted) => {
    const { resource_server_identifier, permission_name } = granted
    return granted[kind] === id ? [{ resource_server_identifier, permission_name }] : []
  })
}

export function addPermission(tenant: Tenant, holder: Holder, permission: Permission): void {
  grantedIn(tenant).set(keyOf(holder, permission), { ...holder, ...permission })
}

export function removePermission(tenant: Tenant, holder: Holder, permission: Permission): void {
  grantedIn(tenant).delete(keyOf(holder, permission))
}

/** Once a holder, an API or one of its scopes is gone: what comes back by the same name brings none. */
export function endPermissions(tenant: Tenant, isGone: (granted: JsonObject) => boolean): void {
  const all = grantedIn(tenant)
  for (const [key, granted] of all) if (isGone(granted)) all.delete(key)
}

/**
 * Names of the permissions for an API that apply to a login: those of the user's roles and the user's
 * own; at one to an organization those of the membership's roles alone (assumption
 * `organization-login-has-member-permissions`).
 *
 * @see https://auth0.com/docs/manage-users/access-control/rbac
 */
export function permissionsAtLogin(
  tenant: Tenant,
  organizationId: string | null,
  userId: string,
  { identifier, scopes = [] }: Pick<ResourceServer, 'identifier' | 'scopes'>,
): readonly string[] {
  const granted = rolesOfLogin(tenant, organizationId, userId).flatMap(({ id }) =>
    permissionsOf(tenant, { role_id: id }),
  )
  const own = organizationId === null ? permissionsOf(tenant, { user_id: userId }) : []
  const names = new Set(
    [...granted, ...own].flatMap(({ permission_name, resource_server_identifier }) =>
      resource_server_identifier === identifier ? [permission_name] : [],
    ),
  )
  return scopes.flatMap(({ value }) => (names.has(value) ? [value] : []))
}

function rolesOfLogin(
  tenant: Tenant,
  organizationId: string | null,
  userId: string,
): readonly Role[] {
  if (organizationId === null) return rolesOfUser(tenant, userId)
  return rolesOfMember(tenant, { organizationId, userId })
}

function grantedIn(tenant: Tenant): Map<string, Permission> {
  return collectionOf<Permission>(tenant, 'permissions')
}

function entryOf(holder: Holder): readonly ['role_id' | 'user_id', string] {
  return 'role_id' in holder ? ['role_id', holder.role_id] : ['user_id', holder.user_id]
}

function keyOf(holder: Holder, permission: Permission): string {
  const { permission_name, resource_server_identifier } = permission
  return [...entryOf(holder), resource_server_identifier, permission_name].join('\n')
}
