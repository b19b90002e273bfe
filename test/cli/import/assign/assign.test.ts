import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assignCommand } from '../../../../cli/import/assign.ts'
import { runJobs } from '../../../../cli/import/jobs/run-jobs.ts'
import { organizationsOfUser } from '../../../../servers/tenant/users/organizations.ts'
import { rolesOfUser } from '../../../../servers/tenant/users/roles.ts'
import { createImportWorld, filesOf, type ImportWorld, pack } from '../import-world.ts'

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

test('assign: a name that the tenant does not have is found before anybody gets anything', async () => {
  const wrong = assign([...lines, { legacy_id: '4', roles: ['edtior'] }])
  await expect(wrong).rejects.toMatchObject({
    code: 'source_invalid',
    message: 'Line 4: the tenant has no role edtior. Make it first. Nothing was assigned.',
  })
  expect(assigned(1).roles).toEqual([])
})

test.each([
  ['no id', { roles: ['editor'] }],
  ['a member that is misspelt', { legacy_id: '1', role: ['editor'] }],
  ['roles that are no list', { legacy_id: '1', roles: 'editor' }],
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
