import { afterEach, beforeEach, expect, test } from 'vitest'
import { action, addDatabase, bindActions } from '../authentication/tenant-resources.ts'
import { bob, bobId, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

let under: LegacyTenant
beforeEach(async () => {
  under = await startLegacyTenant()
})
afterEach(() => under.close())

function imported() {
  return under.tenant.state.users.get(bobId)
}

test('import: the first login asks the script as the person typed, and makes the user', async () => {
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(true)
  expect(under.scripts).toMatchObject([
    {
      script: 'login',
      args: [bob.username, bob.password],
      configuration: { STORE: 'https://store.example' },
    },
  ])
  expect(imported()?.profile).toMatchObject({
    user_id: bobId,
    email: 'bob@example.com',
    email_verified: true,
    username: 'bob',
    given_name: 'Bob',
    app_metadata: { plan: 'gold' },
    user_metadata: { locale: 'de' },
    identities: [
      { connection: 'legacy', provider: 'auth0', user_id: 'legacy|bob', isSocial: false },
    ],
    logins_count: 1,
  })
  expect(imported()?.mfaFactors).toEqual([{ totp: { secret: 'ABC' } }])
  expect(imported()?.passwordHash).toMatch(/^\$2b\$04\$/)
  expect(imported()?.profile).not.toHaveProperty('favourite_colour')
  const { logs, profileWrites } = under.tenant.activity
  expect(logs.some(({ description }) => description?.includes('favourite_colour'))).toBe(true)
  expect(profileWrites).toEqual([{ user_id: bobId, by: 'import' }])
})

test('import: the second login asks no script, by address or username, in any case', async () => {
  await under.logIn(bob.username, bob.password)
  under.scripts.length = 0
  for (const name of ['bob@example.com', 'BOB@EXAMPLE.COM', 'bob', 'Bob']) {
    expect(entered(await under.logIn(name, bob.password)), name).toBe(true)
  }
  const wrong = await under.logIn('bob@example.com', 'another')
  expect(wrong.text).toContain('Wrong email or password.')
  expect(under.scripts).toEqual([])
})

test('import: Actions see the metadata that arrived', async () => {
  bindActions(under.tenant, [action('')])
  await under.logIn(bob.username, bob.password)
  expect(under.logins[0]?.event.user).toMatchObject({
    app_metadata: { plan: 'gold' },
    user_metadata: { locale: 'de' },
  })
  expect(under.logins[0]?.event.stats.logins_count).toBe(1)
})

const rejected: readonly [why: string, username: string, password: string, status: number][] = [
  ['a wrong password', bob.username, 'wrong', 400],
  ['an unknown user', 'nobody@example.com', bob.password, 400],
  ['a script that is a no-op', 'gone@example.com', bob.password, 400],
  ['a script that calls back with an Error', 'down@example.com', bob.password, 503],
  ['a script that throws', 'silent@example.com', bob.password, 503],
  ['a profile without a valid address', 'odd@example.com', bob.password, 503],
]
for (const [why, username, password, status] of rejected) {
  test(`import: ${why} is a failed login without a user`, async () => {
    const visit = await under.logIn(username, password)
    expect([visit.left, visit.status]).toEqual([null, status])
    expect(visit.text).toContain('role="alert"')
    expect(visit.text).not.toContain('the store is down')
    expect(under.tenant.state.users.size).toBe(0)
  })
}

test('import: interrupted, it leaves a user who can log in and has no metadata', async () => {
  under.tenant.activity.interruptImport = (userId) => userId === bobId
  const first = await under.logIn(bob.username, bob.password)
  expect(first.left).toBeNull()
  expect(imported()?.profile).toMatchObject({ app_metadata: {}, user_metadata: {} })
  expect(imported()?.profile).not.toHaveProperty('given_name')
  under.scripts.length = 0
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(true)
  expect(under.scripts).toEqual([])
  expect(imported()?.profile.app_metadata).toEqual({})
})

test('import: two first logins at once make one user, and both enter', async () => {
  const both = await Promise.all([
    under.logIn(bob.username, bob.password),
    under.logIn(bob.username, bob.password),
  ])
  expect(both.map(entered)).toEqual([true, true])
  expect(under.tenant.state.users.size).toBe(1)
  expect(under.tenant.activity.profileWrites).toHaveLength(1)
})

test('import: by a phone number it does not let the old password into a user who is there', async () => {
  await under.logIn(bob.username, bob.password)
  const path = `users/${encodeURIComponent(bobId)}`
  expect((await under.manage('PATCH', path, { password: 'a new password' })).status).toBe(200)
  const visit = await under.logIn('+4912345', bob.password)
  expect(visit.left).toBeNull()
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(false)
  expect(entered(await under.logIn(bob.username, 'a new password'))).toBe(true)
})

test('import: of an id that a user with another address has fails, and changes nobody', async () => {
  await under.logIn(bob.username, bob.password)
  const path = `users/${encodeURIComponent(bobId)}`
  await under.manage('PATCH', path, { email: 'robert@example.com' })
  await under.manage('PATCH', path, { username: 'robert' })
  const before = imported()
  expect((await under.logIn(bob.username, bob.password)).status).toBe(503)
  expect(imported()).toBe(before)
  expect(under.tenant.state.users.size).toBe(1)
})

test('import: a user who was deleted is asked for again at the next login', async () => {
  await under.logIn(bob.username, bob.password)
  await under.manage('DELETE', `users/${encodeURIComponent(bobId)}`)
  expect(imported()).toBeUndefined()
  under.scripts.length = 0
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(true)
  expect(under.scripts.map(({ script }) => script)).toEqual(['login'])
})

test('import: without import_mode the store alone is asked; custom databases of that kind fail', async () => {
  const connection = under.tenant.state.connections.get('con_legacy')
  if (connection === undefined) throw new Error('no connection')
  const set = (change: Readonly<Record<string, boolean>>) =>
    under.tenant.state.connections.set('con_legacy', {
      ...connection,
      options: { ...connection.options, ...change },
    })
  set({ import_mode: false, enabledDatabaseCustomization: false })
  expect((await under.logIn(bob.username, bob.password)).status).toBe(400)
  set({ import_mode: false })
  expect((await under.logIn(bob.username, bob.password)).status).toBe(503)
  expect(under.scripts).toEqual([])
})

test('import: the script context is handed over where the connection has it', async () => {
  const connection = under.tenant.state.connections.get('con_legacy')
  if (connection === undefined) throw new Error('no connection')
  under.tenant.state.connections.set('con_legacy', {
    ...connection,
    options: { ...connection.options, enable_script_context: true },
  })
  await under.logIn(bob.username, bob.password)
  expect(under.scripts[0]?.args).toEqual([bob.username, bob.password, {}])
})

test('import: a wrong password is logged as fp or fu, by what the script knows of the user', async () => {
  const types = async (username: string) => {
    under.tenant.activity.logs.length = 0
    expect((await under.logIn(username, 'wrong')).status).toBe(400)
    const { logs } = under.tenant.activity
    return logs.filter(({ type }) => /^f/.test(type)).map(({ type, user_id }) => [type, user_id])
  }
  expect(await types(bob.username)).toEqual([['fp', undefined]])
  await under.logIn(bob.username, bob.password)
  expect(await types(bob.username)).toEqual([['fp', bobId]])
  const login = 'function login(a, b, done) { done(new WrongUsernameOrPasswordError(null)) }'
  addDatabase(under.tenant, 'legacy', { login })
  expect(await types('nobody@example.com')).toEqual([['fu', undefined]])
})
