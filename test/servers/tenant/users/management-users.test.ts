import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBrowser } from '../authentication/browser.ts'
import { addUser } from '../authentication/sample-tenant.ts'
import { bob, bobId, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

let under: LegacyTenant
beforeAll(async () => {
  under = await startLegacyTenant()
})
afterAll(() => under.close())

let count = 0
/** A user of the tenant's own, with an id that no other test has. */
async function anyone(id = `user ${count++}`, profile = {}) {
  const account = { username: `person-${count++}@example.com`, password: 'a password' }
  await addUser(under, 'legacy', id, account, profile)
  return { ...account, id: `auth0|${id}`, path: `users/${encodeURIComponent(`auth0|${id}`)}` }
}

async function json(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>
}

test('GET /users/{id}: finds every id that was percent-encoded, whatever is in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), async (id) => {
      fc.pre(!['.', '..'].includes(id))
      const { path } = await anyone(id)
      const response = await under.manage('GET', path)
      expect(response.status).toBe(200)
      expect((await json(response)).user_id).toBe(`auth0|${id}`)
    }),
    {
      numRuns: 60,
      examples: [['legacy|a/b'], ['%2F'], ['a%20b'], ['?q#f'], ['"\' <>&'], ['Ünï漢🙂']],
    },
  )
})

test('GET /users/{id}: never shows a password hash, and 404 names nobody', async () => {
  const { path } = await anyone()
  const text = await (await under.manage('GET', path)).text()
  expect(text).not.toContain('$2b$')
  expect(text).not.toMatch(/hash/i)
  const missing = await under.manage('GET', 'users/auth0%7Cnobody')
  expect(await json(missing)).toEqual({
    statusCode: 404,
    error: 'Not Found',
    message: 'The user does not exist.',
    errorCode: 'inexistent_user',
  })
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccUser.yaml
test('users: metadata that nobody has set are shown by no endpoint, and those of one kind alone', async () => {
  const { id: userId, path, username: email } = await anyone()
  const shown = async () => [
    await json(await under.manage('GET', path)),
    ...(await lists(`users?q=${encodeURIComponent(`user_id:"${userId}"`)}`)),
    ...(await lists(`users-by-email?email=${encodeURIComponent(email)}`)),
  ]
  const lists = async (one: string) =>
    (await (await under.manage('GET', one)).json()) as Record<string, unknown>[]
  for (const user of await shown()) {
    expect(user).toMatchObject({ email, user_id: userId })
    expect(user).not.toHaveProperty('app_metadata')
    expect(user).not.toHaveProperty('user_metadata')
  }
  await under.manage('PATCH', path, { app_metadata: { plan: 'gold' } })
  const after = await shown()
  expect(after).toHaveLength(3)
  for (const user of after) {
    expect(user.app_metadata).toEqual({ plan: 'gold' })
    expect(user).not.toHaveProperty('user_metadata')
  }
})

test('GET /users: of one connection only, and in the order that is asked for', async () => {
  const people = [await anyone(), await anyone(), await anyone()]
  const listed = async (query: string) => {
    const users = await (await under.manage('GET', `users?per_page=100&${query}`)).json()
    const ids = (users as { user_id: string }[]).map(({ user_id }) => user_id)
    return ids.filter((one) => people.some(({ id }) => id === one))
  }
  const up = people.map(({ id }) => id).toSorted()
  expect(await listed('connection=legacy&sort=user_id:1')).toEqual(up)
  expect(await listed('sort=user_id:-1&primary_order=true')).toEqual(up.toReversed())
  expect(await listed('connection=staff')).toEqual([])
  expect((await under.manage('GET', 'users?sort=user_id')).status).toBe(400)
})

test('PATCH /users/{id}: merges first-level metadata keys; null deletes, {} clears', async () => {
  const { path } = await anyone()
  const patch = async (body: object) => json(await under.manage('PATCH', path, body))
  await patch({ app_metadata: { a: { x: 1 }, b: 1 }, user_metadata: { u: 1 } })
  const merged = await patch({ app_metadata: { a: { y: 2 }, c: 3 } })
  expect(merged).toMatchObject({
    app_metadata: { a: { y: 2 }, b: 1, c: 3 },
    user_metadata: { u: 1 },
  })
  expect((merged.app_metadata as { a: object }).a).toEqual({ y: 2 })
  expect((await patch({ app_metadata: { b: null } })).app_metadata).toEqual({ a: { y: 2 }, c: 3 })
  expect(await patch({ app_metadata: {} })).not.toHaveProperty('app_metadata')
  expect((await patch({ blocked: true })).blocked).toBe(true)
})

const bad: readonly [why: string, body: unknown, message: string][] = [
  ['a forbidden name', { app_metadata: { email: 'x' } }, 'email'],
  ['the forbidden name metadata', { app_metadata: { metadata: {} } }, 'metadata'],
  ['a key with a dot', { user_metadata: { 'a.b': 1 } }, 'a.b'],
  ['a deep key with a dollar sign', { app_metadata: { a: [{ b: { $c: 1 } }] } }, '$c'],
  ['metadata that is an array', { app_metadata: [] }, 'app_metadata'],
  ['metadata that is null', { user_metadata: null }, 'user_metadata'],
  ['a member of another type', { blocked: 'yes' }, 'blocked'],
  ['an unknown member', { colour: 'green' }, 'Additional properties not allowed: colour'],
  ['a member of Object.prototype', { toString: 'x' }, 'toString'],
  ['an address that is none', { email: 'nobody' }, 'email'],
  ['e-mail and password at once', { email: 'a@b.c', password: 'x' }, 'simultaneously'],
  ['an array', [], 'object'],
]
for (const [why, body, message] of bad) {
  test(`PATCH /users/{id}: ${why} is 400 invalid_body and changes nothing`, async () => {
    const { id, path } = await anyone()
    const before = under.tenant.state.users.get(id)
    const response = await under.manage('PATCH', path, body)
    const answer = await json(response)
    expect(answer).toMatchObject({
      statusCode: 400,
      error: 'Bad Request',
      errorCode: 'invalid_body',
    })
    expect(answer.message).toContain(message)
    expect(under.tenant.state.users.get(id)).toBe(before)
  })
}

test('PATCH email: asks get_user for the new address, and only while nobody has it', async () => {
  const { path, ...first } = await anyone()
  const second = await anyone()
  under.scripts.length = 0
  const free = await under.manage('PATCH', path, { email: 'New@example.com' })
  expect(await json(free)).toMatchObject({ email: 'new@example.com', email_verified: false })
  expect(under.scripts).toMatchObject([{ script: 'get_user', args: ['new@example.com'] }])
  under.scripts.length = 0
  expect((await under.manage('PATCH', path, { email: second.username })).status).toBe(400)
  expect((await under.manage('PATCH', path, { email: 'new@example.com' })).status).toBe(200)
  expect(under.scripts).toEqual([])
  expect((await under.manage('PATCH', path, { email: 'bob@example.com' })).status).toBe(400)
  const down = await under.manage('PATCH', path, { email: 'down@example.com' })
  expect(await json(down)).toMatchObject({ statusCode: 400, message: 'the store is down' })
  expect((await under.manage('PATCH', path, { username: 'Robert' })).status).toBe(200)
  expect(under.scripts.map(({ args }) => args[0])).toEqual([
    'bob@example.com',
    'down@example.com',
    'robert',
  ])
  expect(entered(await under.logIn('new@example.com', first.password))).toBe(true)
})

test('PATCH email: away and back asks for both, and the old address opens nothing meanwhile', async () => {
  const { password, path, username } = await anyone()
  await under.manage('PATCH', path, { email: `away-${username}` })
  under.scripts.length = 0
  expect(entered(await under.logIn(username, password))).toBe(false)
  expect(under.scripts.map(({ script }) => script)).toEqual(['login'])
  expect((await under.manage('PATCH', path, { email: username })).status).toBe(200)
  expect(entered(await under.logIn(username, password))).toBe(true)
})

test('PATCH password: the new one is good at once, and sessions go on', async () => {
  const { password, path, username } = await anyone()
  await under.logIn(username, password)
  const sessions = under.tenant.activity.sessions.size
  expect((await under.manage('PATCH', path, { password: 'another one' })).status).toBe(200)
  expect(under.tenant.activity.sessions.size).toBe(sessions)
  expect(entered(await under.logIn(username, password))).toBe(false)
  expect(entered(await under.logIn(username, 'another one'))).toBe(true)
})

test('POST /users: makes a user, 409 for one who exists or waits to be migrated', async () => {
  const body = {
    connection: 'legacy',
    email: 'Dora@example.com',
    password: 'a password',
    user_id: 'dora|1',
    email_verified: true,
    app_metadata: { a: 1 },
  }
  const created = await under.manage('POST', 'users', body)
  expect(created.status).toBe(201)
  expect(await json(created)).toMatchObject({
    user_id: 'auth0|dora|1',
    email: 'dora@example.com',
    email_verified: true,
    app_metadata: { a: 1 },
  })
  expect((await under.manage('POST', 'users', body)).status).toBe(409)
  const sameId = { ...body, email: 'dora2@example.com' }
  expect((await under.manage('POST', 'users', sameId)).status).toBe(409)
  const waiting = { ...body, email: 'bob@example.com', user_id: 'x' }
  expect((await under.manage('POST', 'users', waiting)).status).toBe(409)
  const down = { ...body, email: 'down@example.com', user_id: 'y' }
  expect((await under.manage('POST', 'users', down)).status).toBe(400)
  const { password: _, ...without } = body
  expect((await json(await under.manage('POST', 'users', without))).message).toContain('password')
  const elsewhere = { ...body, connection: 'elsewhere' }
  expect((await under.manage('POST', 'users', elsewhere)).status).toBe(400)
})

test('DELETE /users/{id}: is 204 also for nobody, and ends what the user had', async () => {
  const { id, password, path, username } = await anyone()
  await under.logIn(username, password)
  expect((await under.manage('DELETE', path)).status).toBe(204)
  expect((await under.manage('DELETE', path)).status).toBe(204)
  const { codes, sessions } = under.tenant.activity
  expect([...sessions.values()].some(({ userId }) => userId === id)).toBe(false)
  expect([...codes.values()].some(({ login }) => login.userId === id)).toBe(false)
})

test('DELETE /connections/{id}/users: deletes by address', async () => {
  const { id, username } = await anyone()
  const query = `email=${encodeURIComponent(username)}`
  expect((await under.manage('DELETE', `connections/con_legacy/users?${query}`)).status).toBe(204)
  expect(under.tenant.state.users.has(id)).toBe(false)
})

test('GET /users-by-email: is case-sensitive', async () => {
  const { id, username } = await anyone()
  const find = async (email: string) =>
    (await under.manage('GET', `users-by-email?email=${encodeURIComponent(email)}`)).json()
  expect(await find(username)).toMatchObject([{ user_id: id }])
  expect(await find(username.toUpperCase())).toEqual([])
  expect((await under.manage('GET', 'users-by-email')).status).toBe(400)
})

test('GET /users: pages, counts, picks fields, and searches by user_id and email', async () => {
  const { id, username } = await anyone()
  const all = under.tenant.state.users.size
  const totals = await json(
    await under.manage('GET', 'users?include_totals=true&per_page=2&page=1'),
  )
  expect(totals).toMatchObject({ start: 2, limit: 2, length: 2, total: all })
  const list = async (query: string) =>
    (await under.manage('GET', `users?q=${encodeURIComponent(query)}&fields=user_id`)).json()
  expect(await list(`user_id:"${id}"`)).toEqual([{ user_id: id }])
  expect(await list(`email:${username}`)).toEqual([{ user_id: id }])
  for (const query of [
    'q=name:*',
    'q=email:*%20OR%20x',
    'per_page=101',
    'page=-1',
    'per_page=100&page=10',
  ]) {
    expect((await under.manage('GET', `users?${query}`)).status, query).toBe(400)
  }
})

test('GET /users: a linked identity is found by its id and connection, whoever is primary', async () => {
  const primary = await anyone()
  const secondary = await anyone('second" AND')
  const body = { provider: 'auth0', user_id: secondary.id }
  await under.manage('POST', `${primary.path}/identities`, body)
  const list = async (query: string) =>
    (await under.manage('GET', `users?q=${encodeURIComponent(query)}&fields=user_id`)).json()
  const id = String.raw`identities.user_id:"second\" AND"`
  const found = [{ user_id: primary.id }]
  expect(await list(id)).toEqual(found)
  expect(await list(`${id} AND identities.connection:"legacy"`)).toEqual(found)
  expect(await list(`${id} AND identities.connection:"other"`)).toEqual([])
  expect((await under.manage('GET', secondary.path)).status).toBe(404)
})

test('PATCH: update:users_app_metadata opens app_metadata, and nothing else', async () => {
  const { tenant } = under
  const { id, path } = await anyone()
  const claims = {
    iss: tenant.issuer,
    sub: 'manager@clients',
    azp: 'manager',
    aud: `${tenant.issuer}api/v2/`,
    gty: 'client-credentials',
    scope: 'update:users_app_metadata',
  }
  const token = await under.keys.sign(claims, { now: tenant.now(), lifetime: 60 })
  const patch = async (body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const init = { method: 'PATCH', headers, body: JSON.stringify(body) }
    return (await under.fetch(`${tenant.issuer}api/v2/${path}`, init)).status
  }
  expect(await patch({ app_metadata: { plan: 'gold' } })).toBe(200)
  expect(await patch({ app_metadata: { plan: 'lead' }, blocked: true })).toBe(403)
  expect(await patch({ user_metadata: { a: 1 } })).toBe(403)
  const { profile } = tenant.state.users.get(id) ?? expect.fail()
  expect(profile).toMatchObject({ app_metadata: { plan: 'gold' } })
  expect(profile.blocked).toBeUndefined()
})

test('identities: a linked account logs in as the primary user, and unlinked it is its own again', async () => {
  const primary = await anyone()
  const secondary = await anyone('second|ary', { given_name: 'Second' })
  const body = { provider: 'auth0', user_id: secondary.id }
  const linked = await under.manage('POST', `${primary.path}/identities`, body)
  expect(linked.status).toBe(201)
  expect(await linked.json()).toMatchObject([
    { provider: 'auth0' },
    { user_id: 'second|ary', profileData: { email: secondary.username, given_name: 'Second' } },
  ])
  expect(under.tenant.state.users.has(secondary.id)).toBe(false)
  expect(entered(await under.logIn(secondary.username, secondary.password))).toBe(true)
  expect(under.tenant.state.users.get(primary.id)?.profile.logins_count).toBe(1)
  const path = `${primary.path}/identities/auth0/${encodeURIComponent('second|ary')}`
  expect((await under.manage('DELETE', path)).status).toBe(200)
  expect((await under.manage('DELETE', path)).status).toBe(404)
  expect(entered(await under.logIn(secondary.username, secondary.password))).toBe(true)
  expect(under.tenant.state.users.get(secondary.id)?.profile).toMatchObject({
    logins_count: 1,
    app_metadata: {},
  })
  expect(under.tenant.state.users.get(primary.id)?.profile.logins_count).toBe(1)
  const self = { provider: 'auth0', user_id: primary.id }
  expect((await under.manage('POST', `${primary.path}/identities`, self)).status).toBe(400)
})

test('identities: the address of a linked account is taken, and its password can be reset', async () => {
  const primary = await anyone()
  const secondary = await anyone()
  const body = { provider: 'auth0', user_id: secondary.id }
  await under.manage('POST', `${primary.path}/identities`, body)
  under.scripts.length = 0
  const taken = await under.post('signup', { email: secondary.username, password: 'x' })
  expect(await taken.json()).toMatchObject({ code: 'user_exists' })
  await under.post('change_password', { email: secondary.username })
  const browser = createBrowser(under.fetch)
  const page = await browser.go(under.tenant.activity.outbox.at(-1)?.url ?? '')
  await browser.submit(page, { password: 'other', password_confirmation: 'other' })
  expect(under.scripts).toEqual([])
  expect(entered(await under.logIn(secondary.username, 'other'))).toBe(true)
  expect(entered(await under.logIn(primary.username, 'other'))).toBe(false)
  expect(entered(await under.logIn(primary.username, primary.password))).toBe(true)
})

test('scopes: without a token 401, with one that lacks the scope 403 insufficient_scope', async () => {
  const url = `${under.tenant.issuer}api/v2/users`
  const bare = await under.fetch(url)
  expect(await json(bare)).toMatchObject({ statusCode: 401, error: 'Unauthorized' })
  const { keys, tenant } = under
  const token = await keys.sign(
    {
      iss: tenant.issuer,
      sub: 'manager@clients',
      azp: 'manager',
      aud: `${tenant.issuer}api/v2/`,
      gty: 'client-credentials',
      scope: 'read:clients',
    },
    { now: tenant.now(), lifetime: 60 },
  )
  const { path } = await anyone()
  for (const [method, route, scope] of [
    ['GET', 'users', 'read:users'],
    ['POST', 'users', 'create:users'],
    ['GET', path, 'read:users'],
    ['PATCH', path, 'update:users,update:users_app_metadata'],
    ['DELETE', path, 'delete:users'],
    ['POST', `${path}/identities`, 'update:users'],
    ['DELETE', `${path}/identities/auth0/x`, 'update:users'],
    ['GET', 'users-by-email?email=x', 'read:users'],
    ['DELETE', 'connections/con_legacy/users?email=x', 'delete:users'],
  ] as const) {
    const headers = { authorization: `Bearer ${token}` }
    const response = await under.fetch(`${tenant.issuer}api/v2/${route}`, { method, headers })
    expect(await json(response), `${method} ${route}`).toMatchObject({
      statusCode: 403,
      errorCode: 'insufficient_scope',
      message: `Insufficient scope, expected any of: ${scope}`,
    })
  }
})

test('PATCH: what an import brought is kept by a change of something else', async () => {
  await under.logIn(bob.username, bob.password)
  const path = `users/${encodeURIComponent(bobId)}`
  const changed = await json(await under.manage('PATCH', path, { user_metadata: { locale: 'fr' } }))
  expect(changed).toMatchObject({ app_metadata: { plan: 'gold' }, user_metadata: { locale: 'fr' } })
})
