import type { Context } from 'hono'
import type { JsonObject, Tenant, User } from '../state.ts'
import { rolesOfMember } from '../users/member-roles.ts'
import {
  addMember,
  listMembers,
  type Organization,
  organizationsOfUser,
  removeMember,
} from '../users/organizations.ts'
import { type AddEndpoint, assertScope, segment } from './endpoint.ts'
import { readIds, showMember } from './member-lists.ts'
import { organizationIn, showOrganization } from './organizations-find.ts'
import { listed } from './paging.ts'
import { userOf } from './users-search.ts'

const path = '/organizations/:id/members'

/** @see https://auth0.com/docs/api/management/v2/organizations/get-members */
export function addOrganizationMemberEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', path, 'read:organization_members', (c, caller) => {
    const organization = organizationIn(c, tenant)
    const withRoles = wantsRoles(c)
    if (withRoles) assertScope(caller, 'read:organization_member_roles')
    const members = listMembers(tenant, organization).map((user) => ({
      ...showMember(user),
      ...(withRoles && { roles: shownRoles(tenant, organization, user) }),
    }))
    return c.json(listed(c, 'members', members, ({ user_id }) => user_id))
  })
  add('POST', path, 'create:organization_members', async (c) => {
    const ids = await readIds(c, 'members')
    const organization = organizationIn(c, tenant)
    // All or none: an unknown user is found before anybody becomes a member.
    for (const id of ids) userOf(tenant, id)
    for (const id of ids) addMember(tenant, organization, id)
    return c.body(null, 204)
  })
  add('DELETE', path, 'delete:organization_members', async (c) => {
    const ids = await readIds(c, 'members')
    const organization = organizationIn(c, tenant)
    for (const id of ids) removeMember(tenant, organization, id)
    return c.body(null, 204)
  })
  add('GET', '/users/:id/organizations', 'read:organizations', (c) => {
    const { profile } = userOf(tenant, segment(c, 'id'))
    const found = organizationsOfUser(tenant, profile.user_id).map(showOrganization)
    return c.json(listed(c, 'organizations', found, ({ id }) => id))
  })
}

/** They are shown to who asks for them by name, and to nobody else. */
function wantsRoles(c: Context): boolean {
  const fields = c.req.query('fields')?.split(',') ?? []
  return fields.includes('roles') && c.req.query('include_fields') !== 'false'
}

function shownRoles(
  tenant: Tenant,
  { id: organizationId }: Organization,
  { profile }: User,
): readonly JsonObject[] {
  const membership = { organizationId, userId: profile.user_id }
  return rolesOfMember(tenant, membership).map(({ id, name }) => ({ id, name }))
}
