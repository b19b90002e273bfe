import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { begin } from '../authentication/application.ts'
import { type Browser, createBrowser, type Visit } from '../authentication/browser.ts'
import { addUser } from '../authentication/sample-tenant.ts'
import { action, addClient, bindActions } from '../authentication/tenant-resources.ts'
import { bob, bobId, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

const ann = { username: 'ann@example.com', password: 'right' }

let under: LegacyTenant
beforeAll(async () => {
  under = await startLegacyTenant()
  addClient(under.tenant, { client_id: 'web', organization_usage: 'allow' })
})
afterAll(() => under.close())

beforeEach(async () => {
  const { activity, state } = under.tenant
  state.users.clear()
  state.others.clear()
  state.settings.clear()
  activity.outbox.length = 0
  activity.sessions.clear()
  under.logins.length = 0
  connection({})
  bindActions(under.tenant, [action('')])
  await addUser(under, 'legacy', 'ann', ann)
})

let options: JsonObject | undefined
/** Sets options of the database, in place of what an earlier test set. */
function connection(change: JsonObject): void {
  const { connections } = under.tenant.state
  const legacy = connections.get('con_legacy')
  if (legacy === undefined) throw new Error('no database')
  options ??= legacy.options
  connections.set('con_legacy', { ...legacy, options: { ...options, ...change } })
}

/** Opens the login page, then the page to which a link of it leads. */
async function open(link: string, parameters: Readonly<Record<string, string>> = {}) {
  const { browser, visit } = await begin(under, under.web, parameters)
  return { browser, visit: await follow(browser, visit, link) }
}

function follow(browser: Browser, { text, url }: Visit, link: string): Promise<Visit> {
  const [, href = ''] = new RegExp(`<a href="([^"]+)">${link}</a>`).exec(text) ?? []
  if (href === '') throw new Error(`no link ${link}`)
  return browser.go(new URL(href.replaceAll('&amp;', '&'), url).href)
}

function alertOf({ text }: Visit): string {
  return /<div role="alert"[^>]*>([^<]*)/.exec(text)?.[1] ?? ''
}

test('sign-up page: makes a user, logs in by it, and the Actions run', async () => {
  const { browser, visit } = await open('Sign up')
  const end = await browser.submit(visit, { email: 'New@Example.com', password: 'x' })
  expect(entered(end)).toBe(true)
  const [login] = under.logins
  expect(login?.event.user).toMatchObject({ email: 'new@example.com', email_verified: false })
  expect(login?.event.stats.logins_count).toBe(1)
  const silent = await begin(under, under.web, { prompt: 'none' }, browser)
  expect(entered(silent.visit)).toBe(true)
})

test('sign-up page: screen_hint=signup opens it at once', async () => {
  const { visit } = await begin(under, under.web, { screen_hint: 'signup' })
  expect(new URL(visit.url).pathname).toBe('/u/signup')
})

test('sign-up page: an account that is there, or waits to be migrated, is said in an alert', async () => {
  const { browser, visit } = await open('Sign up')
  for (const email of ['Ann@example.com', 'bob@example.com']) {
    const end = await browser.submit(visit, { email, password: 'x' })
    expect(end.status).toBe(400)
    expect(alertOf(end)).toContain('There is an account with that name already')
  }
  const flags = { enable_public_signup_user_exists_error: false }
  under.tenant.state.settings.set('tenant', { flags })
  const mute = await browser.submit(visit, { email: 'ann@example.com', password: 'x' })
  expect(alertOf(mute)).toBe('We could not make your account.')
  expect(entered(await browser.submit(visit, { email: 'new@example.com', password: 'x' }))).toBe(
    true,
  )
})

test('sign-up page: what is missing or weak is said, and what was typed stays but for the password', async () => {
  connection({ passwordPolicy: 'good' })
  const { browser, visit } = await open('Sign up')
  expect(visit.text).toContain('At least 8 characters')
  const weak = await browser.submit(visit, { email: 'new@example.com', password: 'secret' })
  expect(alertOf(weak)).toContain('too short')
  expect(weak.text).toContain('value="new@example.com"')
  expect(weak.text).not.toContain('"secret"')
  const none = await browser.submit(visit, { email: 'no address', password: 'Correct Horse 1' })
  expect(alertOf(none)).toContain('Enter an email address')
  connection({ requires_username: true })
  const page = await browser.go(visit.url)
  expect(page.text).toContain('<label for="username">')
  const nameless = await browser.submit(page, {
    email: 'new@example.com',
    password: 'Correct Horse 1',
  })
  expect(nameless.status).toBe(400)
  expect(under.tenant.state.users.size).toBe(1)
})

test('sign-up page: while the legacy store cannot be asked nobody signs up, and nothing of it leaks', async () => {
  const { browser, visit } = await open('Sign up')
  const end = await browser.submit(visit, { email: 'down@example.com', password: 'x' })
  expect(end.status).toBe(503)
  expect(alertOf(end)).toContain('Try again')
  expect(end.text).not.toContain('the store is down')
})

test('sign-up page: is not there where sign-up is closed, nor linked to', async () => {
  const { browser, visit } = await open('Sign up')
  connection({ disable_signup: true })
  expect((await browser.go(visit.url)).status).toBe(400)
  const posted = await browser.submit(visit, { email: 'new@example.com', password: 'x' })
  expect(posted.status).toBe(400)
  expect(under.tenant.state.users.size).toBe(1)
  await expect(open('Sign up')).rejects.toThrow('no link')
})

test('sign-up page: an organization opens it for each connection, and it is closed at first', async () => {
  const body = { name: 'acme', enabled_connections: [{ connection_id: 'con_legacy' }] }
  const made = await under.manage('POST', 'organizations', body)
  const { id } = (await made.json()) as { id: string }
  await expect(open('Sign up', { organization: id })).rejects.toThrow('no link')
  const path = `organizations/${id}/enabled_connections/con_legacy`
  await under.manage('PATCH', path, { is_signup_enabled: true, assign_membership_on_login: true })
  const { browser, visit } = await open('Sign up', { organization: id })
  const end = await browser.submit(visit, { email: 'new@example.com', password: 'x' })
  expect(entered(end)).toBe(true)
  expect(under.logins[0]?.event.organization?.id).toBe(id)
})

test('sign-up page: belongs to its browser and to one login', async () => {
  const { browser, visit } = await open('Sign up')
  expect(
    (await createBrowser(under.fetch).submit(visit, { email: 'a@example.com', password: 'x' }))
      .status,
  ).toBe(400)
  expect(under.tenant.state.users.size).toBe(1)
  await browser.submit(visit, { email: 'a@example.com', password: 'x' })
  expect((await browser.submit(visit, { email: 'b@example.com', password: 'x' })).status).toBe(400)
})

test('forgotten password: the page says the same to everybody, and sends to whom it belongs', async () => {
  const { browser, visit } = await open(String.raw`Forgot your password\?`)
  const texts = []
  for (const email of ['ANN@example.com ', 'bob@example.com', 'nobody@example.com']) {
    texts.push((await browser.submit(visit, { email })).text.replaceAll(/nonce="[^"]+"/g, ''))
  }
  expect(new Set(texts).size).toBe(1)
  const to = under.tenant.activity.outbox.map((mail) => mail.to)
  expect(to).toEqual(['ann@example.com', 'bob@example.com'])
  const wrong = await browser.submit(visit, { email: 'no address' })
  expect(alertOf(wrong)).toBe('Enter your email address.')
  const down = await browser.submit(visit, { email: 'down@example.com' })
  expect(down.status).toBe(503)
  expect(down.text).not.toContain('the store is down')
})

test('forgotten password: back on the login page the new password logs in', async () => {
  const { browser, visit } = await open(String.raw`Forgot your password\?`)
  const sent = await browser.submit(visit, { email: ann.username })
  const page = await browser.go(under.tenant.activity.outbox[0]?.url ?? '')
  await browser.submit(page, { password: 'new', password_confirmation: 'new' })
  const login = await follow(browser, sent, 'Back to log in')
  expect(entered(await browser.submit(login, { username: ann.username, password: 'new' }))).toBe(
    true,
  )
})

test('account page: shows whose session it is, and ends it', async () => {
  const url = `${under.tenant.issuer}u/account`
  const { browser, visit } = await begin(under, under.web)
  expect((await browser.go(url)).status).toBe(401)
  await browser.submit(visit, { username: bob.username, password: bob.password })
  const page = await browser.go(url)
  for (const text of ['bob@example.com (verified)', bobId, 'web']) expect(page.text).toContain(text)
  expect(page.text).not.toContain('gold')
  const out = await browser.submit(page, {})
  expect(out.text).toContain('Logged out')
  expect(under.tenant.activity.sessions.size).toBe(0)
  expect((await browser.go(url)).status).toBe(401)
})

test('account page: is closed to who was blocked, and escapes what people call themselves', async () => {
  const url = `${under.tenant.issuer}u/account`
  const { browser, visit } = await begin(under, under.web)
  await browser.submit(visit, ann)
  const path = `users/${encodeURIComponent('auth0|ann')}`
  await under.manage('PATCH', path, { name: '<script>alert(1)</script>' })
  expect((await browser.go(url)).text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  await under.manage('PATCH', path, { blocked: true })
  expect((await browser.go(url)).status).toBe(401)
})

test('tickets/password-change: the Management API makes a link that sets a password once', async () => {
  const ticket = async (body: JsonObject) => {
    const response = await under.manage('POST', 'tickets/password-change', body)
    return { status: response.status, url: ((await response.json()) as { ticket?: string }).ticket }
  }
  const browser = createBrowser(under.fetch)
  const byId = await ticket({ user_id: 'auth0|ann' })
  expect(byId.status).toBe(201)
  const page = await browser.go(byId.url ?? '')
  await browser.submit(page, { password: 'new', password_confirmation: 'new' })
  expect(entered(await under.logIn(ann.username, 'new'))).toBe(true)
  expect((await browser.go(byId.url ?? '')).status).toBe(400)
  const where = { email: 'ann@example.com', connection_id: 'con_legacy' }
  const short = await ticket({ ...where, ttl_sec: 60 })
  under.clock.now += 60_000
  expect((await browser.go(short.url ?? '')).status).toBe(400)
  expect(under.tenant.activity.outbox).toEqual([])
  expect((await ticket({ user_id: 'auth0|nobody' })).status).toBe(404)
  expect((await ticket({ ...where, email: 'nobody@example.com' })).status).toBe(404)
  for (const body of [{}, { email: 'ann@example.com' }, { ...where, user_id: 'auth0|ann' }]) {
    expect((await ticket(body)).status).toBe(400)
  }
})
