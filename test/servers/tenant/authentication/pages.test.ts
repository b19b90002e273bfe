import type * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { application, begin } from './application.ts'
import { createBrowser } from './browser.ts'
import { ada, startSampleTenant } from './sample-tenant.ts'
import { addClient, callback } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  addClient(under.tenant, {
    client_id: 'web',
    name: '<img src=x onerror=alert(1)> & "friends"',
    callbacks: [callback, 'com.example.app://callback'],
  })
  web = await application(under, 'web')
})
afterAll(() => under.close())

test('login page: runs no script, asks nobody for anything and is framed by nobody', async () => {
  const { visit } = await begin(under, web)
  const policy = visit.headers.get('content-security-policy') ?? ''
  const nonce = /style-src 'nonce-([^']+)'/.exec(policy)?.[1]
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/script-src|unsafe/)
  expect(visit.text).toContain(`<style nonce="${nonce}">`)
  expect(visit.text).not.toMatch(/<script|https?:\/\//)
  expect(visit.headers.get('cache-control')).toBe('no-store')
  const again = await begin(under, web)
  expect(again.visit.headers.get('content-security-policy')).not.toBe(policy)
})

test('login page: its form may lead to the application that asked, web or native', async () => {
  const { visit } = await begin(under, web)
  expect(visit.headers.get('content-security-policy')).toContain(
    "form-action 'self' https://app.example;",
  )
  const native = await begin(under, web, { redirect_uri: 'com.example.app://callback' })
  expect(native.visit.headers.get('content-security-policy')).toContain(
    "form-action 'self' com.example.app:;",
  )
})

test('login page: every field has a label, and what browsers fill in', async () => {
  const { visit } = await begin(under, web)
  for (const [name, autocomplete] of [
    ['username', 'username'],
    ['password', 'current-password'],
  ]) {
    expect(visit.text).toContain(`<label for="${name}">`)
    expect(visit.text).toMatch(
      new RegExp(`<input id="${name}"[^>]*autocomplete="${autocomplete}"`, 's'),
    )
  }
  expect(visit.text).toContain('<html lang="en">')
  expect(visit.text).toContain('prefers-color-scheme: dark')
  expect(visit.text.match(/ autofocus/g)).toHaveLength(1)
})

test('login page: names are escaped wherever they come from', async () => {
  const { browser, visit } = await begin(under, web, { login_hint: '"><script>alert(1)</script>' })
  expect(visit.text).not.toContain('<script>')
  expect(visit.text).not.toContain('<img')
  const again = await browser.submit(visit, { username: '"><b>', password: 'wrong' })
  expect(again.text).toContain('value="&quot;&gt;&lt;b&gt;"')
})

test('login page: a wrong password is said in an alert, tied to both fields, and keeps the name only', async () => {
  const { browser, visit } = await begin(under, web)
  const again = await browser.submit(visit, { ...ada, password: 'hunter2' })
  expect(again.status).toBe(400)
  expect(again.text).toContain('<div role="alert" id="error">Wrong email or password.</div>')
  expect(again.text.match(/aria-describedby="error"/g)).toHaveLength(2)
  expect(again.text).toContain(`value="${ada.username}"`)
  expect(again.text).not.toContain('hunter2')
  expect(again.text).toContain('<title>Error: ')
  const done = await browser.submit(again, ada)
  expect(done.left?.searchParams.has('code')).toBe(true)
})

test('login page: an empty form asks for both, without asking the user store', async () => {
  const { browser, visit } = await begin(under, web)
  const again = await browser.submit(visit, { username: '', password: '' })
  expect(again.status).toBe(400)
  expect(again.text).toContain('role="alert"')
})

test('login page: belongs to the browser that opened it (login CSRF)', async () => {
  const attacker = await begin(under, web)
  const victim = createBrowser(under.fetch)
  await begin(under, web, {}, victim)
  const forged = await victim.submit(attacker.visit, ada)
  expect([forged.status, forged.left]).toEqual([400, null])
  const bare = await createBrowser(under.fetch).submit(attacker.visit, ada)
  expect([bare.status, bare.left]).toEqual([400, null])
})

test('login page: is good for one login, and for an hour', async () => {
  const { browser, visit } = await begin(under, web)
  await browser.submit(visit, ada)
  expect((await browser.submit(visit, ada)).left).toBeNull()
  const late = await begin(under, web)
  under.clock.now += 3_600_000
  expect((await late.browser.submit(late.visit, ada)).text).toContain('This login page is over')
})

test('login page: without a connection for the client it says so', async () => {
  addClient(under.tenant, { client_id: 'lonely' })
  const { visit } = await begin(under, await application(under, 'lonely'))
  expect([visit.status, visit.left]).toEqual([400, null])
  expect(visit.text).toContain('No connections are enabled')
})

test('cookies: are of this host only, over TLS, and unseen by scripts', async () => {
  const response = await under.fetch(
    `${under.tenant.issuer}authorize?client_id=web&response_type=code&redirect_uri=${callback}`,
  )
  const [cookie = ''] = response.headers.getSetCookie()
  expect(cookie).toMatch(/^__Host-auth0_browser=/)
  for (const attribute of ['HttpOnly', 'Secure', 'SameSite=None', 'Path=/']) {
    expect(cookie).toContain(attribute)
  }
})
