import { collectionOf } from '../collection.ts'
import type { JsonObject, Tenant, User } from '../state.ts'

/** A role as GET /api/v2/roles/{id} shows it. */
export interface Role extends JsonObject {
  readonly id: string
  readonly name: string
  readonly description: string
}

/** The tenant's roles, by id. */
export function rolesOf(tenant: Tenant): Map<string, Role> {
  return collectionOf<Role>(tenant, 'roles')
}

export function rolesOfUser(tenant: Tenant, userId: string): readonly Role[] {
  const assigned = assignmentsOf(tenant)
  return [...rolesOf(tenant).values()].filter(({ id }) => assigned.has(keyOf(id, userId)))
}

/** Users who have the role and are users still. */
export function usersOfRole(tenant: Tenant, roleId: string): readonly User[] {
  return [...assignmentsOf(tenant).values()].flatMap(({ role_id, user_id }) =>
    role_id === roleId ? (tenant.state.users.get(String(user_id)) ?? []) : [],
  )
}

export function assignRole(tenant: Tenant, role_id: string, user_id: string): void {
  assignmentsOf(tenant).set(keyOf(role_id, user_id), { role_id, user_id })
}

export function removeRole(tenant: Tenant, roleId: string, userId: string): void {
  assignmentsOf(tenant).delete(keyOf(roleId, userId))
}

/** @param isGone Of an assignment. */
export function endAssignments(tenant: Tenant, isGone: (assignment: JsonObject) => boolean): void {
  const assignments = assignmentsOf(tenant)
  for (const [key, assignment] of assignments) if (isGone(assignment)) assignments.delete(key)
}

function assignmentsOf(tenant: Tenant): Map<string, JsonObject> {
  return collectionOf(tenant, 'role_members')
}

function keyOf(roleId: string, userId: string): string {
  return `${roleId}\n${userId}`
}
