import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBrowser } from '../authentication/browser.ts'
import { bob, bobId, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

const fresh = 'a new password'

let under: LegacyTenant
beforeEach(async () => {
  under = await startLegacyTenant()
})
afterEach(() => under.close())

/** @returns The link of the mail, null when none was sent. */
async function request(email: string): Promise<string | null> {
  const before = under.tenant.activity.outbox.length
  const response = await under.post('change_password', { email })
  expect(response.status).toBe(200)
  expect(await response.text()).toContain("We've just sent you an email")
  const mail = under.tenant.activity.outbox[before]
  expect(mail === undefined || mail.to === email.toLowerCase()).toBe(true)
  return mail?.url ?? null
}

async function confirm(url: string | null, password = fresh, password_confirmation = password) {
  const browser = createBrowser(under.fetch)
  return browser.submit(await browser.go(url ?? ''), { password, password_confirmation })
}

test('reset: of a user who is still to be migrated imports the profile at the next login', async () => {
  const done = await confirm(await request('Bob@example.com'))
  expect(done.text).toContain('Your password has been changed')
  expect(under.tenant.state.users.size).toBe(0)
  expect(under.scripts.map(({ script }) => script)).toEqual(['get_user'])
  expect(entered(await under.logIn(bob.username, fresh))).toBe(true)
  expect(under.scripts).toHaveLength(1)
  expect(under.tenant.state.users.get(bobId)?.profile).toMatchObject({
    email_verified: true,
    app_metadata: { plan: 'gold' },
    user_metadata: { locale: 'de' },
  })
})

test('reset: ends the password of the legacy store, before the first login and after it', async () => {
  await confirm(await request('bob@example.com'))
  for (const name of [bob.username, 'bob', '+4912345']) {
    expect(entered(await under.logIn(name, bob.password)), name).toBe(false)
  }
  expect(under.tenant.state.users.size).toBe(0)
  expect(entered(await under.logIn('bob', fresh))).toBe(true)
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(false)
})

test('reset: confirmed after a login that came first sets the password of that user', async () => {
  const url = await request('bob@example.com')
  await under.logIn(bob.username, bob.password)
  await confirm(url)
  expect(entered(await under.logIn(bob.username, fresh))).toBe(true)
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(false)
})

test('reset: of a user of the tenant asks no script and ends sessions and refresh tokens', async () => {
  await under.logIn(bob.username, bob.password)
  under.scripts.length = 0
  expect(under.tenant.activity.sessions.size).toBe(1)
  await confirm(await request('bob@example.com'))
  expect(under.scripts).toEqual([])
  expect(under.tenant.activity.sessions.size).toBe(0)
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(false)
  expect(entered(await under.logIn(bob.username, fresh))).toBe(true)
})

test('reset: of an interrupted import gives no second user after a deletion', async () => {
  await confirm(await request('bob@example.com'))
  under.tenant.activity.interruptImport = () => true
  expect(entered(await under.logIn(bob.username, fresh))).toBe(false)
  expect(under.tenant.activity.pendingImports.size).toBe(0)
  under.tenant.activity.interruptImport = () => false
  expect(entered(await under.logIn(bob.username, fresh))).toBe(true)
})

test('reset: for nobody sends no mail and says the same', async () => {
  expect(await request('nobody@example.com')).toBeNull()
})

test('reset: fails while the legacy store cannot be asked', async () => {
  const response = await under.post('change_password', { email: 'down@example.com' })
  expect(response.status).toBe(400)
  expect(under.tenant.activity.outbox).toEqual([])
})

test('reset: a link is good once, for five days, and not for a guess', async () => {
  const isOver = async (url: string | null) => {
    const visit = await createBrowser(under.fetch).go(url ?? '')
    return visit.status === 400 && visit.text.includes('This link is over')
  }
  const used = await request('bob@example.com')
  expect(await isOver(used)).toBe(false)
  await confirm(used)
  expect(await isOver(used)).toBe(true)
  expect(await isOver(`${under.tenant.issuer}u/reset-password?ticket=guess`)).toBe(true)
  const late = await request('bob@example.com')
  under.clock.now += 431_999_999
  expect(await isOver(late)).toBe(false)
  under.clock.now += 1
  expect(await isOver(late)).toBe(true)
})

test('reset: two passwords that differ and a weak one are said in an alert; the link stays good', async () => {
  const url = await request('bob@example.com')
  const differ = await confirm(url, fresh, 'another')
  expect(differ.text).toContain('<div role="alert" id="error">The two passwords are not the same.')
  expect((await confirm(url, '')).status).toBe(400)
  expect((await confirm(url)).status).toBe(200)
})
