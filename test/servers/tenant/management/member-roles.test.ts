import { afterEach, beforeEach, expect, test } from 'vitest'
import { addClient, addGrant } from '../authentication/tenant-resources.ts'
import { type StartedTenant, startedTenant } from '../started-tenant.ts'

let tenant: StartedTenant
let organization: string
let edit: string
let view: string

beforeEach(async () => {
  tenant = await startedTenant({ passwordHashRounds: 4 })
  await tenant.call('POST', '/connections', { name: 'users', strategy: 'auth0' })
  for (const id of ['1', '2', '3']) {
    await tenant.call('POST', '/users', {
      ...{ connection: 'users', user_id: id, password: 'a Pass-word 1' },
      email: `user-${id}@legacy.example`,
    })
  }
  const make = async (path: string, name: string): Promise<string> =>
    (await tenant.call('POST', path, { name })).body.id
  organization = await make('/organizations', 'acme')
  ;[edit, view] = [await make('/roles', 'edit'), await make('/roles', 'view')]
  await tenant.call('POST', members(), { members: ['auth0|1', 'auth0|2'] })
})

afterEach(() => tenant.close())

const members = () => `/organizations/${organization}/members`
const rolesPath = (user: string) => `${members()}/auth0%7C${user}/roles`

async function namesOf(user: string): Promise<readonly string[]> {
  const { body } = await tenant.call('GET', rolesPath(user))
  return body.map(({ name }: { name: string }) => name)
}

test('member roles: are of one member in one organization, and of nobody’s tenant roles', async () => {
  const assigned = await tenant.call('POST', rolesPath('1'), { roles: [edit, view] })
  expect(assigned).toMatchObject({ status: 204 })
  expect(await namesOf('1')).toEqual(['edit', 'view'])
  expect(await namesOf('2')).toEqual([])
  expect((await tenant.call('GET', '/users/auth0%7C1/roles')).body).toEqual([])
  expect((await tenant.call('DELETE', rolesPath('1'), { roles: [view] })).status).toBe(204)
  expect(await namesOf('1')).toEqual(['edit'])
})

test('member roles: end with the membership, the role, the user and the organization', async () => {
  for (const user of ['1', '2']) {
    await tenant.call('POST', rolesPath(user), { roles: [edit, view] })
  }
  await tenant.call('DELETE', members(), { members: ['auth0|1'] })
  await tenant.call('POST', members(), { members: ['auth0|1'] })
  expect(await namesOf('1')).toEqual([])
  await tenant.call('DELETE', `/roles/${edit}`)
  expect(await namesOf('2')).toEqual(['view'])
  const kept = () => tenant.running.tenant.state.others.get('organization_member_roles')?.size
  expect(kept()).toBe(1)
  await tenant.call('DELETE', '/users/auth0%7C2')
  expect(kept()).toBe(0)
  await tenant.call('POST', rolesPath('1'), { roles: [view] })
  await tenant.call('DELETE', `/organizations/${organization}`)
  expect(kept()).toBe(0)
})

test('member roles: all of a list are assigned or none, and only to a member', async () => {
  const refused = async (user: string, roles: readonly string[]) =>
    (await tenant.call('POST', rolesPath(user), { roles })).status
  expect(await refused('1', [edit, 'rol_unknown'])).toBe(404)
  expect(await refused('1', [])).toBe(400)
  expect(await refused('9', [edit])).toBe(404)
  expect(await refused('3', [edit])).toBe(404)
  expect((await tenant.call('GET', rolesPath('3'))).status).toBe(404)
  expect(await namesOf('1')).toEqual([])
})

test('member roles: are listed by page', async () => {
  await tenant.call('POST', rolesPath('1'), { roles: [edit, view] })
  const { body } = await tenant.call('GET', `${rolesPath('1')}?per_page=1&include_totals=true`)
  expect(body).toMatchObject({ total: 2, limit: 1, roles: [{ id: edit }] })
})

test('members: show their roles where they are asked for, and the scope is there', async () => {
  await tenant.call('POST', rolesPath('1'), { roles: [view] })
  const all = await tenant.call('GET', members())
  expect(all.body[0]).not.toHaveProperty('roles')
  const asked = `${members()}?take=1&fields=user_id,roles&include_fields=true`
  const { body } = await tenant.call('GET', asked)
  expect(body.members).toEqual([{ user_id: 'auth0|1', roles: [{ id: view, name: 'view' }] }])
  const token = await tokenFor('read:organization_members')
  expect((await tenant.call('GET', members(), undefined, token)).status).toBe(200)
  expect((await tenant.call('GET', asked, undefined, token)).status).toBe(403)
})

async function tokenFor(scope: string): Promise<string> {
  const { issuer, tenant: own } = tenant.running
  const audience = `${issuer}api/v2/`
  const client = { client_id: 'reader', client_secret: 'secret of reader' }
  addClient(own, { ...client, grant_types: ['client_credentials'] })
  addGrant(own, client.client_id, audience, [scope])
  const grant = { grant_type: 'client_credentials', audience, ...client }
  return (await tenant.ask('POST', '/oauth/token', grant)).body.access_token
}
