import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Manage } from '../../../cli/import/jobs/leave-room.ts'
import { readMemberships } from '../../../cli/old-tenant/read-memberships.ts'
import { assignMemberRole } from '../../../servers/tenant/users/member-roles.ts'
import { addMember, organizationsOf } from '../../../servers/tenant/users/organizations.ts'
import { rolesOf } from '../../../servers/tenant/users/roles.ts'
import { createImportWorld, type ImportWorld } from '../import/import-world.ts'

let world: ImportWorld
let folder: string
/** By name. */
const organizations = new Map<string, string>()
const roles = new Map<string, string>()

beforeEach(async () => {
  world = await createImportWorld()
  folder = await mkdtemp(join(tmpdir(), 'memberships-test-'))
  for (const name of ['acme', 'globex']) await world.auth0.manage('POST', 'organizations', { name })
  for (const name of ['admin', 'editor', 'viewer']) {
    await world.auth0.manage('POST', 'roles', { name })
  }
  const { tenant } = world.running
  for (const { id, name } of organizationsOf(tenant).values()) organizations.set(name, id)
  for (const { id, name } of rolesOf(tenant).values()) roles.set(name, id)
})

afterEach(async () => {
  await rm(folder, { recursive: true })
  await world.close()
})

/** A user who is a member of these organizations, with these roles in each. */
function addUser(id: string, memberships: Readonly<Record<string, readonly string[]>>): string {
  const { tenant } = world.running
  const user_id = `auth0|${id}`
  const profile = { user_id, app_metadata: {}, user_metadata: {}, identities: [] }
  const times = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }
  tenant.state.users.set(user_id, { profile: { ...profile, ...times, email_verified: true } })
  for (const [name, names] of Object.entries(memberships)) {
    const organizationId = organizations.get(name) ?? expect.fail()
    const organization = organizationsOf(tenant).get(organizationId) ?? expect.fail()
    addMember(tenant, organization, user_id)
    for (const role of names) {
      const roleId = roles.get(role) ?? expect.fail()
      assignMemberRole(tenant, { organizationId, userId: user_id }, roleId)
    }
  }
  return user_id
}

async function read(manage: Manage = world.auth0.manage) {
  let rows = 0
  const found = await readMemberships(manage, folder, (more) => {
    rows += more
  })
  return { ...found, rows: () => rows }
}

test('readMemberships: has roles within each organization, and of the tenant, apart', async () => {
  const one = addUser('1', { acme: ['viewer', 'admin'], globex: [] })
  const two = addUser('2', { globex: ['editor'] })
  const three = addUser('3', {})
  const assigned = { roles: [roles.get('editor')] }
  await world.auth0.manage('POST', `users/${encodeURIComponent(one)}/roles`, assigned)
  const found = await read()
  expect(found.of(one)).toEqual({
    roles: ['editor'],
    organizations: [{ organization: 'acme', roles: ['admin', 'viewer'] }, 'globex'],
  })
  expect(found.of(two)).toEqual({
    roles: [],
    organizations: [{ organization: 'globex', roles: ['editor'] }],
  })
  expect(found.of(three)).toEqual({ roles: [], organizations: [] })
  found.close()
})

test('readMemberships: reads every page, and asks for nobody’s roles alone', async () => {
  const users = Array.from({ length: 230 }, (_, index) =>
    addUser(`n${index}`, { acme: index % 2 === 0 ? ['admin'] : [] }),
  )
  const before = world.requests.length
  const found = await read()
  const routes = world.requests.slice(before).map(({ route }) => route)
  expect(routes.filter((route) => route.endsWith('/members'))).toHaveLength(4)
  expect(routes.filter((route) => route.includes('{user_id}'))).toEqual([])
  const of = users.map((user) => found.of(user).organizations)
  const admin = [{ organization: 'acme', roles: ['admin'] }]
  expect(of).toEqual(users.map((_, index) => (index % 2 === 0 ? admin : ['acme'])))
  expect(found.rows()).toBe(230)
  found.close()
  expect(readdirSync(folder)).toEqual([])
})

test('readMemberships: a member whom the list shows without roles is asked about', async () => {
  const one = addUser('1', { acme: ['admin'], globex: [] })
  const withoutRoles: Manage = async (method, path, body) => {
    const answer = await world.auth0.manage(method, path, body)
    if (!path.includes('/members?')) return answer
    const { members } = answer.body as { readonly members: readonly { user_id: string }[] }
    return { ...answer, body: { members: members.map(({ user_id }) => ({ user_id })) } }
  }
  const found = await read(withoutRoles)
  expect(found.of(one).organizations).toEqual([
    { organization: 'acme', roles: ['admin'] },
    'globex',
  ])
  found.close()
})

test('readMemberships: a role that the list shows by its id alone has the name of the tenant’s', async () => {
  const one = addUser('1', { acme: ['admin'] })
  const idsAlone: Manage = async (method, path, body) => {
    const answer = await world.auth0.manage(method, path, body)
    if (!path.includes('/members?')) return answer
    const { members } = answer.body as { members: readonly { roles: readonly { id: string }[] }[] }
    const shown = members.map((one) => ({ ...one, roles: one.roles.map(({ id }) => ({ id })) }))
    return { ...answer, body: { members: shown } }
  }
  const found = await read(idsAlone)
  expect(found.of(one).organizations).toEqual([{ organization: 'acme', roles: ['admin'] }])
  found.close()
})

test('readMemberships: an organization’s own role is not taken for the tenant’s of that name', async () => {
  const one = addUser('1', { acme: ['admin'] })
  const ownRole: Manage = async (method, path, body) => {
    const answer = await world.auth0.manage(method, path, body)
    if (!path.includes('/members?')) return answer
    const { members } = answer.body as { readonly members: readonly object[] }
    const roles = [{ id: 'rol_of_acme', name: 'admin' }]
    return { ...answer, body: { members: members.map((member) => ({ ...member, roles })) } }
  }
  const found = await read(ownRole)
  expect(found.of(one).organizations).toEqual([{ organization: 'acme', roles: ['rol_of_acme'] }])
  found.close()
})

test('readMemberships: faults and limits on the way lose nobody', async () => {
  const one = addUser('1', { acme: ['admin'] })
  const route = '/api/v2/organizations/{id}/members'
  world.running.faults.add({ method: 'GET', route, status: 429, times: 1 })
  world.running.faults.add({ method: 'GET', route, cut: 'before', times: 1 })
  const found = await read()
  expect(found.of(one).organizations).toEqual([{ organization: 'acme', roles: ['admin'] }])
  found.close()
})

test('readMemberships: what cannot be read is an error, and no shorter list', async () => {
  addUser('1', { acme: ['admin'] })
  const broken: Manage = async (method, path, body) => {
    const answer = await world.auth0.manage(method, path, body)
    return path.includes('/members?') ? { ...answer, body: '<p>' } : answer
  }
  await expect(read(broken)).rejects.toMatchObject({ code: 'request_failed' })
})
