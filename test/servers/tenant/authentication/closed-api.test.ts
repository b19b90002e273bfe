import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { application, begin, logIn, tokenRequest } from './application.ts'
import { ada, startSampleTenant } from './sample-tenant.ts'
import {
  addApi,
  addClient,
  addGrant,
  legacyApi,
  ordersApi,
  passwordRealm,
} from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

const everything = {
  client_id: 'everything',
  grant_types: [
    'authorization_code',
    'client_credentials',
    'password',
    passwordRealm,
    'refresh_token',
  ],
  refresh_token: { policies: [{ audience: legacyApi, scope: ['read:things'] }] },
}
const credentials = { client_id: 'everything', client_secret: 'secret of everything' }
const scope = 'openid offline_access read:things'

let under: TenantUnderTest
let app: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  addClient(under.tenant, everything)
  // Not even a client grant for people opens an API that is closed to them.
  addGrant(under.tenant, 'everything', legacyApi, ['read:things'], 'user')
  const people = under.tenant.state.connections.get('con_people')
  if (people === undefined) throw new Error('no database')
  under.tenant.state.connections.set('con_people', { ...people, enabled_clients: ['everything'] })
  app = await application(under, 'everything')
})
beforeEach(() => settings({}))
afterAll(() => under.close())

function settings(more: JsonObject): void {
  under.tenant.state.settings.set('tenant', { default_directory: 'people', ...more })
}

/** What every way to ask for a person's token is told. */
const grants: readonly [name: string, ask: (asked: Record<string, string>) => Promise<unknown>][] =
  [
    [
      'authorization_code',
      async (asked) => {
        const { visit } = await begin(under, app, { scope, ...asked })
        return visit.left?.searchParams.get('error')
      },
    ],
    [
      'password',
      async (asked) => (await byPassword({ grant_type: 'password', ...asked })).body.error,
    ],
    [
      'password-realm',
      async (asked) =>
        (await byPassword({ grant_type: passwordRealm, realm: 'people', ...asked })).body.error,
    ],
  ]

function byPassword(parameters: Readonly<Record<string, string>>) {
  return tokenRequest(under, { ...credentials, ...ada, scope, ...parameters } as Record<
    string,
    string
  >)
}

for (const [name, ask] of grants) {
  test(`user: deny_all refuses ${name} by audience, resource and default_audience`, async () => {
    expect(await ask({ audience: legacyApi })).toBe('access_denied')
    settings({ resource_parameter_profile: 'compatibility' })
    expect(await ask({ resource: legacyApi })).toBe('access_denied')
    settings({ default_audience: legacyApi })
    expect(await ask({})).toBe('access_denied')
  })

  test(`resource: without the compatibility profile it asks ${name} for nothing`, async () => {
    expect(await ask({ resource: legacyApi })).not.toBe('access_denied')
  })
}

test('user: deny_all refuses the refresh of a token of another API, by the client’s own policy', async () => {
  const { tokens } = await logIn(under, app, ada, { scope, audience: ordersApi })
  const refused = await tokenRequest(under, {
    ...credentials,
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token ?? '',
    audience: legacyApi,
  })
  expect(refused).toMatchObject({ status: 403, body: { error: 'access_denied' } })
})

test('user: deny_all ends what was begun before it: a session, a code and a refresh token', async () => {
  const api = 'https://closing.example/'
  addApi(under.tenant, api)
  const start = await begin(under, app, { scope, audience: api })
  const { left } = await start.browser.submit(start.visit, ada)
  const { tokens } = await logIn(under, app, ada, { scope, audience: api })
  addApi(under.tenant, api, {
    subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'deny_all' } },
  })
  const silent = await begin(under, app, { scope, audience: api, prompt: 'none' }, start.browser)
  expect(silent.visit.left?.searchParams.get('error')).toBe('access_denied')
  const code = left?.searchParams.get('code') ?? ''
  const pkceCodeVerifier = start.verifier
  await expect(
    oidc.authorizationCodeGrant(app, left ?? new URL('about:blank'), {
      pkceCodeVerifier,
      expectedState: start.state,
      expectedNonce: start.nonce,
    }),
  ).rejects.toMatchObject({ error: 'access_denied' })
  expect(code).not.toBe('')
  await expect(oidc.refreshTokenGrant(app, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'access_denied',
  })
})

test('user: deny_all leaves the machine its token', async () => {
  addGrant(under.tenant, 'everything', legacyApi, ['read:things'])
  const tokens = await oidc.clientCredentialsGrant(app, { audience: legacyApi })
  expect(tokens.scope).toBe('read:things')
})

test('user: require_client_grant bounds the scopes, and a third-party client needs a grant always', async () => {
  const api = 'https://granted.example/'
  const user = { policy: 'require_client_grant' }
  const client = { policy: 'require_client_grant' }
  addApi(under.tenant, api, { subject_type_authorization: { user, client } })
  expect(await byPassword({ grant_type: 'password', audience: api })).toMatchObject({ status: 403 })
  addGrant(under.tenant, 'everything', api, ['read:things'], 'user')
  const asked = { grant_type: 'password', audience: api, scope: 'read:things write:things' }
  expect((await byPassword(asked)).body.scope).toBe('read:things')

  addClient(under.tenant, { ...everything, is_first_party: false })
  const open = await byPassword({ grant_type: 'password', audience: ordersApi })
  expect(open).toMatchObject({ status: 403, body: { error: 'access_denied' } })
  addClient(under.tenant, everything)
})
