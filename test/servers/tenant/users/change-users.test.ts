import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokenRequest } from '../authentication/application.ts'
import { addUser } from '../authentication/sample-tenant.ts'
import { entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

let under: LegacyTenant
beforeAll(async () => {
  under = await startLegacyTenant({ requires_username: true })
})
afterAll(() => under.close())

let count = 0
async function anyone(profile = {}) {
  count += 1
  const account = { username: `person-${count}@example.com`, password: 'a password' }
  const id = `auth0|user ${count}`
  await addUser(under, 'legacy', `user ${count}`, account, profile)
  return { ...account, path: `users/${encodeURIComponent(id)}` }
}

async function patch(path: string, body: object) {
  const response = await under.manage('PATCH', path, body)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

function profilesWith(member: string, value: string): readonly object[] {
  return [...under.tenant.state.users.values()].filter(({ profile }) => profile[member] === value)
}

test('PATCH /users/{id}: null takes an attribute away, and not what a login goes by', async () => {
  const names = { given_name: 'Ann', family_name: 'Other', picture: 'https://pics.example/1' }
  const { path } = await anyone({ ...names, phone_number: '+4912345' })
  const unset = { given_name: null, picture: null, phone_number: null }
  const { body, status } = await patch(path, { ...unset, nickname: 'annie' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ family_name: 'Other', nickname: 'annie' })
  for (const name of Object.keys(unset)) expect(body).not.toHaveProperty(name)
  for (const name of ['email', 'password', 'username', 'blocked', 'user_metadata']) {
    expect((await patch(path, { [name]: null })).status).toBe(400)
  }
})

test('PATCH /users/{id}: changes no password in place of that of the connection it names', async () => {
  const { password, path, username } = await anyone()
  const other = { connection: 'elsewhere', password: 'another password' }
  const refused = await patch(path, other)
  expect(refused).toMatchObject({ status: 400, body: { errorCode: 'operation_not_supported' } })
  expect(entered(await under.logIn(username, password))).toBe(true)
  expect((await patch(path, { connection: 'elsewhere', name: 'Ann' })).status).toBe(200)
  expect((await patch(path, { ...other, connection: 'legacy' })).status).toBe(200)
  expect(entered(await under.logIn(username, 'another password'))).toBe(true)
})

test('PATCH /users/{id}: of several at once for one username, one has it', async () => {
  const people = await Promise.all([anyone(), anyone(), anyone()])
  // The new password takes its time, after the username was found to be free.
  const change = { username: 'wanted', password: 'another password' }
  const answers = await Promise.all(people.map(({ path }) => patch(path, change)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  expect(profilesWith('username', 'wanted')).toHaveLength(1)
})

test('sign-up: of several at once for one username, one has it', async () => {
  const people = ['a@example.com', 'b@example.com', 'c@example.com']
  const answers = await Promise.all(
    people.map((email) => under.post('signup', { email, username: 'same', password: 'x' })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  expect(profilesWith('username', 'same')).toHaveLength(1)
})

const json = { 'content-type': 'application/json' }

test('a body that says that it is no JSON is none, whatever is in it', async () => {
  const { fetch, tenant } = under
  const account = { client_id: 'web', connection: 'legacy', email: 'd@example.com', password: 'x' }
  const body = JSON.stringify({ ...account, username: 'dan' })
  const post = (headers: Readonly<Record<string, string>>) =>
    fetch(`${tenant.issuer}dbconnections/signup`, { method: 'POST', headers, body })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    expect((await post({ 'content-type': type })).status).toBe(400)
  }
  expect((await post({ 'content-type': 'application/json; charset=utf-8' })).status).toBe(200)
})

test('the Management API: text is no object, and no empty name is one', async () => {
  const { path } = await anyone()
  const { issuer } = under.tenant
  const token = await tokenRequest(under, {
    ...{ grant_type: 'client_credentials', audience: `${issuer}api/v2/` },
    ...{ client_id: 'manager', client_secret: 'secret of manager' },
  })
  const authorization = `Bearer ${token.body.access_token}`
  const change = (headers: Readonly<Record<string, string>>) =>
    under.fetch(`${issuer}api/v2/${path}`, {
      method: 'PATCH',
      headers: { authorization, ...headers },
      body: JSON.stringify({ name: 'Ann' }),
    })
  const refused = await change({ 'content-type': 'text/plain;charset=UTF-8' })
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ errorCode: 'invalid_body' })
  expect((await change(json)).status).toBe(200)
  const account = { connection: 'legacy', email: 'e@example.com', password: 'x', username: 'eve' }
  for (const empty of [{ user_id: '' }, { username: '' }]) {
    expect((await under.manage('POST', 'users', { ...account, ...empty })).status).toBe(400)
  }
})
