import { collectionOf } from '../collection.ts'
import type { JsonObject, Tenant, User } from '../state.ts'
import { endMemberRoles } from './member-roles.ts'

/** An organization as GET /api/v2/organizations/{id} shows it, and its connections. */
export interface Organization extends JsonObject {
  readonly id: string
  readonly name: string
  readonly display_name: string
  readonly metadata: JsonObject
  readonly enabled_connections: readonly OrganizationConnection[]
}

/** A connection that members of an organization may log in with. */
export interface OrganizationConnection extends JsonObject {
  readonly connection_id: string
  /** Whether everybody who logs in with it becomes a member. */
  readonly assign_membership_on_login: boolean
  readonly is_signup_enabled: boolean
  readonly show_as_button: boolean
  /** Default true. Nobody logs in with one that is not. */
  readonly is_enabled?: boolean
}

/** What Actions and database scripts are shown of an organization. */
export function shownOrganization({ display_name, id, metadata, name }: Organization) {
  return { id, name, display_name, metadata }
}

/** The tenant's organizations, by id. */
export function organizationsOf(tenant: Tenant): Map<string, Organization> {
  return collectionOf<Organization>(tenant, 'organizations')
}

/** @returns The way into an organization through a connection; undefined when there is none. */
export function organizationConnection(
  { enabled_connections }: Organization,
  connectionId: string,
): OrganizationConnection | undefined {
  const found = enabled_connections.find(({ connection_id }) => connection_id === connectionId)
  return found !== undefined && isEnabled(found) ? found : undefined
}

export function isEnabled({ is_enabled }: OrganizationConnection): boolean {
  return is_enabled !== false
}

export function isMember(tenant: Tenant, { id }: Organization, userId: string): boolean {
  return membersOf(tenant).has(memberKey(id, userId))
}

export function addMember(tenant: Tenant, { id }: Organization, userId: string): void {
  const member = { organization_id: id, user_id: userId }
  membersOf(tenant).set(memberKey(id, userId), member)
}

export function removeMember(tenant: Tenant, { id }: Organization, userId: string): void {
  endMemberships(
    tenant,
    ({ organization_id, user_id }) => organization_id === id && user_id === userId,
  )
}

/** Members who are users still, in the order in which they became members. */
export function listMembers(tenant: Tenant, { id }: Organization): readonly User[] {
  return [...membersOf(tenant).values()].flatMap(({ organization_id, user_id }) =>
    organization_id === id ? (tenant.state.users.get(String(user_id)) ?? []) : [],
  )
}

export function organizationsOfUser(tenant: Tenant, userId: string): readonly Organization[] {
  return [...organizationsOf(tenant).values()].filter((one) => isMember(tenant, one, userId))
}

/** With the roles that members have by them. @param isGone Of a membership. */
export function endMemberships(tenant: Tenant, isGone: (membership: JsonObject) => boolean): void {
  endMemberRoles(tenant, isGone)
  const members = membersOf(tenant)
  for (const [key, membership] of members) if (isGone(membership)) members.delete(key)
}

function membersOf(tenant: Tenant): Map<string, JsonObject> {
  return collectionOf(tenant, 'organization_members')
}

function memberKey(organizationId: string, userId: string): string {
  return `${organizationId}\n${userId}`
}
