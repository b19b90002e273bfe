import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMember, organizationsOf } from '../../../../servers/tenant/users/organizations.ts'
import { application, begin, redeem, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { addClient, callback } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
})
afterAll(() => under.close())

const acme = {
  id: 'org_acme',
  name: 'acme',
  display_name: 'Acme Ltd',
  metadata: {},
  enabled_connections: [
    {
      connection_id: 'con_people',
      assign_membership_on_login: false,
      is_signup_enabled: false,
      show_as_button: true,
    },
  ],
}

test('authorize: a star in a callback stands for one subdomain, and the code is for that alone', async () => {
  addClient(under.tenant, { client_id: 'web', callbacks: ['https://*.app.example/callback'] })
  const web = await application(under, 'web')
  const redirect_uri = 'https://preview-7.app.example/callback'
  const start = await begin(under, web, { redirect_uri })
  const visit = await start.browser.submit(start.visit, ada)
  expect(visit.left?.origin).toBe('https://preview-7.app.example')
  expect((await redeem(web, start, visit)).claims()?.sub).toBe(adaId)
  const again = await begin(under, web, { redirect_uri }, start.browser)
  const { body } = await tokenRequest(under, {
    ...{ grant_type: 'authorization_code', code_verifier: again.verifier },
    ...{ client_id: 'web', client_secret: 'secret of web' },
    code: again.visit.left?.searchParams.get('code') ?? '',
    redirect_uri: 'https://preview-8.app.example/callback',
  })
  expect(body.error).toBe('invalid_grant')
})

test('authorize: a callback that no star stands for is told to the person and redirected nowhere', async () => {
  addClient(under.tenant, { client_id: 'web', callbacks: ['https://*.app.example/callback'] })
  const web = await application(under, 'web')
  for (const redirect_uri of [
    'https://*.app.example/callback',
    'https://evil.example\\@x.app.example/callback',
    'https://evil.example#.app.example/callback',
    'https://x.app.example.evil.example/callback',
  ]) {
    const { visit } = await begin(under, web, { redirect_uri })
    expect([visit.status, visit.left]).toEqual([403, null])
    expect(visit.text).toContain('Callback URL mismatch')
  }
  const { issuer } = under.tenant
  const unsaid = `${issuer}authorize?client_id=web&response_type=code`
  expect((await createBrowser(under.fetch).go(unsaid)).left).toBeNull()
})

test('authorize: {organization_name} in a callback stands for the organization of the login alone', async () => {
  const callbacks = ['https://{organization_name}.app.example/callback', callback]
  organizationsOf(under.tenant).set(acme.id, acme)
  addMember(under.tenant, acme, adaId)
  const asked = async (
    organization_usage: string,
    parameters: Readonly<Record<string, string>>,
  ) => {
    addClient(under.tenant, { client_id: 'web', callbacks, organization_usage })
    const web = await application(under, 'web')
    const redirect_uri = 'https://acme.app.example/callback'
    const start = await begin(under, web, { redirect_uri, ...parameters })
    if (!start.visit.text.includes('<form')) return start.visit
    return start.browser.submit(start.visit, ada)
  }
  for (const usage of ['allow', 'require']) {
    const { left } = await asked(usage, { organization: acme.id })
    expect(left?.origin).toBe('https://acme.app.example')
    expect(left?.searchParams.get('code')).not.toBeNull()
  }
  const other = { redirect_uri: 'https://other.app.example/callback' }
  for (const { left, text } of [
    await asked('allow', {}),
    await asked('allow', { organization: acme.id, ...other }),
    await asked('allow', { organization: 'org_nobody' }),
    await asked('deny', { organization: acme.id }),
  ]) {
    expect(left).toBeNull()
    expect(text).toContain('Callback URL mismatch')
  }
  const told = await asked('allow', { organization: 'org_nobody', redirect_uri: callback })
  expect(told.left?.searchParams.get('error')).toBe('invalid_request')
})

test('logout: a star in an address stands for one subdomain, and a name for nothing', async () => {
  const allowed_logout_urls = ['https://*.App.example', 'https://{organization_name}.b.example/']
  addClient(under.tenant, { client_id: 'web', allowed_logout_urls })
  const browser = createBrowser(under.fetch)
  const go = (query: Readonly<Record<string, string>>) =>
    browser.go(`${under.tenant.issuer}v2/logout?${new URLSearchParams(query)}`)
  for (const returnTo of ['https://a.app.example/', 'https://A.app.example?from=b#top']) {
    const { left } = await go({ client_id: 'web', returnTo })
    expect(left?.href).toBe(new URL(returnTo).href)
  }
  for (const returnTo of [
    ...['https://a.b.app.example/', 'https://app.example/', 'http://a.app.example/'],
    ...['https://evil.example\\@a.app.example/', 'https://evil.example/.app.example/'],
    ...['https://a.app.example.evil.example/', 'https://user@a.app.example/'],
    ...['https://a.app.example:8443/', 'https://%2A.app.example/', 'https://acme.b.example/'],
  ]) {
    const { left, status } = await go({ client_id: 'web', returnTo })
    expect([returnTo, status, left]).toEqual([returnTo, 400, null])
  }
  // Its first address is nobody's: there is nowhere to go.
  expect((await go({ client_id: 'web' })).status).toBe(400)
  under.tenant.state.settings.set('tenant', { allowed_logout_urls })
  expect((await go({ returnTo: 'https://a.app.example/' })).left?.host).toBe('a.app.example')
})
