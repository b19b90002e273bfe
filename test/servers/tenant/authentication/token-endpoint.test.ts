import fc from 'fast-check'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyManagementToken } from '../../../../servers/tenant/access-tokens.ts'
import { withClientDefaults } from '../../../../servers/tenant/management/client-defaults.ts'
import { application, tokenRequest } from './application.ts'
import { ada, adaId, addUser, startSampleTenant } from './sample-tenant.ts'
import {
  addApi,
  addClient,
  addDatabase,
  addGrant,
  legacyApi,
  ordersApi,
  passwordRealm,
} from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
})
afterAll(() => under.close())

const machine = {
  grant_type: 'client_credentials',
  client_id: 'machine',
  client_secret: 'secret of machine',
  audience: legacyApi,
}
const trusted = { client_id: 'trusted', client_secret: 'secret of trusted' }

test('client_credentials: the token is the machine’s own', async () => {
  const app = await application(under, 'machine')
  const tokens = await oidc.clientCredentialsGrant(app, { audience: legacyApi })
  expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
  expect(decodeJwt(tokens.access_token)).toMatchObject({
    iss: under.tenant.issuer,
    sub: 'machine@clients',
    aud: legacyApi,
    azp: 'machine',
    gty: 'client-credentials',
    scope: 'read:things',
  })
  expect(under.logins).toEqual([])
})

const refusals: readonly [
  why: string,
  change: Readonly<Record<string, string>>,
  status: number,
  error: string,
][] = [
  ['a wrong secret', { client_secret: 'wrong' }, 401, 'access_denied'],
  ['an empty secret', { client_secret: '' }, 401, 'access_denied'],
  ['an unknown client', { client_id: 'nobody' }, 401, 'access_denied'],
  ['the name of an object’s own method as client', { client_id: 'toString' }, 401, 'access_denied'],
  ['a scope above the client grant', { scope: 'read:things write:things' }, 403, 'access_denied'],
  ['an API without a client grant', { audience: ordersApi }, 403, 'access_denied'],
  ['an unknown API', { audience: 'https://unknown.example/' }, 403, 'access_denied'],
  ['no API', { audience: '' }, 403, 'access_denied'],
  ['a grant the client may not use', { grant_type: 'password' }, 403, 'unauthorized_client'],
  ['an unknown grant', { grant_type: 'magic' }, 403, 'unsupported_grant_type'],
  ['no grant', { grant_type: '' }, 400, 'invalid_request'],
]
for (const [why, change, status, error] of refusals) {
  test(`token: ${why} is refused`, async () => {
    const answer = await tokenRequest(under, { ...machine, ...change })
    expect(answer.status).toBe(status)
    expect(answer.body.error).toBe(error)
    expect(answer.body).not.toHaveProperty('access_token')
  })
}

test('client_credentials: a client grant for people is none for the machine', async () => {
  addGrant(under.tenant, 'machine', ordersApi, ['read:things'], 'user')
  const answer = await tokenRequest(under, { ...machine, audience: ordersApi })
  expect(answer).toMatchObject({ status: 403, body: { error: 'access_denied' } })
})

test('client_credentials: a client grant that requires an organization gives no token without', async () => {
  const { clientGrants } = under.tenant.state
  const [id, grant] = [...clientGrants].find(([, { audience }]) => audience === legacyApi) ?? []
  if (id === undefined || grant === undefined) throw new Error('no grant')
  clientGrants.set(id, { ...grant, organization_usage: 'require' })
  const answer = await tokenRequest(under, machine)
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  clientGrants.set(id, { ...grant, organization_usage: 'allow' })
  expect((await tokenRequest(under, machine)).status).toBe(200)
  clientGrants.set(id, grant)
})

test('client_credentials: an API closed to machines is closed whatever the grant', async () => {
  const closed = 'https://closed.example/'
  addApi(under.tenant, closed, {
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'deny_all' } },
  })
  addGrant(under.tenant, 'machine', closed, ['read:things'])
  const answer = await tokenRequest(under, { ...machine, audience: closed })
  expect(answer).toMatchObject({ status: 403, body: { error: 'access_denied' } })
})

test('client_credentials: a public client has none', async () => {
  addClient(under.tenant, {
    client_id: 'public',
    token_endpoint_auth_method: 'none',
    grant_types: ['client_credentials'],
  })
  addGrant(under.tenant, 'public', legacyApi, ['read:things'])
  const { grant_type, audience } = machine
  const answer = await tokenRequest(under, { grant_type, audience, client_id: 'public' })
  expect(answer).toMatchObject({ status: 403, body: { error: 'unauthorized_client' } })
})

test('token: a client authenticates by its own method and by no other', async () => {
  const secret = 'a:b%c d+e'
  addClient(under.tenant, {
    client_id: 'basic',
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
  })
  addGrant(under.tenant, 'basic', legacyApi, ['read:things'])
  const { grant_type, audience } = machine
  const basic = (id: string, password: string) => ({
    authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`)}`,
  })
  const byBasic = await tokenRequest(under, { grant_type, audience }, basic('basic', secret))
  expect(byBasic.status).toBe(200)
  const byPost = { grant_type, audience, client_id: 'basic', client_secret: secret }
  expect((await tokenRequest(under, byPost)).status).toBe(401)
  const post = basic('machine', 'secret of machine')
  expect((await tokenRequest(under, { grant_type, audience }, post)).status).toBe(401)
  const publicOne = await tokenRequest(under, { grant_type: 'refresh_token' }, basic('spa', ''))
  expect(publicOne.status).toBe(401)
  const wrong = basic('basic', 'wrong')
  expect((await tokenRequest(under, { grant_type, audience }, wrong)).status).toBe(401)
})

test('token: no text in place of the secret is taken for it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (client_secret) => {
      fc.pre(client_secret !== machine.client_secret)
      return (await tokenRequest(under, { ...machine, client_secret })).status === 401
    }),
    { numRuns: 50 },
  )
})

test('token: JSON is taken as a form is, and broken JSON is quoted nowhere', async () => {
  const url = `${under.tenant.issuer}oauth/token`
  const headers = { 'content-type': 'application/json' }
  const json = { method: 'POST', headers, body: JSON.stringify(machine) }
  expect((await under.fetch(url, json)).status).toBe(200)
  const broken = await under.fetch(url, { ...json, body: '{"password":"hunter2"' })
  expect(broken.status).toBe(400)
  expect(await broken.text()).not.toContain('hunter2')
})

test('token: a body over 64 kB is refused, chunked or not', async () => {
  const url = `${under.tenant.issuer}oauth/token`
  const body = new URLSearchParams({ ...machine, padding: 'x'.repeat(70_000) })
  expect((await under.fetch(url, { method: 'POST', body })).status).toBe(413)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const chunked = (text: string) =>
    under.fetch(url, {
      method: 'POST',
      headers,
      body: chunksOf(text),
      duplex: 'half',
    } as RequestInit)
  expect((await chunked(body.toString())).status).toBe(413)
  expect((await chunked(new URLSearchParams(machine).toString())).status).toBe(200)
})

/** A body that does not say how long it is. */
function chunksOf(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream()
}

test('password: both forms log in to a database of the client, and say so in gty', async () => {
  for (const grant of [
    { grant_type: 'password' },
    { grant_type: passwordRealm, realm: 'people' },
  ]) {
    const { body } = await tokenRequest(under, {
      ...trusted,
      ...ada,
      ...grant,
      audience: ordersApi,
    })
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      sub: adaId,
      gty: 'password',
      // Without a scope, all of the API's.
      scope: 'read:things write:things',
    })
  }
})

test('password: a wrong password, an unknown user and another connection are refused', async () => {
  const grant = { ...trusted, grant_type: passwordRealm, realm: 'people' }
  const wrong = await tokenRequest(under, { ...grant, ...ada, password: 'wrong' })
  const unknown = await tokenRequest(under, { ...grant, ...ada, username: 'bob@example.com' })
  expect(wrong).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
  expect(unknown).toEqual(wrong)
  const elsewhere = await tokenRequest(under, { ...grant, ...ada, realm: 'elsewhere' })
  expect(elsewhere.body.error).toBe('invalid_request')
  const { logs } = under.tenant.activity
  expect(logs.filter(({ type }) => type === 'fp' || type === 'fu').map(({ type }) => type)).toEqual(
    ['fp', 'fu'],
  )
})

test('password: a connection that is not enabled for the client is refused', async () => {
  addClient(under.tenant, { client_id: 'stranger', grant_types: [passwordRealm] })
  const answer = await tokenRequest(under, {
    client_id: 'stranger',
    client_secret: 'secret of stranger',
    grant_type: passwordRealm,
    realm: 'people',
    ...ada,
  })
  expect(answer.status).toBe(403)
})

test('password: a blocked user is refused after a right password only', async () => {
  const { users } = under.tenant.state
  const user = users.get(adaId)
  if (user === undefined) throw new Error('no Ada')
  users.set(adaId, { ...user, profile: { ...user.profile, blocked: true } })
  const grant = { ...trusted, grant_type: 'password', ...ada }
  const right = await tokenRequest(under, grant)
  expect(right).toMatchObject({ status: 403, body: { error: 'unauthorized' } })
  const wrong = await tokenRequest(under, { ...grant, password: 'wrong' })
  expect(wrong.body.error).toBe('invalid_grant')
  users.set(adaId, user)
})

test('password: who has enrolled a second factor is asked for it after a right password only', async () => {
  const before = under.tenant.state.users.get(adaId) ?? expect.fail()
  const enrolled = { ...before, profile: { ...before.profile, multifactor: ['guardian'] } }
  under.tenant.state.users.set(adaId, enrolled)
  const ask = (password: string) =>
    tokenRequest(under, { ...trusted, grant_type: 'password', ...ada, password })
  expect((await ask('wrong')).body.error).toBe('invalid_grant')
  const { status, body } = await ask(ada.password)
  expect([status, body.error]).toEqual([403, 'mfa_required'])
  expect(body).toMatchObject({ mfa_token: expect.stringMatching(/^\S{20,}$/) })
  expect(body).not.toHaveProperty('access_token')
  under.tenant.state.users.set(adaId, before)
})

test('verifyManagementToken: takes a machine’s token for the Management API and nothing else', async () => {
  const { keys, tenant } = under
  const audience = `${tenant.issuer}api/v2/`
  addApi(tenant, audience, { scopes: [{ value: 'read:users' }, { value: 'read:current_user' }] })
  addGrant(tenant, 'machine', audience, ['read:users'])
  const { body } = await tokenRequest(under, { ...machine, audience })
  const caller = await verifyManagementToken(tenant, `Bearer ${body.access_token}`)
  expect(caller).toEqual({ clientId: 'machine', scopes: new Set(['read:users']) })

  const person = await tokenRequest(under, { ...trusted, ...ada, grant_type: 'password', audience })
  expect(person.body.scope).toBe('read:current_user')
  const other = await tokenRequest(under, machine)
  const claims = { iss: tenant.issuer, sub: 'machine@clients', aud: audience, azp: 'machine' }
  const options = { now: tenant.now(), lifetime: 60 }
  const good = { ...claims, gty: 'client-credentials', scope: 'read:users' }
  const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(good))}.`.replaceAll('=', '')
  const refused = [
    undefined,
    '',
    'Bearer',
    `Bearer ${person.body.access_token}`,
    `Bearer ${other.body.access_token}`,
    `Bearer ${await keys.sign(claims, options)}`,
    `Bearer ${await keys.sign({ ...good, sub: 'other@clients' }, options)}`,
    `Bearer ${await keys.sign({ ...good, iss: 'https://other.example/' }, options)}`,
    `Bearer ${await keys.sign(good, { ...options, now: tenant.now() - 61_000 })}`,
    `Bearer ${none}`,
    `Basic ${body.access_token}`,
  ]
  for (const header of refused) expect(await verifyManagementToken(tenant, header)).toBeNull()
  expect(
    await verifyManagementToken(tenant, `Bearer ${await keys.sign(good, options)}`),
  ).not.toBeNull()
})

test('token: an application made by the API without an algorithm has ID tokens by its secret, a public one by the keys', async () => {
  const { tenant } = under
  const { jwt_configuration = {} } = withClientDefaults({})
  const alg = { jwt_configuration }
  const grant_types = [passwordRealm]
  addClient(tenant, { ...alg, client_id: 'by-api', grant_types })
  addClient(tenant, {
    ...alg,
    client_id: 'native',
    token_endpoint_auth_method: 'none',
    grant_types,
  })
  // For the applications that are there by now.
  addDatabase(tenant, 'later')
  const eve = { username: 'eve@example.com', password: 'battery staple' }
  await addUser(under, 'later', 'eve', eve)
  const idTokenOf = async (client: Readonly<Record<string, string>>) => {
    const grant = { grant_type: passwordRealm, realm: 'later', scope: 'openid', ...eve }
    const { body } = await tokenRequest(under, { ...grant, ...client })
    return String(body.id_token)
  }
  const secret = 'secret of by-api'
  const signed = await idTokenOf({ client_id: 'by-api', client_secret: secret })
  const { payload } = await jwtVerify(signed, new TextEncoder().encode(secret), {
    algorithms: ['HS256'],
  })
  expect(payload).toMatchObject({ sub: 'auth0|eve', aud: 'by-api' })
  const open = await idTokenOf({ client_id: 'native' })
  expect(decodeProtectedHeader(open)).toMatchObject({ alg: 'RS256' })
})
