import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assignCommand } from '../../../../cli/import/assign.ts'
import { runJobs } from '../../../../cli/import/jobs/run-jobs.ts'
import { rolesOfMember } from '../../../../servers/tenant/users/member-roles.ts'
import { organizationsOfUser } from '../../../../servers/tenant/users/organizations.ts'
import { rolesOf, rolesOfUser } from '../../../../servers/tenant/users/roles.ts'
import { createImportWorld, fileOf, filesOf, type ImportWorld, pack } from '../import-world.ts'

let world: ImportWorld
let path: string

beforeEach(async () => {
  world = await createImportWorld()
  const state = world.open()
  await runJobs(world.run(state), pack(state, filesOf(1, 4)))
  state.close()
  for (const name of ['editor', 'viewer']) await world.auth0.manage('POST', 'roles', { name })
  for (const name of ['acme', 'globex']) await world.auth0.manage('POST', 'organizations', { name })
  path = join(world.folder, 'assignments.ndjson')
})

afterEach(() => world.close())

async function assign(lines: readonly object[]) {
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return world.command(assignCommand, [path, '--state', world.statePath])
}

/** Roles within each organization that a user is a member of. */
function inOrganizations(id: number) {
  const { tenant } = world.running
  const userId = `auth0|legacy|${id}`
  const entries = organizationsOfUser(tenant, userId).map(({ id: organizationId, name }) => {
    const roles = rolesOfMember(tenant, { organizationId, userId })
    return [name, roles.map((role) => role.name)]
  })
  return Object.fromEntries(entries)
}

function assigned(id: number) {
  const { tenant } = world.running
  const userId = `auth0|legacy|${id}`
  return {
    roles: rolesOfUser(tenant, userId).map(({ name }) => name),
    organizations: organizationsOfUser(tenant, userId).map(({ name }) => name),
  }
}

const lines = [
  { legacy_id: '1', roles: ['editor', 'viewer'], organizations: ['acme'] },
  { user_id: 'auth0|legacy|2', organizations: ['acme', 'globex'] },
  { legacy_id: '3', roles: [] },
]

test('assign: everybody gets what they lack, and nothing is taken away', async () => {
  const { body } = await world.auth0.manage('GET', 'roles?name_filter=viewer')
  const [viewer] = body as readonly { readonly id: string }[]
  await world.auth0.manage('POST', 'users/auth0%7Clegacy%7C3/roles', { roles: [viewer?.id] })
  const { exitStatus, found } = await assign(lines)
  const numbers = { users: 3, done_before: 0, assigned: 2, unchanged: 1, no_user: 0 }
  expect(found).toEqual({ ...numbers, not_verified: 0 })
  expect(exitStatus).toBe(0)
  expect(assigned(1)).toEqual({ roles: ['editor', 'viewer'], organizations: ['acme'] })
  expect(assigned(2)).toEqual({ roles: [], organizations: ['acme', 'globex'] })
  expect(assigned(3).roles).toEqual(['viewer'])
})

test('assign: a second run asks Auth0 about nobody whose line is the same', async () => {
  await assign(lines)
  const before = world.requests.length
  expect((await assign(lines)).found).toMatchObject({ done_before: 3, assigned: 0 })
  const asked = world.requests.slice(before).map(({ route }) => route)
  expect(asked.some((route) => route.startsWith('/api/v2/users'))).toBe(false)
  const changed = lines.map((line, index) => (index === 2 ? { ...line, roles: ['editor'] } : line))
  expect((await assign(changed)).found).toMatchObject({ done_before: 2, assigned: 1 })
  expect(assigned(3).roles).toEqual(['editor'])
})

test('assign: a write whose answer is lost is looked at afterwards, and not guessed', async () => {
  const route = '/api/v2/users/{id}/roles'
  world.running.faults.add({ method: 'POST', route, status: 500, times: 1 })
  const { exitStatus, found } = await assign(lines)
  expect(found).toMatchObject({ assigned: 1, not_verified: 1 })
  expect(exitStatus).toBe(1)
  expect((await assign(lines)).found).toMatchObject({ done_before: 2, assigned: 1 })
})

test('assign: an answer that is none names no user, whose id may be an address', async () => {
  const state = world.open('addresses.ndjson')
  const id = 'jane@legacy.example'
  const user = fileOf(9, [{ id, more: { email: id } }])
  await runJobs(world.run(state), pack(state, [user]))
  state.close()
  world.running.faults.add({ method: 'GET', route: '/api/v2/users/{id}/roles', status: 503 })
  await expect(assign([{ legacy_id: id, roles: ['editor'] }])).rejects.toMatchObject({
    message: expect.stringMatching(/^GET users\/\{id\}\/roles: the tenant answered 503/),
  })
})

test('assign: a name that the tenant does not have is found before anybody gets anything', async () => {
  const wrong = assign([...lines, { legacy_id: '4', roles: ['edtior'] }])
  await expect(wrong).rejects.toMatchObject({
    code: 'source_invalid',
    message:
      'Line 4: the tenant has no one role edtior. Make it, or give the id of the one that is meant. Nothing was assigned.',
  })
  expect(assigned(1).roles).toEqual([])
})

test.each([
  ['no id', { roles: ['editor'] }],
  ['an id that nobody has', { legacy_id: '', roles: ['editor'] }],
  ['two ids', { legacy_id: '1', user_id: 'auth0|legacy|2', roles: ['editor'] }],
  ['a member that is misspelt', { legacy_id: '1', role: ['editor'] }],
  ['roles that are no list', { legacy_id: '1', roles: 'editor' }],
  ['an organization without a name', { legacy_id: '1', organizations: [{ roles: ['editor'] }] }],
  ['an organization that is a number', { legacy_id: '1', organizations: [7] }],
  [
    'an organization with a member that is misspelt',
    { legacy_id: '1', organizations: [{ organization: 'acme', role: ['editor'] }] },
  ],
  [
    'roles within an organization that are no list',
    { legacy_id: '1', organizations: [{ organization: 'acme', roles: 'editor' }] },
  ],
])('assign: a line with %s is refused', async (_, line) => {
  await expect(assign([line])).rejects.toMatchObject({
    code: 'source_invalid',
    message: expect.stringContaining('Line 1 '),
  })
})

test('assign: who is not in Auth0 is told, and the others are served', async () => {
  const { exitStatus, found } = await assign([{ legacy_id: '99', roles: ['editor'] }, ...lines])
  expect(found).toMatchObject({ no_user: 1, assigned: 2 })
  expect(exitStatus).toBe(1)
})

test('assign: an id may be any that an import takes, spaces and all', async () => {
  const state = world.open('more.ndjson')
  const users = ['J. Doe|7', 'K. Doe'].map((id, index) => {
    return { id, more: { email: `doe-${index}@legacy.example` } }
  })
  await runJobs(world.run(state), pack(state, [fileOf(9, users)]))
  state.close()
  const { found } = await assign([
    { legacy_id: 'J. Doe|7', roles: ['editor'] },
    { user_id: 'auth0|legacy|K. Doe', roles: ['editor'] },
  ])
  expect(found).toMatchObject({ assigned: 2, no_user: 0 })
})

const within = (organization: string, ...roles: readonly string[]) => ({ organization, roles })

test('assign: roles within an organization are of that membership, and of no other', async () => {
  const both = ['acme', within('acme', 'viewer'), within('globex', 'editor')]
  const { found } = await assign([
    { legacy_id: '1', roles: ['editor'], organizations: both },
    { legacy_id: '2', organizations: ['acme', 'globex'] },
  ])
  expect(found).toMatchObject({ assigned: 2, not_verified: 0 })
  expect(inOrganizations(1)).toEqual({ acme: ['viewer'], globex: ['editor'] })
  expect(inOrganizations(2)).toEqual({ acme: [], globex: [] })
  expect(assigned(1).roles).toEqual(['editor'])
})

test('assign: who has a role within an organization keeps it, and is given what is missing', async () => {
  await assign([{ legacy_id: '1', organizations: [within('acme', 'viewer')] }])
  const { found } = await assign([{ legacy_id: '1', organizations: [within('acme', 'editor')] }])
  expect(found).toMatchObject({ assigned: 1 })
  expect(inOrganizations(1)).toEqual({ acme: ['editor', 'viewer'] })
  const all = [{ legacy_id: '1', organizations: [within('acme', 'editor', 'viewer')] }]
  expect((await assign(all)).found).toMatchObject({ unchanged: 1, assigned: 0 })
})

test('assign: a write that was done and whose answer is cut off is done', async () => {
  const { faults } = world.running
  for (const route of [
    '/api/v2/users/{id}/roles',
    '/api/v2/organizations/{id}/members',
    '/api/v2/organizations/{id}/members/{user_id}/roles',
  ]) {
    faults.add({ method: 'POST', route, cut: 'after', times: 1 })
  }
  const one = [
    { legacy_id: '1', roles: ['viewer'], organizations: [within('acme', 'editor'), 'globex'] },
  ]
  // The membership may not be there, for all that is known: its roles wait for the next run.
  expect((await assign(one)).found).toMatchObject({ not_verified: 1 })
  expect((await assign(one)).found).toMatchObject({ assigned: 1 })
  expect(inOrganizations(1)).toEqual({ acme: ['editor'], globex: [] })
  expect(assigned(1).roles).toEqual(['viewer'])
})

test('assign: a role within an organization whose answer is lost is looked at afterwards', async () => {
  const one = [{ legacy_id: '1', organizations: [within('acme', 'editor')] }]
  const route = '/api/v2/organizations/{id}/members/{user_id}/roles'
  world.running.faults.add({ method: 'POST', route, status: 500, times: 1 })
  expect((await assign(one)).found).toMatchObject({ not_verified: 1 })
  expect(inOrganizations(1)).toEqual({ acme: [] })
  expect((await assign(one)).found).toMatchObject({ assigned: 1 })
  expect(inOrganizations(1)).toEqual({ acme: ['editor'] })
})

test('assign: who did not become a member is given no roles there, and the others are served', async () => {
  const route = '/api/v2/organizations/{id}/members'
  world.running.faults.add({ method: 'POST', route, status: 500, times: 1 })
  const two = [
    { legacy_id: '1', organizations: [within('acme', 'editor')] },
    { legacy_id: '2', organizations: [within('acme', 'editor')] },
  ]
  expect((await assign(two)).found).toMatchObject({ assigned: 1, not_verified: 1 })
  expect([inOrganizations(1), inOrganizations(2)]).toEqual([{}, { acme: ['editor'] }])
  expect((await assign(two)).found).toMatchObject({ assigned: 1, done_before: 1 })
})

test('assign: a line that says the same in another way is done', async () => {
  await assign([{ legacy_id: '1', organizations: ['acme', within('globex', 'editor', 'viewer')] }])
  const same = [within('globex', 'viewer'), within('acme'), within('globex', 'editor'), 'globex']
  const { found } = await assign([{ legacy_id: '1', organizations: same }])
  expect(found).toMatchObject({ done_before: 1 })
})

test('assign: a role within an organization that the tenant does not have is found at once', async () => {
  const wrong = [...lines, { legacy_id: '4', organizations: [within('acme', 'edtior')] }]
  await expect(assign(wrong)).rejects.toMatchObject({
    message:
      'Line 4: the tenant has no one role edtior. Make it, or give the id of the one that is meant. Nothing was assigned.',
  })
  expect(assigned(1).roles).toEqual([])
})

test('assign: a name that two roles have is nobody’s, and an id is that role’s', async () => {
  const { tenant } = world.running
  rolesOf(tenant).set('rol_other', { id: 'rol_other', name: 'editor', description: '' })
  await expect(assign([{ legacy_id: '1', roles: ['editor'] }])).rejects.toMatchObject({
    message:
      'Line 1: the tenant has no one role editor. Make it, or give the id of the one that is meant. Nothing was assigned.',
  })
  expect((await assign([{ legacy_id: '1', roles: ['rol_other'] }])).found).toMatchObject({
    assigned: 1,
  })
  const [{ id } = expect.fail()] = rolesOfUser(tenant, 'auth0|legacy|1')
  expect(id).toBe('rol_other')
})

test('assign: scopes that the file needs are asked for before anybody gets anything', async () => {
  const { clientGrants } = world.running.tenant.state
  const own = [...clientGrants].find(([, { client_id }]) => client_id === world.env.AUTH0_CLIENT_ID)
  const [id, grant] = own ?? expect.fail()
  const scope = grant.scope.filter((one) => !one.includes('organization_member_roles'))
  clientGrants.set(id, { ...grant, scope })
  const more = [...lines, { legacy_id: '4', organizations: [within('acme', 'editor')] }]
  await expect(assign(more)).rejects.toMatchObject({
    code: 'scope_missing',
    message: expect.stringContaining('create:organization_member_roles'),
  })
  expect(assigned(1).roles).toEqual([])
  // A file that has none of them needs none.
  expect((await assign(lines)).found).toMatchObject({ assigned: 2 })
})
