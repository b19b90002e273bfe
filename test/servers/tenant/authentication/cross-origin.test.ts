import { afterAll, beforeAll, expect, test } from 'vitest'
import { organizationsOf } from '../../../../servers/tenant/users/organizations.ts'
import { startSampleTenant } from './sample-tenant.ts'
import { addClient } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

const placeholder = 'https://{organization_name}.shop.example'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
  under.tenant.state.clients.clear()
  addClient(under.tenant, {
    client_id: 'spa',
    callbacks: ['https://app.example/callback', 'com.example.app://callback'],
    allowed_origins: ['https://*.previews.example', 'http://localhost:3000/', placeholder],
    web_origins: ['https://web.example'],
  })
  const acme = { display_name: 'Acme', metadata: {}, enabled_connections: [] }
  organizationsOf(under.tenant).set('org_acme', { ...acme, id: 'org_acme', name: 'acme' })
})
afterAll(() => under.close())

const allowOrigin = 'access-control-allow-origin'

function send(method: 'OPTIONS' | 'POST', origin: string, path = 'oauth/token') {
  return under.fetch(`${under.tenant.issuer}${path}`, {
    method,
    headers: {
      origin,
      ...(method === 'OPTIONS' && {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'auth0-client,content-type',
      }),
    },
    ...(method === 'POST' && { body: new URLSearchParams({ grant_type: 'authorization_code' }) }),
  })
}

test.each([
  ['of a callback', 'https://app.example'],
  ['of a preview', 'https://pr-7.previews.example'],
  ['of this machine', 'http://localhost:3000'],
])('CORS: an origin %s reads answers, and errors too', async (_, origin) => {
  const preflight = await send('OPTIONS', origin)
  expect([preflight.status, preflight.headers.get(allowOrigin)]).toEqual([204, origin])
  expect(preflight.headers.get('access-control-allow-headers')).toContain('auth0-client')
  const answer = await send('POST', origin)
  expect([answer.status, answer.headers.get(allowOrigin)]).toEqual([401, origin])
  expect(answer.headers.get('vary')).toMatch(/origin/i)
  // Nothing that a browser sends by itself is asked for.
  expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
})

const foreign = [
  ['of nobody', 'https://evil.example'],
  ['that is another port', 'https://app.example:8443'],
  ['that is another protocol', 'http://app.example'],
  ['that ends so', 'https://evilapp.example'],
  ['of two levels', 'https://a.b.previews.example'],
  ['that is a star', 'https://*.previews.example'],
  ['for web messages alone', 'https://web.example'],
  ['of a page without one', 'null'],
] as const
test.each(foreign)('CORS: an origin %s reads nothing', async (_, origin) => {
  expect((await send('OPTIONS', origin)).headers.has(allowOrigin)).toBe(false)
  expect((await send('POST', origin)).headers.has(allowOrigin)).toBe(false)
})

test('CORS: {organization_name} stands for the tenant’s organizations, where applications have them', async () => {
  const may = async (origin: string) => (await send('POST', origin)).headers.has(allowOrigin)
  expect(await may('https://acme.shop.example')).toBe(false)
  const spa = under.tenant.state.clients.get('spa')
  if (spa === undefined) throw new Error('no application')
  addClient(under.tenant, { ...spa, organization_usage: 'allow' })
  expect(await may('https://acme.shop.example')).toBe(true)
  expect(await may('https://other.shop.example')).toBe(false)
  expect(await may('https://{organization_name}.shop.example')).toBe(false)
})

test('CORS: pages answer no script, and keys and discovery answer all', async () => {
  for (const path of ['authorize', 'u/login', 'v2/logout']) {
    const answer = await send('OPTIONS', 'https://app.example', path)
    expect([path, answer.headers.has(allowOrigin)]).toEqual([path, false])
  }
  for (const path of ['.well-known/jwks.json', '.well-known/openid-configuration']) {
    const headers = { origin: 'https://evil.example' }
    const answer = await under.fetch(`${under.tenant.issuer}${path}`, { headers })
    expect(answer.headers.get(allowOrigin)).toBe('*')
  }
})
