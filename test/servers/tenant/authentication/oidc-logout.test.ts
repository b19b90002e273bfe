import { SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSigningKeys } from '../../../../servers/tenant/signing-keys.ts'
import { application, begin, logIn } from './application.ts'
import { type Browser, createBrowser } from './browser.ts'
import { ada, startSampleTenant } from './sample-tenant.ts'
import { addClient, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

const bye = 'https://app.example/bye?from=shop'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
})
beforeEach(() => {
  under.tenant.state.settings.clear()
  addClient(under.tenant, { client_id: 'web', allowed_logout_urls: [bye] })
})
afterAll(() => under.close())

const address = () => `${under.tenant.issuer}oidc/logout`

function leave(browser: Browser, parameters: Readonly<Record<string, string>>) {
  return browser.go(`${address()}?${new URLSearchParams(parameters)}`)
}

async function isLoggedIn(browser: Browser): Promise<boolean> {
  const { visit } = await begin(under, web, { prompt: 'none' }, browser)
  return visit.left?.searchParams.get('code') !== null
}

async function loggedIn() {
  const { browser, tokens } = await logIn(under, web, ada)
  return { browser, idToken: tokens.id_token ?? '', sid: String(tokens.claims()?.sid), tokens }
}

test('OIDC logout: openid-client ends the session by the ID token, and is told its state', async () => {
  const { browser, idToken } = await loggedIn()
  const parameters = { id_token_hint: idToken, post_logout_redirect_uri: bye, state: 'x y' }
  const visit = await browser.go(oidc.buildEndSessionUrl(web, parameters).href)
  expect(visit.left?.href).toBe(`${bye}&state=x+y`)
  expect(await isLoggedIn(browser)).toBe(false)
})

test('OIDC logout: discovery names it until the tenant has that switched off', async () => {
  expect(web.serverMetadata().end_session_endpoint).toBe(address())
  const oidc_logout = { rp_logout_end_session_endpoint_discovery: false }
  under.tenant.state.settings.set('tenant', { oidc_logout })
  expect((await application(under, 'web')).serverMetadata().end_session_endpoint).toBeUndefined()
})

test('OIDC logout: the session’s id is enough, and so is an ID token that is over, or by a secret', async () => {
  for (const jwt_configuration of [{}, { alg: 'HS256' }, { alg: 'PS256' }, 'the id'] as const) {
    const isToken = typeof jwt_configuration === 'object'
    const more = isToken ? { jwt_configuration } : {}
    addClient(under.tenant, { client_id: 'web', allowed_logout_urls: [bye], ...more })
    const { browser, idToken, sid } = await loggedIn()
    const hint = isToken ? { id_token_hint: idToken } : { client_id: 'web', logout_hint: sid }
    under.clock.now += 11 * 3_600_000
    expect((await leave(browser, hint)).left?.href).toBe(bye)
    expect(await isLoggedIn(browser)).toBe(false)
  }
})

test('OIDC logout: without a hint, or with that of another session, a person is asked', async () => {
  const other = await loggedIn()
  const parameters = { client_id: 'web', post_logout_redirect_uri: bye, state: 'x' }
  for (const hint of [
    {},
    { logout_hint: other.sid },
    { id_token_hint: other.idToken },
    { confirmed: 'true' },
  ] as const) {
    const { browser } = await loggedIn()
    const page = await leave(browser, { ...parameters, ...hint })
    expect([page.status, page.left]).toEqual([200, null])
    expect(page.text).toContain('Do you want to log out?')
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://app.example;",
    )
    expect(await isLoggedIn(browser)).toBe(true)
    expect((await browser.submit(page, {})).left?.href).toBe(`${bye}&state=x`)
    expect(await isLoggedIn(browser)).toBe(false)
  }
  expect(await isLoggedIn(other.browser)).toBe(true)
})

test('OIDC logout: nobody is asked where the tenant says so, or nobody is logged in', async () => {
  const { browser } = await loggedIn()
  under.tenant.state.settings.set('tenant', { sessions: { oidc_logout_prompt_enabled: false } })
  expect((await leave(browser, { client_id: 'web' })).left?.href).toBe(bye)
  expect(await isLoggedIn(browser)).toBe(false)
  under.tenant.state.settings.clear()
  expect((await leave(createBrowser(under.fetch), {})).text).toContain('Logged out')
})

test('OIDC logout: an address is the application’s, or the tenant’s where none is named, query and all', async () => {
  const browser = createBrowser(under.fetch)
  const leads = async (
    uri: string,
    more: Readonly<Record<string, string>> = { client_id: 'web' },
  ) => (await leave(browser, { post_logout_redirect_uri: uri, ...more })).left?.href ?? null
  expect(await leads('https://APP.example/bye?from=shop')).toBe(bye)
  for (const uri of [
    ...['https://app.example/bye', `${bye}#top`, `${bye}&to=there`, 'https://evil.example/'],
    ...['https://app.example\\@evil.example/bye?from=shop', '//app.example/bye?from=shop', ''],
  ]) {
    expect([uri, await leads(uri)]).toEqual([uri, null])
  }
  expect(await leads(bye, {})).toBeNull()
  under.tenant.state.settings.set('tenant', { allowed_logout_urls: ['https://*.app.example/'] })
  expect(await leads('https://a.app.example/', {})).toBe('https://a.app.example/')
  expect(await leads('https://a.app.example/')).toBeNull()
})

test('OIDC logout: where it may not lead, nothing ends', async () => {
  const { browser, idToken } = await loggedIn()
  const evil = { id_token_hint: idToken, post_logout_redirect_uri: 'https://evil.example/' }
  expect((await leave(browser, evil)).status).toBe(400)
  expect(await isLoggedIn(browser)).toBe(true)
})

test('OIDC logout: hints that do not agree, or are not the tenant’s, are refused', async () => {
  const { browser, idToken, sid } = await loggedIn()
  const { tokens } = await logIn(under, web, ada, { audience: ordersApi, scope: 'openid' })
  const now = Math.floor(under.clock.now / 1000)
  const payload = { iss: under.tenant.issuer, aud: 'web', sub: 'x', sid, iat: now, exp: now + 60 }
  const foreign = await createSigningKeys()
  const forged = new SignJWT(payload).setProtectedHeader({ alg: 'HS256' })
  for (const parameters of [
    { id_token_hint: idToken, client_id: 'other' },
    { id_token_hint: idToken, logout_hint: 'another' },
    { id_token_hint: `${idToken}x` },
    { id_token_hint: 'x' },
    { id_token_hint: tokens.access_token },
    { id_token_hint: await foreign.sign(payload, { now: under.clock.now, lifetime: 60 }) },
    { id_token_hint: await forged.sign(Buffer.from('secret of web')) },
    { client_id: 'nobody' },
  ] as const) {
    const { status, text } = await leave(browser, parameters)
    expect([Object.keys(parameters), status]).toEqual([Object.keys(parameters), 400])
    expect(text).not.toContain(idToken)
  }
  expect(await isLoggedIn(browser)).toBe(true)
})

test('OIDC logout: it is posted too', async () => {
  const { browser, idToken } = await loggedIn()
  const body = new URLSearchParams({ id_token_hint: idToken })
  const visit = await browser.go(address(), { method: 'POST', body })
  expect(visit.left?.href).toBe(bye)
  expect(await isLoggedIn(browser)).toBe(false)
})
