import { SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSigningKeys } from '../../../../servers/tenant/signing-keys.ts'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { application, begin, logIn, redeem, tokenRequest } from './application.ts'
import { ada, startSampleTenant } from './sample-tenant.ts'
import {
  action,
  addApi,
  addClient,
  addGrant,
  bindActions,
  callback,
  legacyApi,
  ordersApi,
  passwordRealm,
} from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

const everyGrant = [
  'authorization_code',
  'client_credentials',
  'password',
  passwordRealm,
  'refresh_token',
]

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  const audience = managementApi(under)
  addApi(under.tenant, audience, { scopes: [{ value: 'read:users' }] })
  addGrant(under.tenant, 'machine', audience, ['read:users'])
  web = await application(under, 'web')
})
beforeEach(() => {
  bindActions(under.tenant, [])
  addClient(under.tenant, { client_id: 'web', organization_usage: 'allow' })
  settings({})
})
afterAll(() => under.close())

function settings(more: JsonObject): void {
  under.tenant.state.settings.set('tenant', { default_directory: 'people', ...more })
}

function managementApi({ tenant }: TenantUnderTest): string {
  return `${tenant.issuer}api/v2/`
}

const machine = {
  client_id: 'machine',
  client_secret: 'secret of machine',
  grant_type: 'client_credentials',
}

/** Status of the Management API for a token. */
async function manage(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await under.fetch(`${managementApi(under)}users`, { headers })).status
}

async function userinfo(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await under.fetch(`${under.tenant.issuer}userinfo`, { headers })).status
}

test('refused: a token of another tenant, however like ours it is', async () => {
  const other = await startSampleTenant()
  try {
    const theirs = managementApi(other)
    addApi(other.tenant, theirs, { scopes: [{ value: 'read:users' }] })
    addGrant(other.tenant, 'machine', theirs, ['read:users'])
    const stolen = await tokenRequest(other, { ...machine, audience: theirs })
    expect(await manage(String(stolen.body.access_token))).toBe(401)
    // Also one that it made for us.
    const ours = managementApi(under)
    addApi(other.tenant, ours, { scopes: [{ value: 'read:users' }] })
    addGrant(other.tenant, 'machine', ours, ['read:users'])
    const made = await tokenRequest(other, { ...machine, audience: ours })
    expect(await manage(String(made.body.access_token))).toBe(401)
    const person = await logIn(other, await application(other, 'web'), ada)
    expect(await userinfo(person.tokens.access_token)).toBe(401)
    const refresh = { client_id: 'web', client_secret: 'secret of web' }
    const theirTokens = await logIn(other, await application(other, 'web'), ada, {
      scope: 'openid offline_access',
    })
    const answer = await tokenRequest(under, {
      ...refresh,
      grant_type: 'refresh_token',
      refresh_token: theirTokens.tokens.refresh_token ?? '',
    })
    expect(answer).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
  } finally {
    await other.close()
  }
  const own = await tokenRequest(under, { ...machine, audience: managementApi(under) })
  expect(await manage(String(own.body.access_token))).toBe(200)
})

test('refused: a token that is not signed, or by another key, another algorithm or under our key’s name', async () => {
  const own = await tokenRequest(under, { ...machine, audience: managementApi(under) })
  const [header = '', payload = '', signature = ''] = String(own.body.access_token).split('.')
  const claims = JSON.parse(atob(payload))
  const [jwk] = under.tenant.jwks.keys
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const strangers = await createSigningKeys()
  const foreign = await strangers.sign(claims, { now: under.tenant.now(), lifetime: 60 })
  const secret = new TextEncoder().encode(JSON.stringify(jwk))
  for (const alg of ['none', 'None', 'NONE']) {
    for (const kid of [{}, { kid: jwk?.kid }]) {
      expect(await manage(`${encode({ alg, typ: 'JWT', ...kid })}.${payload}.`)).toBe(401)
      expect(await manage(`${encode({ alg, ...kid })}.${payload}.${signature}`)).toBe(401)
    }
  }
  const hmac = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: String(jwk?.kid) })
    .sign(secret)
  const renamed = `${header}.${foreign.split('.').slice(1).join('.')}`
  const raised = encode({ ...claims, scope: 'read:users delete:users' })
  for (const token of [foreign, hmac, renamed, `${header}.${raised}.${signature}`]) {
    expect(await manage(token)).toBe(401)
  }
  const embedded = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', jwk: { kty: 'oct', k: 'c2VjcmV0' } } as never)
    .sign(new TextEncoder().encode('secret'))
  expect(await manage(embedded)).toBe(401)
})

for (const grant_type of everyGrant) {
  test(`refused: ${grant_type.split('/').at(-1)} to a client that does not have it`, async () => {
    const grant_types = everyGrant.filter((one) => one !== grant_type)
    addClient(under.tenant, { client_id: 'web' })
    const scope = 'openid offline_access'
    const { tokens } = await logIn(under, web, ada, { scope })
    const start = await begin(under, web)
    const { left } = await start.browser.submit(start.visit, ada)
    addClient(under.tenant, { client_id: 'web', grant_types })
    const code = left?.searchParams.get('code') ?? ''
    const answer = await tokenRequest(under, {
      client_id: 'web',
      client_secret: 'secret of web',
      grant_type,
      ...ada,
      realm: 'people',
      audience: ordersApi,
      code,
      code_verifier: start.verifier,
      redirect_uri: callback,
      refresh_token: tokens.refresh_token ?? '',
    })
    expect(answer).toMatchObject({ status: 403, body: { error: 'unauthorized_client' } })
    expect(answer.body).not.toHaveProperty('access_token')
  })
}

test('refused: a rotated-out refresh token, for a thief and then for the owner', async () => {
  const refresh_token = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 }
  addClient(under.tenant, { client_id: 'web', refresh_token })
  const { tokens } = await logIn(under, web, ada, { scope: 'openid offline_access' })
  const stolen = tokens.refresh_token ?? ''
  const owner = await oidc.refreshTokenGrant(web, stolen)
  await expect(oidc.refreshTokenGrant(web, stolen)).rejects.toMatchObject({
    error: 'invalid_grant',
  })
  await expect(oidc.refreshTokenGrant(web, owner.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  })
  expect(under.tenant.activity.logs.some(({ type }) => type === 'ferrt')).toBe(true)
})

test('refused: scopes above the client grant, of machines and of people, and again at a refresh', async () => {
  const api = 'https://granted.example/'
  const policy = { policy: 'require_client_grant' }
  addApi(under.tenant, api, { subject_type_authorization: { user: policy, client: policy } })
  addGrant(under.tenant, 'machine', api, ['read:things'])
  addGrant(under.tenant, 'web', api, ['read:things', 'write:things'], 'user')
  const above = { ...machine, audience: api, scope: 'write:things' }
  expect(await tokenRequest(under, above)).toMatchObject({
    status: 403,
    body: { error: 'access_denied' },
  })
  const scope = 'openid offline_access read:things write:things'
  const { tokens } = await logIn(under, web, ada, { audience: api, scope })
  expect(tokens.scope).toContain('write:things')
  // The grant is cut afterwards: what was given before is not given again.
  for (const [id, grant] of under.tenant.state.clientGrants) {
    if (grant.audience !== api || grant.subject_type !== 'user') continue
    under.tenant.state.clientGrants.set(id, { ...grant, scope: ['read:things'] })
  }
  const refreshed = await oidc.refreshTokenGrant(web, tokens.refresh_token ?? '', { scope })
  expect(refreshed.scope?.split(' ')).not.toContain('write:things')
})

/** Every token that a way in yields, as text: none may be for the legacy API. */
async function expectNoLegacyToken(answer: object): Promise<void> {
  for (const value of Object.values(answer)) {
    const [, payload] = String(value).split('.')
    if (payload === undefined) continue
    expect(Buffer.from(payload, 'base64url').toString()).not.toContain(legacyApi)
  }
}

test('refused: the legacy API by resource beside the audience of another', async () => {
  for (const resource_parameter_profile of ['audience', 'compatibility']) {
    settings({ resource_parameter_profile })
    const both = { audience: ordersApi, resource: legacyApi, scope: 'openid read:things' }
    const { tokens } = await logIn(under, web, ada, both)
    await expectNoLegacyToken(tokens)
    const client = { client_id: 'trusted', client_secret: 'secret of trusted' }
    const grant = await tokenRequest(under, { ...client, grant_type: 'password', ...ada, ...both })
    expect(grant.status).toBe(200)
    await expectNoLegacyToken(grant.body)
  }
})

test('refused: the legacy API at a refresh, by audience and by resource', async () => {
  for (const resource_parameter_profile of ['audience', 'compatibility']) {
    settings({ resource_parameter_profile, default_audience: legacyApi })
    const asked = { audience: ordersApi, scope: 'openid offline_access' }
    const { tokens } = await logIn(under, web, ada, asked)
    for (const target of [{ audience: legacyApi }, { resource: legacyApi }]) {
      await expectNoLegacyToken(
        await oidc.refreshTokenGrant(web, tokens.refresh_token ?? '', target),
      )
    }
  }
})

test('refused: the legacy API to a login that is away when it is closed, and by the sign-up page', async () => {
  const api = 'https://closing.example/'
  addApi(under.tenant, api)
  const sends = `exports.onExecutePostLogin = async (event, api) => api.redirect.sendUserTo('https://x.example/')
    exports.onContinuePostLogin = async () => {}`
  bindActions(under.tenant, [sends])
  const start = await begin(under, web, { audience: api })
  const { text } = await start.browser.submit(start.visit, ada)
  const state = /state=([\w-]+)/.exec(text)?.[1]
  const closed = { user: { policy: 'deny_all' }, client: { policy: 'deny_all' } }
  addApi(under.tenant, api, { subject_type_authorization: closed })
  const { left } = await start.browser.go(`${under.tenant.issuer}continue?state=${state}`)
  expect(left?.searchParams.get('error')).toBe('access_denied')
  const hint = { audience: legacyApi, screen_hint: 'signup' }
  const { visit } = await begin(under, web, hint)
  expect(visit.left?.searchParams.get('error')).toBe('access_denied')
})

test('refused: what an Action adds to a login does not open an API that is closed to people', async () => {
  bindActions(under.tenant, [
    action(`
      api.accessToken.addScope('read:things')
      for (const name of ['aud', 'azp', 'iss', 'sub']) {
        api.accessToken.setCustomClaim(name, '${legacyApi}')
      }`),
  ])
  const start = await begin(under, web, { audience: ordersApi, scope: 'openid' })
  const visit = await start.browser.submit(start.visit, ada)
  const tokens = await redeem(web, start, visit)
  const { aud, azp, iss, sub } = JSON.parse(atob(tokens.access_token.split('.')[1] ?? ''))
  expect([aud, azp, iss, sub].flat()).not.toContain(legacyApi)
})
