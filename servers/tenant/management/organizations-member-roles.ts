import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import {
  assignMemberRole,
  type Membership,
  removeMemberRole,
  rolesOfMember,
} from '../users/member-roles.ts'
import { isMember } from '../users/organizations.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'
import { readIds } from './member-lists.ts'
import { organizationIn } from './organizations-find.ts'
import { listed } from './paging.ts'
import { assertRoles } from './roles-members.ts'
import { userOf } from './users-search.ts'

const path = '/organizations/:id/members/:user_id/roles'

/** @see https://auth0.com/docs/manage-users/organizations/configure-organizations/add-member-roles */
export function addOrganizationMemberRoleEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', path, 'read:organization_member_roles', (c) => {
    const roles = rolesOfMember(tenant, membershipIn(c, tenant))
    return c.json(listed(c, 'roles', roles, ({ id }) => id))
  })
  add('POST', path, 'create:organization_member_roles', async (c) => {
    const roles = await readIds(c, 'roles')
    const membership = membershipIn(c, tenant)
    // All or none.
    assertRoles(tenant, roles)
    for (const role of roles) assignMemberRole(tenant, membership, role)
    return c.body(null, 204)
  })
  add('DELETE', path, 'delete:organization_member_roles', async (c) => {
    const roles = await readIds(c, 'roles')
    const membership = membershipIn(c, tenant)
    for (const role of roles) removeMemberRole(tenant, membership, role)
    return c.body(null, 204)
  })
}

/** @throws {ManagementError} 404 for who is no member. */
function membershipIn(c: Context, tenant: Tenant): Membership {
  const organization = organizationIn(c, tenant)
  const { user_id: userId } = userOf(tenant, segment(c, 'user_id')).profile
  if (isMember(tenant, organization, userId)) return { organizationId: organization.id, userId }
  throw new ManagementError(404, 'The user is not a member of the organization.', 'inexistent_user')
}
