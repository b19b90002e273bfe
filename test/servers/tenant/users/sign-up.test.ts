import { afterEach, beforeEach, expect, test } from 'vitest'
import { entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

let under: LegacyTenant
beforeEach(async () => {
  under = await startLegacyTenant({ passwordPolicy: 'fair' })
})
afterEach(() => under.close())

const carol = { email: 'Carol@example.com', password: 'Correct h0rse' }

test('sign-up: asks get_user, makes the user in the tenant, and the login asks no script', async () => {
  const response = await under.post('signup', { ...carol, user_metadata: { theme: 'dark' } })
  expect(response.status).toBe(200)
  const body = (await response.json()) as Record<string, unknown>
  expect(body).toEqual({
    _id: expect.stringMatching(/^[0-9a-f]{24}$/),
    email: 'carol@example.com',
    email_verified: false,
  })
  expect(under.scripts).toMatchObject([{ script: 'get_user', args: ['carol@example.com'] }])
  const user = under.tenant.state.users.get(`auth0|${body._id}`)
  expect(user?.profile).toMatchObject({ user_metadata: { theme: 'dark' }, app_metadata: {} })
  under.scripts.length = 0
  expect(entered(await under.logIn(carol.email, carol.password))).toBe(true)
  expect(under.scripts).toEqual([])
})

test('sign-up: an address that waits to be migrated is taken', async () => {
  const response = await under.post('signup', { ...carol, email: 'bob@example.com' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'user_exists', statusCode: 400 })
  expect(under.tenant.state.users.size).toBe(0)
})

test('sign-up: an address of a user of the tenant is taken, without a script', async () => {
  await under.post('signup', carol)
  under.scripts.length = 0
  const response = await under.post('signup', { ...carol, email: 'CAROL@example.com' })
  expect(await response.json()).toMatchObject({ code: 'user_exists' })
  expect(under.scripts).toEqual([])
})

test('sign-up: of two at once for one address, one succeeds', async () => {
  const both = await Promise.all([under.post('signup', carol), under.post('signup', carol)])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
  expect(under.tenant.state.users.size).toBe(1)
})

test('sign-up: fails while the legacy store cannot be asked', async () => {
  const response = await under.post('signup', { ...carol, email: 'down@example.com' })
  expect(response.status).toBe(400)
  expect(under.tenant.state.users.size).toBe(0)
})

test('sign-up: the tenant can keep to itself that a user exists', async () => {
  const flags = { enable_public_signup_user_exists_error: false }
  under.tenant.state.settings.set('tenant', { flags })
  const response = await under.post('signup', { ...carol, email: 'bob@example.com' })
  expect(await response.json()).toMatchObject({ code: 'invalid_signup' })
})

const refused: readonly [why: string, change: Readonly<Record<string, unknown>>, code: string][] = [
  ['no address', { email: 'carol' }, 'invalid_request'],
  ['a short password', { password: 'Sh0rt' }, 'invalid_password'],
  ['a plain password', { password: 'all lower case' }, 'invalid_password'],
  ['a password of 73 bytes', { password: `Aa1${'x'.repeat(70)}` }, 'invalid_password'],
  ['another connection', { connection: 'other' }, 'invalid_request'],
  ['an unknown client', { client_id: 'other' }, 'invalid_request'],
  [
    'eleven metadata',
    { user_metadata: Object.fromEntries([...'abcdefghijk'].map((key) => [key, ''])) },
    'invalid_request',
  ],
  ['a metadata key with a dot', { user_metadata: { 'a.b': 'x' } }, 'invalid_request'],
]
for (const [why, change, code] of refused) {
  test(`sign-up: ${why} is refused, and the values are quoted nowhere`, async () => {
    const response = await under.post('signup', { ...carol, ...change } as Record<string, string>)
    const text = await response.text()
    expect(response.status).toBe(400)
    expect(text).toContain(code)
    expect(text).not.toContain(String(change.password ?? carol.password))
    expect(under.tenant.state.users.size).toBe(0)
  })
}

test('sign-up: is refused where the connection has it disabled', async () => {
  await under.close()
  under = await startLegacyTenant({ disable_signup: true })
  expect((await under.post('signup', carol)).status).toBe(400)
  expect(under.scripts).toEqual([])
})
