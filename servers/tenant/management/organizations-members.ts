import type { Context } from 'hono'
import type { JsonObject, Tenant, User } from '../state.ts'
import {
  addMember,
  listMembers,
  organizationsOfUser,
  removeMember,
} from '../users/organizations.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidBody } from './management-error.ts'
import { organizationIn, showOrganization } from './organizations-find.ts'
import { listed } from './paging.ts'
import { readBody, textsOf } from './request-body.ts'
import { userOf } from './users-search.ts'

const path = '/organizations/:id/members'

/** @see https://auth0.com/docs/api/management/v2/organizations/get-members */
export function addOrganizationMemberEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', path, 'read:organization_members', (c) => {
    const members = listMembers(tenant, organizationIn(c, tenant)).map(show)
    return c.json(listed(c, 'members', members, ({ user_id }) => user_id))
  })
  add('POST', path, 'create:organization_members', async (c) => {
    const ids = await readMembers(c)
    const organization = organizationIn(c, tenant)
    // All or none: an unknown user is found before anybody becomes a member.
    for (const id of ids) userOf(tenant, id)
    for (const id of ids) addMember(tenant, organization, id)
    return c.body(null, 204)
  })
  add('DELETE', path, 'delete:organization_members', async (c) => {
    const ids = await readMembers(c)
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

async function readMembers(c: Context): Promise<readonly string[]> {
  const body = await readBody(c, { members: { members: 'array' }, required: ['members'] })
  const ids = textsOf(body, 'members') ?? []
  if (ids.length > 0) return ids
  throw invalidBody("'Array is too short, minimum 1' on property members")
}

function show({ profile }: User): JsonObject {
  const { email, name, picture, user_id } = profile
  return {
    user_id,
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(picture !== undefined && { picture }),
  }
}
