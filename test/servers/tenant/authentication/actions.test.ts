import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { application, begin, logIn, tokenRequest } from './application.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { action, bindActions, callback, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
})
beforeEach(() => {
  under.logins.length = 0
  under.tenant.activity.profileWrites.length = 0
  under.tenant.activity.logs.length = 0
})
afterAll(() => under.close())

function metadata() {
  const profile = under.tenant.state.users.get(adaId)?.profile
  return { app: profile?.app_metadata, own: profile?.user_metadata }
}

async function denied(): Promise<URLSearchParams | undefined> {
  const start = await begin(under, web)
  return (await start.browser.submit(start.visit, ada)).left?.searchParams
}

test('event: holds what Auth0 documents for a login on the page', async () => {
  bindActions(under.tenant, [action('')])
  const { state } = await logIn(under, web, ada, {
    audience: ordersApi,
    scope: 'openid read:things unknown',
    login_hint: 'ada',
    ui_locales: 'de en',
  })
  expect(under.logins).toHaveLength(1)
  const event = under.logins[0]?.event
  expect(event).toMatchObject({
    authentication: { methods: [{ name: 'pwd' }] },
    client: { client_id: 'web', name: 'web', metadata: {} },
    connection: { id: 'con_people', name: 'people', strategy: 'auth0' },
    request: {
      ip: '127.0.0.1',
      method: 'POST',
      hostname: '127.0.0.1',
      body: {},
      query: { audience: ordersApi, redirect_uri: callback, response_type: 'code' },
    },
    resource_server: { identifier: ordersApi },
    stats: { logins_count: 1 },
    tenant: { id: 'tenant-under-test' },
    transaction: {
      protocol: 'oidc-basic-profile',
      requested_scopes: ['openid', 'read:things', 'unknown'],
      redirect_uri: callback,
      response_type: ['code'],
      response_mode: 'query',
      login_hint: 'ada',
      ui_locales: ['de', 'en'],
      state,
    },
    user: {
      user_id: adaId,
      email: ada.username,
      email_verified: true,
      app_metadata: {},
      user_metadata: {},
      identities: [{ connection: 'people', provider: 'auth0', user_id: 'ada', isSocial: false }],
    },
  })
  expect(event?.session?.id).toEqual(expect.any(String))
  expect(event?.transaction?.id).toEqual(expect.any(String))
  expect(JSON.stringify(event)).not.toContain(ada.password)
  expect(event?.user).not.toHaveProperty('logins_count')
})

test('event: has the metadata of the connection', async () => {
  bindActions(under.tenant, [action('')])
  const { connections } = under.tenant.state
  const people = connections.get('con_people')
  if (people === undefined) throw new Error('no connection')
  connections.set('con_people', { ...people, settings: { metadata: { store: 'old' } } })
  await logIn(under, web, ada)
  connections.set('con_people', people)
  await logIn(under, web, ada)
  const seen = under.logins.map(({ event }) => event.connection.metadata)
  expect(seen).toEqual([{ store: 'old' }, {}])
})

test('event: of the password grant has the body without secrets, and no resource_server without API', async () => {
  bindActions(under.tenant, [action('')])
  await tokenRequest(under, {
    grant_type: 'password',
    client_id: 'trusted',
    client_secret: 'secret of trusted',
    ...ada,
    scope: 'openid',
  })
  const event = under.logins[0]?.event
  expect(event?.request.body).toEqual({
    grant_type: 'password',
    client_id: 'trusted',
    username: ada.username,
    scope: 'openid',
  })
  expect(event?.request.query).toEqual({})
  expect(event?.transaction?.protocol).toBe('oauth2-password')
  expect(event).not.toHaveProperty('resource_server')
  expect(event?.transaction).not.toHaveProperty('id')
})

test('event: names the tenant’s default_audience as the API', async () => {
  const settings = under.tenant.state.settings.get('tenant') ?? {}
  under.tenant.state.settings.set('tenant', { ...settings, default_audience: ordersApi })
  const { tokens } = await logIn(under, web, ada)
  under.tenant.state.settings.set('tenant', settings)
  expect(under.logins[0]?.event.resource_server?.identifier).toBe(ordersApi)
  expect(decodeJwt(tokens.access_token).aud).toContain(ordersApi)
})

test('Actions: run in binding order, each with its own secrets, and what is unbound does not', async () => {
  bindActions(under.tenant, [
    action("api.idToken.setCustomClaim('https://a.example/one', event.secrets.WHO)"),
    action("api.idToken.setCustomClaim('https://a.example/two', event.secrets.WHO)"),
  ])
  const bound = under.tenant.state.bindings.get('post-login') ?? []
  under.tenant.state.bindings.set('post-login', bound.toReversed())
  const { tokens } = await logIn(under, web, ada)
  expect(tokens.claims()).toMatchObject({
    'https://a.example/one': 'action-0',
    'https://a.example/two': 'action-1',
  })
  expect(under.logins[0]?.actions.map(({ name }) => name)).toEqual(['action-1', 'action-0'])
  under.tenant.state.bindings.set('post-login', [])
  under.logins.length = 0
  await logIn(under, web, ada)
  expect(under.logins).toEqual([])
})

test('Actions: the draft of an Action does not run, only what was deployed of it', async () => {
  bindActions(under.tenant, [action('')])
  const { actions } = under.tenant.state
  const draft = actions.get('action-0')
  if (draft === undefined) throw new Error('no Action')
  actions.set('action-0', { ...draft, code: action('api.access.deny("draft")') })
  await expect(logIn(under, web, ada)).resolves.toBeDefined()
  actions.set('action-0', { ...draft, code: action('api.access.deny("draft")'), deployed: null })
  await expect(logIn(under, web, ada)).resolves.toBeDefined()
})

test('Actions: claims and scopes reach the tokens of the application, also after a refresh', async () => {
  bindActions(under.tenant, [
    action(`
      api.accessToken.setCustomClaim('https://a.example/x', event.transaction.protocol)
      api.accessToken.addScope('added')
      api.accessToken.removeScope('read:things')`),
  ])
  const { tokens } = await logIn(under, web, ada, {
    audience: ordersApi,
    scope: 'openid offline_access read:things',
  })
  expect(decodeJwt(tokens.access_token)).toMatchObject({
    'https://a.example/x': 'oidc-basic-profile',
    scope: 'openid offline_access added',
  })
  expect(tokens.claims()).not.toHaveProperty('https://a.example/x')
  const next = await oidc.refreshTokenGrant(web, tokens.refresh_token ?? '')
  expect(decodeJwt(next.access_token)['https://a.example/x']).toBe('oauth2-refresh-token')
})

test('Actions: claims cannot take the place of what the tenant says', async () => {
  bindActions(under.tenant, [
    action(`for (const name of ['sub', 'iss', 'aud', 'azp', 'exp', 'nonce'])
      { api.idToken.setCustomClaim(name, 'x'); api.accessToken.setCustomClaim(name, 'x') }`),
  ])
  const { tokens } = await logIn(under, web, ada, { audience: ordersApi })
  expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: adaId, azp: 'web' })
  expect(tokens.claims()?.sub).toBe(adaId)
})

test('metadata: of all Actions is one profile write, at the end, and null deletes', async () => {
  bindActions(under.tenant, [
    action("api.user.setAppMetadata('a', 1); api.user.setUserMetadata('u', 1)"),
    action("api.user.setAppMetadata('b', 2)"),
  ])
  await logIn(under, web, ada)
  expect(metadata()).toEqual({ app: { a: 1, b: 2 }, own: { u: 1 } })
  expect(under.tenant.activity.profileWrites).toEqual([{ user_id: adaId, by: 'actions' }])
  bindActions(under.tenant, [action("api.user.setAppMetadata('a', null)")])
  await logIn(under, web, ada)
  expect(metadata().app).toEqual({ b: 2 })
  expect(under.tenant.activity.profileWrites).toHaveLength(2)
  bindActions(under.tenant, [action("api.user.setAppMetadata('b', 2)")])
  await logIn(under, web, ada)
  expect(under.tenant.activity.profileWrites).toHaveLength(2)
})

test('metadata: is kept when a later Action denies, and the application learns the reason', async () => {
  bindActions(under.tenant, [
    action("api.user.setAppMetadata('kept', true)"),
    action("api.access.deny('closed & gone')"),
    action("api.user.setAppMetadata('never', true)"),
  ])
  const parameters = await denied()
  expect(parameters?.get('error')).toBe('access_denied')
  expect(parameters?.get('error_description')).toBe('closed & gone')
  expect(parameters?.has('code')).toBe(false)
  expect(metadata().app).toMatchObject({ kept: true })
  expect(metadata().app).not.toHaveProperty('never')
})

test('Actions: an error in one is a denial, whose message leaks as on the platform', async () => {
  bindActions(under.tenant, [action("throw new Error('boom')")])
  const parameters = await denied()
  expect(parameters?.get('error')).toBe('access_denied')
  expect(parameters?.get('error_description')).toContain('boom')
})

test('Actions: a step that the stand-in cannot take ends the login, and nobody gets a token', async () => {
  bindActions(under.tenant, [action("api.authentication.challengeWith({ type: 'otp' })")])
  const parameters = await denied()
  expect(parameters?.get('error')).toBe('interaction_required')
  expect(parameters?.get('error_description')).toContain('api.authentication.challengeWith')
  expect(parameters?.has('code')).toBe(false)
})

test('Actions: a denied password grant is 403 access_denied', async () => {
  bindActions(under.tenant, [action("api.access.deny('closed')")])
  const answer = await tokenRequest(under, {
    grant_type: 'password',
    client_id: 'trusted',
    client_secret: 'secret of trusted',
    ...ada,
  })
  expect(answer).toEqual({
    status: 403,
    body: { error: 'access_denied', error_description: 'closed' },
  })
})

test('profile: over 10 KB is kept, and a warning is logged that quotes nothing', async () => {
  bindActions(under.tenant, [action("api.user.setAppMetadata('large', 'x'.repeat(10_000))")])
  await logIn(under, web, ada)
  expect(metadata().app?.large).toHaveLength(10_000)
  const warnings = under.tenant.activity.logs.filter(({ type }) => type === 'wum')
  expect(warnings).toHaveLength(1)
  expect(JSON.stringify(under.tenant.activity.logs)).not.toContain(ada.username)
  expect(JSON.stringify(warnings)).not.toContain('xxx')
})

test('Actions: a user who is blocked or deleted while they run gets no code', async () => {
  const { users } = under.tenant.state
  const user = users.get(adaId)
  if (user === undefined) throw new Error('no Ada')
  bindActions(under.tenant, [action('await new Promise((done) => setTimeout(done, 50))')])
  const pending = denied()
  await expect.poll(() => under.logins.length).toBe(1)
  users.set(adaId, { ...user, profile: { ...user.profile, blocked: true } })
  expect((await pending)?.get('error')).toBe('unauthorized')
  users.set(adaId, user)
})
