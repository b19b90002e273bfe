import { hash } from '@node-rs/bcrypt'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createRateLimiter } from '../../../../servers/tenant/rate-limits.ts'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { begin, tokenRequest } from '../authentication/application.ts'
import { createBrowser } from '../authentication/browser.ts'
import { addUser } from '../authentication/sample-tenant.ts'
import {
  action,
  addClient,
  bindActions,
  passwordRealm,
} from '../authentication/tenant-resources.ts'
import { bob, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

const ann = { username: 'ann@example.com', password: 'right' }
const annId = 'auth0|ann'
const day = 86_400_000

let under: LegacyTenant
beforeAll(async () => {
  under = await startLegacyTenant()
  addClient(under.tenant, {
    client_id: 'web',
    grant_types: ['authorization_code', passwordRealm],
    is_token_endpoint_ip_header_trusted: true,
  })
})
afterAll(() => under.close())

beforeEach(async () => {
  const { activity, state } = under.tenant
  under.clock.now = Date.now()
  state.users.clear()
  activity.failedLogins.clear()
  activity.loginBuckets.clear()
  activity.logs.length = 0
  activity.outbox.length = 0
  under.scripts.length = 0
  protect(undefined)
  await addUser(under, 'legacy', 'ann', ann, { username: 'ann' })
})

function protect(brute_force_protection: boolean | undefined): void {
  const { connections } = under.tenant.state
  const legacy = connections.get('con_legacy')
  if (legacy === undefined) throw new Error('no database')
  const { brute_force_protection: _, ...options } = legacy.options
  const changed =
    brute_force_protection === undefined ? options : { ...options, brute_force_protection }
  connections.set('con_legacy', { ...legacy, options: changed })
}

const wrong = { ...ann, password: 'wrong' }

function grant(account: { username: string; password: string }, ip = '192.0.2.1') {
  const parameters = { grant_type: passwordRealm, realm: 'legacy', ...account }
  return tokenRequest(
    under,
    { client_id: 'web', client_secret: 'secret of web', ...parameters },
    { 'auth0-forwarded-for': ip },
  )
}

async function fail(
  times: number,
  account: { username: string; password: string } = wrong,
): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    expect((await grant(account)).body.error).toBe('invalid_grant')
  }
}

const blocked = {
  status: 429,
  body: {
    error: 'too_many_attempts',
    error_description: 'Your account has been blocked after multiple consecutive login attempts.',
  },
}

function logged(type: string): number {
  return under.tenant.activity.logs.filter((one) => one.type === type).length
}

test('brute force: after ten wrong passwords not even the right one opens, from that address', async () => {
  await fail(9)
  expect(logged('limit_wc')).toBe(0)
  await fail(1)
  expect(logged('limit_wc')).toBe(1)
  expect(await grant(ann)).toMatchObject(blocked)
  expect(await grant({ ...ann, username: ' ANN@Example.com' })).toMatchObject(blocked)
  expect(logged('limit_wc')).toBe(3)
  expect((await grant(ann, '192.0.2.2')).status).toBe(200)
  expect((await grant(ann)).status).toBe(429)
  expect(JSON.stringify(under.tenant.activity.logs)).not.toContain('ann@')
})

test('brute force: of many guesses at once ten are looked at', async () => {
  const { users } = under.tenant.state
  const user = users.get(annId)
  if (user === undefined) throw new Error('no Ann')
  // A hash that takes its time, so that all of them are under way at once.
  users.set(annId, { ...user, passwordHash: await hash(ann.password, 10) })
  const answers = await Promise.all(Array.from({ length: 20 }, () => grant(wrong)))
  const errors = answers.map(({ body }) => body.error)
  expect(errors.filter((error) => error === 'invalid_grant')).toHaveLength(10)
  expect(errors.filter((error) => error === 'too_many_attempts')).toHaveLength(10)
  expect(await grant(ann)).toMatchObject(blocked)
})

test('brute force: the tenth failure in a row counts; a right password starts anew', async () => {
  await fail(9)
  expect((await grant(ann)).status).toBe(200)
  await fail(9)
  expect((await grant(ann)).status).toBe(200)
})

test('brute force: on the page it is said in an alert', async () => {
  for (let time = 0; time < 10; time += 1) {
    expect((await under.logIn(ann.username, 'wrong')).status).toBe(400)
  }
  const visit = await under.logIn(ann.username, ann.password)
  expect(visit.status).toBe(429)
  expect(visit.text).toMatch(/<div role="alert"[^>]*>Your account has been blocked/)
})

test('brute force: guesses at who is still to be migrated are stopped before the legacy store is asked', async () => {
  await fail(10, { ...bob, password: 'guess' })
  expect(under.scripts).toHaveLength(10)
  expect(await grant(bob)).toMatchObject(blocked)
  expect(under.scripts).toHaveLength(10)
  expect((await grant(bob, '192.0.2.2')).status).toBe(200)
})

test('brute force: a store that is down is nobody’s wrong password', async () => {
  const down = { username: 'down@example.com', password: 'x' }
  for (let time = 0; time < 12; time += 1) {
    expect((await grant(down)).body.error).toBe('access_denied')
  }
  expect(under.tenant.activity.failedLogins.size).toBe(0)
})

test('brute force: a block ends 30 days after the last failure, and old ones are not kept', async () => {
  await fail(10)
  under.clock.now += 30 * day - 1
  expect((await grant(ann)).status).toBe(429)
  under.clock.now += 1
  expect((await grant(ann)).status).toBe(200)
  await fail(10)
  under.clock.now += 30 * day
  await fail(1, { ...bob, password: 'guess' })
  expect(under.tenant.activity.failedLogins.size).toBe(1)
})

test('brute force: a connection without it blocks nobody', async () => {
  protect(false)
  await fail(12)
  expect((await grant(ann)).status).toBe(200)
})

const settings = 'attack-protection/brute-force-protection'

/** Changes the tenant's settings for one test. */
async function withSettings(change: JsonObject, run: () => Promise<void>): Promise<void> {
  const before = await (await under.manage('GET', settings)).json()
  expect((await under.manage('PATCH', settings, change)).status).toBe(200)
  await run()
  expect((await under.manage('PATCH', settings, before)).status).toBe(200)
}

test('brute force: a tenant says after how many it blocks; more of them end a block', async () => {
  await withSettings({ max_attempts: 3 }, async () => {
    await fail(3)
    expect(await grant(ann)).toMatchObject(blocked)
    expect(logged('limit_wc')).toBe(2)
    await under.manage('PATCH', settings, { max_attempts: 5 })
    expect((await grant(ann)).status).toBe(200)
  })
})

test('brute force: where addresses are not told apart the account is blocked, from all of them', async () => {
  await withSettings({ mode: 'count_per_identifier', max_attempts: 3 }, async () => {
    await fail(2)
    expect((await grant(wrong, '192.0.2.2')).body.error).toBe('invalid_grant')
    for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      expect(await grant(ann, ip)).toMatchObject(blocked)
    }
    await under.manage('DELETE', 'user-blocks?identifier=ann%40example.com')
    await fail(2)
    expect((await grant(ann, '192.0.2.9')).status).toBe(200)
    await fail(2)
    expect((await grant(ann, '192.0.2.9')).status).toBe(200)
  })
})

test('brute force: nobody is blocked where it is off, without the shield, and from allowed addresses', async () => {
  const allowlist = ['203.0.113.7', '192.0.2.0/28', '2001:db8::/32']
  for (const change of [{ enabled: false }, { shields: ['user_notification'] }, { allowlist }]) {
    await withSettings(change, async () => {
      await fail(12)
      expect((await grant(ann)).status).toBe(200)
    })
  }
  await withSettings({ allowlist }, async () => {
    for (let time = 0; time < 10; time += 1) await grant(wrong, '192.0.2.16')
    expect((await grant(ann, '192.0.2.16')).status).toBe(429)
    for (let time = 0; time < 12; time += 1) await grant(wrong, '2001:db8::9')
    expect((await grant(ann, '2001:db8::9')).status).toBe(200)
  })
})

test('brute force: settings that cannot be are refused, and nothing changes', async () => {
  const before = await (await under.manage('GET', settings)).json()
  for (const change of [
    { max_attempts: 0 },
    { max_attempts: 101 },
    { max_attempts: 2.5 },
    { mode: 'count_per_address' },
    { shields: ['admin_notification'] },
    { allowlist: ['192.0.2.0/33'] },
    { allowlist: ['example.com'] },
    { allowlist: ['192.0.2.1/8/9'] },
    { threshold: 3 },
  ]) {
    expect((await under.manage('PATCH', settings, change)).status).toBe(400)
  }
  expect(await (await under.manage('GET', settings)).json()).toEqual(before)
})

test('brute force: a password reset ends the block, of a user and of one still to be migrated', async () => {
  for (const [account, address] of [
    [ann, 'ann@example.com'],
    [bob, 'bob@example.com'],
  ] as const) {
    await fail(10, { ...account, password: 'wrong' })
    await under.post('change_password', { email: address })
    const browser = createBrowser(under.fetch)
    const page = await browser.go(under.tenant.activity.outbox.at(-1)?.url ?? '')
    await browser.submit(page, { password: 'new', password_confirmation: 'new' })
    expect((await grant({ ...account, password: 'new' })).status).toBe(200)
  }
})

test('brute force: the Management API shows blocks and ends them, by identifier, by user, by password', async () => {
  const user = `user-blocks/${encodeURIComponent(annId)}`
  const identifier = 'user-blocks?identifier=ANN%40example.com'
  const blocks = async (path: string) =>
    ((await (await under.manage('GET', path)).json()) as JsonObject).blocked_for
  const patch = () =>
    under.manage('PATCH', `users/${encodeURIComponent(annId)}`, { password: ann.password })
  for (const end of [
    () => under.manage('DELETE', identifier),
    () => under.manage('DELETE', user),
    patch,
  ]) {
    await fail(9)
    expect(await blocks(identifier)).toEqual([])
    await fail(1)
    await fail(10, { username: 'ann', password: 'wrong' })
    const shown = { identifier: 'ann@example.com', ip: '192.0.2.1', connection: 'legacy' }
    expect(await blocks(identifier)).toEqual([shown])
    expect(await blocks(user)).toEqual([shown, { ...shown, identifier: 'ann' }])
    expect((await end()).ok).toBe(true)
    expect((await grant(ann)).status).toBe(200)
    await under.manage('DELETE', user)
    expect(await blocks(user)).toEqual([])
  }
  expect((await under.manage('GET', 'user-blocks')).status).toBe(400)
  expect((await under.manage('GET', 'user-blocks/auth0%7Cnobody')).status).toBe(404)
})

test('auth0-forwarded-for: only of an application that proves itself and is trusted with it', async () => {
  const trusted = { client_id: 'web', client_secret: 'secret of web' }
  const asked = { grant_type: passwordRealm, realm: 'legacy', ...ann }
  const ipOf = async (client: Record<string, string>, told: string) => {
    under.logins.length = 0
    await tokenRequest(under, { ...client, ...asked }, { 'auth0-forwarded-for': told })
    return under.logins.at(-1)?.event.request.ip
  }
  bindActions(under.tenant, [action('')])
  expect(await ipOf(trusted, '203.0.113.7')).toBe('203.0.113.7')
  expect(await ipOf(trusted, '2001:db8::7')).toBe('2001:db8::7')
  expect(await ipOf(trusted, 'not an address')).toBe('127.0.0.1')
  const clients = { grant_types: [passwordRealm], is_token_endpoint_ip_header_trusted: true }
  for (const change of [
    { token_endpoint_auth_method: 'none' },
    { is_token_endpoint_ip_header_trusted: false },
  ]) {
    addClient(under.tenant, { client_id: 'plain', ...clients, ...change })
    const legacy = under.tenant.state.connections.get('con_legacy')
    if (legacy === undefined) throw new Error('no database')
    const enabled_clients = ['web', 'plain']
    under.tenant.state.connections.set('con_legacy', { ...legacy, enabled_clients })
    const plain = { client_id: 'plain', client_secret: 'secret of plain' }
    expect(await ipOf(plain, '203.0.113.7')).toBe('127.0.0.1')
  }
  bindActions(under.tenant, [])
})

test('same user: twenty logins in a minute from one address, then ten a minute; right ones count', async () => {
  const limited = { ...under.tenant, rateLimiter: createRateLimiter('free') }
  Object.assign(under.tenant, { rateLimiter: limited.rateLimiter })
  try {
    for (let time = 0; time < 20; time += 1) {
      expect((await grant(time % 2 === 0 ? ann : wrong)).status).not.toBe(429)
    }
    const answer = await grant(ann)
    expect(answer).toMatchObject({ status: 429, body: { error: 'too_many_attempts' } })
    expect(answer.body.error_description).toContain('Too many logins')
    expect(logged('limit_sul')).toBe(1)
    expect((await grant(ann, '192.0.2.2')).status).toBe(200)
    expect((await grant(bob)).status).toBe(200)
    under.clock.now += 60_000
    let passed = 0
    for (let time = 0; time < 15; time += 1) passed += Number((await grant(ann)).status === 200)
    expect(passed).toBe(10)
    under.clock.now += 120_000
    expect((await grant(bob)).status).toBe(200)
    expect(under.tenant.activity.loginBuckets.size).toBe(1)
  } finally {
    Object.assign(under.tenant, { rateLimiter: undefined })
  }
  for (let time = 0; time < 25; time += 1) expect((await grant(ann)).status).toBe(200)
})

test('login page: a blocked login leaves the page usable from elsewhere', async () => {
  await fail(10)
  const { browser, visit } = await begin(under, under.web)
  expect(entered(await browser.submit(visit, ann))).toBe(true)
})
