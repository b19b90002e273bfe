import { collectionOf } from '../collection.ts'
import type { JsonObject, Tenant } from '../state.ts'
import type { Organization } from './organizations.ts'
import { type Role, rolesOf, rolesOfUser } from './roles.ts'

/** Whose membership of which organization. */
export interface Membership {
  readonly organizationId: string
  readonly userId: string
}

/**
 * The roles that a member has within the organization: none of them is a role of the user's elsewhere,
 * and none of the user's is one of these.
 *
 * @see https://auth0.com/docs/manage-users/organizations/configure-organizations/add-member-roles
 */
export function rolesOfMember(tenant: Tenant, membership: Membership): readonly Role[] {
  const assigned = assignmentsOf(tenant)
  return [...rolesOf(tenant).values()].filter(({ id }) => assigned.has(keyOf(membership, id)))
}

export function assignMemberRole(tenant: Tenant, membership: Membership, role_id: string): void {
  const { organizationId: organization_id, userId: user_id } = membership
  const assignment = { organization_id, user_id, role_id }
  assignmentsOf(tenant).set(keyOf(membership, role_id), assignment)
}

export function removeMemberRole(tenant: Tenant, membership: Membership, roleId: string): void {
  assignmentsOf(tenant).delete(keyOf(membership, roleId))
}

/** @param isGone Of an assignment, or of the membership that it belongs to. */
export function endMemberRoles(tenant: Tenant, isGone: (assignment: JsonObject) => boolean): void {
  const assignments = assignmentsOf(tenant)
  for (const [key, assignment] of assignments) if (isGone(assignment)) assignments.delete(key)
}

/**
 * Names of the roles that apply to a login: at one to an organization those of the membership, and no
 * others.
 *
 * @see https://auth0.com/docs/manage-users/organizations/organization-roles
 */
export function rolesAtLogin(
  tenant: Tenant,
  organization: Organization | null,
  userId: string,
): readonly string[] {
  const roles =
    organization === null
      ? rolesOfUser(tenant, userId)
      : rolesOfMember(tenant, { organizationId: organization.id, userId })
  return roles.map(({ name }) => name)
}

function assignmentsOf(tenant: Tenant): Map<string, JsonObject> {
  return collectionOf(tenant, 'organization_member_roles')
}

function keyOf({ organizationId, userId }: Membership, roleId: string): string {
  return `${organizationId}\n${userId}\n${roleId}`
}
