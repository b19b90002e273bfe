import { afterEach, beforeEach, expect, test } from 'vitest'
import { type StartedTenant, startedTenant } from '../started-tenant.ts'

let tenant: StartedTenant

beforeEach(async () => {
  tenant = await startedTenant({ passwordHashRounds: 4 })
  await tenant.call('POST', '/connections', { name: 'users', strategy: 'auth0' })
  for (const id of ['1', '2']) {
    await tenant.call('POST', '/users', {
      ...{ connection: 'users', user_id: id, password: 'a Pass-word 1' },
      email: `user-${id}@legacy.example`,
    })
  }
})

afterEach(() => tenant.close())

async function makeRole(name: string): Promise<string> {
  return (await tenant.call('POST', '/roles', { name, description: `who ${name}s` })).body.id
}

test('roles: are made, found by name, changed and deleted', async () => {
  const id = await makeRole('edit')
  expect(id).toMatch(/^rol_[A-Za-z0-9]{16}$/)
  await makeRole('view')
  const { body: found } = await tenant.call('GET', '/roles?name_filter=EDI')
  expect(found).toEqual([{ id, name: 'edit', description: 'who edits' }])
  expect((await tenant.call('POST', '/roles', { name: 'edit' })).status).toBe(409)
  expect((await tenant.call('PATCH', `/roles/${id}`, { name: 'view' })).status).toBe(409)
  expect((await tenant.call('POST', '/roles', { name: ' ' })).status).toBe(400)
  const { body } = await tenant.call('PATCH', `/roles/${id}`, { name: 'write' })
  expect(body).toEqual({ id, name: 'write', description: 'who edits' })
  expect((await tenant.call('DELETE', `/roles/${id}`)).status).toBe(204)
  expect((await tenant.call('GET', `/roles/${id}`)).status).toBe(404)
})

test('roles: a user has those that are assigned from either side, until one of both is gone', async () => {
  const [edit, view] = [await makeRole('edit'), await makeRole('view')]
  const one = '/users/auth0%7C1/roles'
  expect((await tenant.call('POST', one, { roles: [edit, view] })).status).toBe(204)
  const users = { users: ['auth0|2'] }
  expect((await tenant.call('POST', `/roles/${view}/users`, users)).status).toBe(200)
  const namesOf = async () =>
    (await tenant.call('GET', one)).body.map(({ name }: { name: string }) => name)
  expect(await namesOf()).toEqual(['edit', 'view'])
  const { body } = await tenant.call('GET', `/roles/${view}/users?include_totals=true`)
  expect(body).toMatchObject({ total: 2, users: [{ user_id: 'auth0|1' }, { user_id: 'auth0|2' }] })
  expect((await tenant.call('DELETE', one, { roles: [view] })).status).toBe(204)
  expect(await namesOf()).toEqual(['edit'])
  await tenant.call('DELETE', '/users/auth0%7C2')
  expect((await tenant.call('GET', `/roles/${view}/users`)).body).toEqual([])
  await tenant.call('DELETE', `/roles/${edit}`)
  expect(await namesOf()).toEqual([])
})

test('roles: all of a list are assigned or none, and nobody unknown has any', async () => {
  const id = await makeRole('edit')
  const one = '/users/auth0%7C1/roles'
  expect((await tenant.call('POST', one, { roles: [id, 'rol_unknown'] })).status).toBe(404)
  expect((await tenant.call('POST', one, { roles: [] })).status).toBe(400)
  const users = { users: ['auth0|1', 'auth0|9'] }
  expect((await tenant.call('POST', `/roles/${id}/users`, users)).status).toBe(404)
  expect((await tenant.call('GET', one)).body).toEqual([])
  expect((await tenant.call('GET', '/users/auth0%7C9/roles')).status).toBe(404)
})
