import { afterEach, beforeEach, expect, test } from 'vitest'
import { type StartedTenant, startedTenant } from '../started-tenant.ts'

const books = 'https://books.example/'
const read = { resource_server_identifier: books, permission_name: 'read:books' }
const lend = { resource_server_identifier: books, permission_name: 'lend:books' }
const one = '/users/auth0%7C1/permissions'

let tenant: StartedTenant
let role: string

beforeEach(async () => {
  tenant = await startedTenant({ passwordHashRounds: 4 })
  await tenant.call('POST', '/connections', { name: 'users', strategy: 'auth0' })
  await tenant.call('POST', '/users', {
    ...{ connection: 'users', user_id: '1', password: 'a Pass-word 1' },
    email: 'user-1@legacy.example',
  })
  const scopes = [{ value: 'read:books', description: 'Read' }, { value: 'lend:books' }]
  await tenant.call('POST', '/resource-servers', { identifier: books, name: 'Books', scopes })
  role = (await tenant.call('POST', '/roles', { name: 'reader' })).body.id
})

afterEach(() => tenant.close())

async function namesAt(path: string): Promise<readonly string[]> {
  const { body } = await tenant.call('GET', path)
  return body.map(({ permission_name }: { permission_name: string }) => permission_name)
}

test('permissions: a role has those that it is given, shown with their API, until they are taken', async () => {
  const path = `/roles/${role}/permissions`
  expect(await tenant.call('POST', path, { permissions: [read, lend] })).toMatchObject({
    status: 201,
  })
  const { body } = await tenant.call('GET', `${path}?include_totals=true&per_page=1`)
  const shown = { ...read, description: 'Read', resource_server_name: 'Books' }
  expect(body).toEqual({ total: 2, start: 0, limit: 1, permissions: [shown] })
  // As deploy-cli sends them: all of what the list showed.
  expect((await tenant.call('DELETE', path, { permissions: [shown] })).status).toBe(204)
  expect(await namesAt(path)).toEqual(['lend:books'])
})

test('permissions: a user has those of the roles and the user’s own, each once, with its sources', async () => {
  await tenant.call('POST', `/roles/${role}/permissions`, { permissions: [read] })
  await tenant.call('POST', '/users/auth0%7C1/roles', { roles: [role] })
  await tenant.call('POST', one, { permissions: [read, lend] })
  const direct = { source_id: '', source_name: '', source_type: 'DIRECT' }
  const ofRole = { source_id: role, source_name: 'reader', source_type: 'ROLE' }
  expect((await tenant.call('GET', one)).body).toMatchObject([
    { ...read, sources: [direct, ofRole] },
    { ...lend, sources: [direct] },
  ])
  await tenant.call('DELETE', one, { permissions: [read, lend] })
  expect((await tenant.call('GET', one)).body).toMatchObject([{ ...read, sources: [ofRole] }])
})

test('permissions: all of a list are given or none, and none that no API has', async () => {
  const unknown = { ...read, permission_name: 'burn:books' }
  const elsewhere = { ...read, resource_server_identifier: 'https://else.example/' }
  for (const path of [`/roles/${role}/permissions`, one]) {
    for (const wrong of [unknown, elsewhere]) {
      const refused = await tenant.call('POST', path, { permissions: [read, wrong] })
      expect(refused).toMatchObject({ status: 404, body: { errorCode: 'inexistent_permission' } })
    }
    for (const permissions of [[], [{ permission_name: 'read:books' }], 'read:books']) {
      expect((await tenant.call('POST', path, { permissions })).status).toBe(400)
    }
    expect(await namesAt(path)).toEqual([])
  }
  const nobodys = { permissions: [read] }
  expect((await tenant.call('POST', '/roles/rol_unknown/permissions', nobodys)).status).toBe(404)
  expect((await tenant.call('POST', '/users/auth0%7C9/permissions', nobodys)).status).toBe(404)
})

test.each([
  ['the API', () => tenant.call('DELETE', `/resource-servers/${encodeURIComponent(books)}`)],
  [
    'its scope',
    () =>
      tenant.call('PATCH', `/resource-servers/${encodeURIComponent(books)}`, {
        scopes: [{ value: 'lend:books' }],
      }),
  ],
])(
  'permissions: they end with %s, and do not come back with another of that name',
  async (_, end) => {
    await tenant.call('POST', `/roles/${role}/permissions`, { permissions: [read] })
    await tenant.call('POST', one, { permissions: [read] })
    expect((await end()).status).toBeLessThan(300)
    const scopes = [{ value: 'read:books' }]
    await tenant.call('POST', '/resource-servers', { identifier: books, scopes })
    await tenant.call('PATCH', `/resource-servers/${encodeURIComponent(books)}`, { scopes })
    expect(await namesAt(`/roles/${role}/permissions`)).toEqual([])
    expect(await namesAt(one)).toEqual([])
  },
)

test('permissions: those of a user end with the user, and those of a role with the role', async () => {
  await tenant.call('POST', one, { permissions: [lend] })
  await tenant.call('POST', `/roles/${role}/permissions`, { permissions: [read] })
  await tenant.call('POST', '/users/auth0%7C1/roles', { roles: [role] })
  await tenant.call('DELETE', `/roles/${role}`)
  expect(await namesAt(one)).toEqual(['lend:books'])
  await tenant.call('DELETE', '/users/auth0%7C1')
  await tenant.call('POST', '/users', {
    ...{ connection: 'users', user_id: '1', password: 'a Pass-word 1' },
    email: 'user-1@legacy.example',
  })
  expect(await namesAt(one)).toEqual([])
})
