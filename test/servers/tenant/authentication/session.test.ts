import { decodeJwt } from 'jose'
import type * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { application, begin, logIn, redeem } from './application.ts'
import { createBrowser } from './browser.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { action, addClient, bindActions, callback, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
})
beforeEach(() => {
  bindActions(under.tenant, [])
  under.logins.length = 0
})
afterAll(() => under.close())

test('session: a second application logs in without the page, and the Actions run', async () => {
  const { browser, tokens } = await logIn(under, web, ada)
  bindActions(under.tenant, [action('')])
  const other = await application(under, 'other')
  const start = await begin(under, other, { audience: ordersApi }, browser)
  const second = await redeem(other, start, start.visit)
  expect(second.claims()?.sub).toBe(adaId)
  expect(second.claims()?.sid).toBe(decodeJwt(tokens.id_token ?? '').sid)
  expect(under.logins).toHaveLength(1)
  expect(under.logins[0]?.event).toMatchObject({
    client: { client_id: 'other' },
    session: { clients: [{ client_id: 'web' }] },
    stats: { logins_count: 1 },
    transaction: { protocol: 'oidc-basic-profile', prompt: [] },
  })
})

test('session: a silent login runs the Actions, and their denial reaches the application', async () => {
  const { browser } = await logIn(under, web, ada)
  bindActions(under.tenant, [action('api.access.deny("no more")')])
  const { visit } = await begin(under, web, { prompt: 'none' }, browser)
  expect(visit.left?.searchParams.get('error')).toBe('access_denied')
  expect(visit.left?.searchParams.get('error_description')).toBe('no more')
  expect(under.logins[0]?.event.transaction?.prompt).toEqual(['none'])
  expect(under.logins[0]?.event.request.query).toMatchObject({ prompt: 'none', client_id: 'web' })
  bindActions(under.tenant, [])
  const after = await begin(under, web, { prompt: 'none' }, browser)
  expect(after.visit.left?.searchParams.get('code')).not.toBeNull()
})

test('session: a first login that an Action denies leaves none', async () => {
  bindActions(under.tenant, [action('api.access.deny("no")')])
  const start = await begin(under, web)
  const { left } = await start.browser.submit(start.visit, ada)
  expect(left?.searchParams.get('error')).toBe('access_denied')
  bindActions(under.tenant, [])
  const { visit } = await begin(under, web, { prompt: 'none' }, start.browser)
  expect(visit.left?.searchParams.get('error')).toBe('login_required')
})

test('session: an application without single sign-on asks for the password, and never silently', async () => {
  const { browser } = await logIn(under, web, ada)
  const other = await application(under, 'other')
  addClient(under.tenant, { client_id: 'other', sso_disabled: true })
  const asked = await begin(under, other, {}, browser)
  expect(asked.visit.text).toContain('<form')
  const { visit } = await begin(under, other, { prompt: 'none' }, browser)
  expect(visit.left?.searchParams.get('error')).toBe('login_required')
  addClient(under.tenant, { client_id: 'other' })
  const again = await begin(under, other, { prompt: 'none' }, browser)
  expect(again.visit.left?.searchParams.get('code')).not.toBeNull()
})

test('session: of another connection than the one asked for it is none', async () => {
  const { browser } = await logIn(under, web, ada)
  const own = await begin(under, web, { connection: 'people' }, browser)
  expect(own.visit.left?.searchParams.get('code')).not.toBeNull()
  const { visit } = await begin(under, web, { connection: 'staff', prompt: 'none' }, browser)
  expect(visit.left?.searchParams.get('error')).toBe('login_required')
})

test('session: prompt=login and a max_age that is over ask for the password again', async () => {
  const { browser } = await logIn(under, web, ada)
  const asked = await begin(under, web, { prompt: 'login' }, browser)
  expect(asked.visit.text).toContain('<form')
  under.clock.now += 61_000
  const old = await begin(under, web, { max_age: '60' }, browser)
  expect(old.visit.text).toContain('<form')
  const young = await begin(under, web, { max_age: '62' }, browser)
  expect(young.visit.left?.searchParams.get('code')).not.toBeNull()
})

test('session: max_age=0 asks for the password, however young the session is', async () => {
  const { browser } = await logIn(under, web, ada)
  const { visit } = await begin(under, web, { max_age: '0' }, browser)
  expect(visit.text).toContain('<form')
  const silent = await begin(under, web, { max_age: '0', prompt: 'none' }, browser)
  expect(silent.visit.left?.searchParams.get('error')).toBe('login_required')
})

const ends = [
  ['http://localhost:3000/callback', false],
  ['http://127.0.0.1:3000/callback', false],
  ['http://127.1/callback', false],
  ['https://[::1]/callback', false],
  ['com.example.app://callback', false],
  ['http://app.localhost/callback', true],
  ['http://app.example/callback', true],
] as const
test.each(ends)('session: whether a silent login may end at %s: %s', async (redirect_uri, may) => {
  const setting = 'skip_non_verifiable_callback_uri_confirmation_prompt'
  const callbacks = [callback, redirect_uri]
  const { settings } = under.tenant.state
  addClient(under.tenant, { client_id: 'web', callbacks })
  const { browser } = await logIn(under, web, ada)
  const silently = async () => {
    const { visit } = await begin(under, web, { redirect_uri, prompt: 'none' }, browser)
    expect(visit.left?.protocol).toBe(new URL(redirect_uri).protocol)
    return visit.left?.searchParams.get('error') ?? 'none'
  }
  const refused = may ? 'none' : 'interaction_required'
  expect(await silently()).toBe(refused)
  settings.set('tenant', { [setting]: true })
  expect(await silently()).toBe('none')
  addClient(under.tenant, { client_id: 'web', callbacks, [setting]: false })
  expect(await silently()).toBe(refused)
  settings.clear()
  addClient(under.tenant, { client_id: 'web', callbacks, [setting]: true })
  expect(await silently()).toBe('none')
  addClient(under.tenant, { client_id: 'web' })
})

test('session: it idles out and it ends, as the tenant’s settings say', async () => {
  under.tenant.state.settings.set('tenant', { session_lifetime: 3, idle_session_lifetime: 2 })
  const { browser } = await logIn(under, web, ada)
  const silently = async () => {
    const { visit } = await begin(under, web, { prompt: 'none' }, browser)
    return visit.left?.searchParams.get('error') ?? 'none'
  }
  under.clock.now += 1.5 * 3_600_000
  expect(await silently()).toBe('none')
  under.clock.now += 1.4 * 3_600_000
  expect(await silently()).toBe('none')
  under.clock.now += 0.2 * 3_600_000
  expect(await silently()).toBe('login_required')
  const again = await logIn(under, web, ada)
  under.clock.now += 2 * 3_600_000
  const { visit } = await begin(under, web, { prompt: 'none' }, again.browser)
  expect(visit.left?.searchParams.get('error')).toBe('login_required')
  under.tenant.state.settings.clear()
})

test('session: a blocked user’s and a deleted user’s are of no use', async () => {
  const { browser } = await logIn(under, web, ada)
  const { users } = under.tenant.state
  const user = users.get(adaId)
  if (user === undefined) throw new Error('no Ada')
  users.set(adaId, { ...user, profile: { ...user.profile, blocked: true } })
  const blocked = await begin(under, web, { prompt: 'none' }, browser)
  expect(blocked.visit.left?.searchParams.get('error')).toBe('unauthorized')
  users.delete(adaId)
  const deleted = await begin(under, web, { prompt: 'none' }, browser)
  expect(deleted.visit.left?.searchParams.get('error')).toBe('login_required')
  users.set(adaId, user)
})

test('logout: ends the session and leads only where the application may', async () => {
  addClient(under.tenant, { client_id: 'web', allowed_logout_urls: ['https://app.example/bye'] })
  const { browser } = await logIn(under, web, ada)
  const logout = `${under.tenant.issuer}v2/logout?client_id=web&returnTo=`
  const bye = await browser.go(`${logout}${encodeURIComponent('https://app.example/bye')}`)
  expect(bye.left?.href).toBe('https://app.example/bye')
  const { visit } = await begin(under, web, { prompt: 'none' }, browser)
  expect(visit.left?.searchParams.get('error')).toBe('login_required')
  const evil = await browser.go(`${logout}${encodeURIComponent('https://evil.example/')}`)
  expect([evil.status, evil.left]).toEqual([400, null])
  const noClient = await browser.go(`${under.tenant.issuer}v2/logout?returnTo=${callback}`)
  expect([noClient.status, noClient.left]).toEqual([400, null])
})

test('logout: query and fragment of the address are its own, and nothing else of it is', async () => {
  const bye = 'https://app.example/bye'
  addClient(under.tenant, { client_id: 'web', allowed_logout_urls: [bye, 'https://b.example/'] })
  const browser = createBrowser(under.fetch)
  const go = (query: Readonly<Record<string, string>>) =>
    browser.go(`${under.tenant.issuer}v2/logout?${new URLSearchParams(query)}`)
  expect((await go({ client_id: 'web' })).left?.href).toBe(bye)
  for (const returnTo of [`${bye}?from=here`, `${bye}#top`, 'https://B.example']) {
    const { left } = await go({ client_id: 'web', returnTo })
    expect(left?.href).toBe(new URL(returnTo).href)
  }
  const lookalikes = ['http://app.example/bye', 'https://app.example/Bye', 'https://me@b.example/']
  const more = [
    'https://b.example.evil.example/',
    '//b.example/',
    '/bye',
    'https://b.example:8443/',
  ]
  for (const returnTo of [...lookalikes, ...more, `${bye}\r\nset-cookie: a=b`, '']) {
    const { left, status } = await go({ client_id: 'web', returnTo })
    expect([returnTo, status, left]).toEqual([returnTo, 400, null])
  }
  const split = await go({ client_id: 'web', returnTo: `${bye}?\r\nset-cookie: a=b` })
  expect(split.headers.get('set-cookie')).toBeNull()
  expect((await go({ client_id: 'nobody' })).text).toBe('OK')
})

test('session: its cookie is new with every login, and nobody’s guess', async () => {
  const { browser } = await logIn(under, web, ada)
  const before = browser.cookies.get('__Host-auth0')
  const start = await begin(under, web, { prompt: 'login' }, browser)
  await browser.submit(start.visit, ada)
  const after = browser.cookies.get('__Host-auth0')
  expect(after).not.toBe(before)
  const thief = createBrowser(under.fetch)
  thief.cookies.set('__Host-auth0', before ?? '')
  const { visit } = await begin(under, web, { prompt: 'none' }, thief)
  expect(visit.left?.searchParams.get('error')).toBe('login_required')
})
