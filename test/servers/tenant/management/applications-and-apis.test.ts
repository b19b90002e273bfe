import { beforeEach, expect, test } from 'vitest'
import { managementScopes } from '../../../../servers/tenant/management/management-scopes.ts'
import { createManagementUnderTest, type ManagementUnderTest } from './management-under-test.ts'

const identifier = 'https://api.example/'
const api = { identifier, scopes: [{ value: 'read:things' }, { value: 'write:things' }] }

let under: ManagementUnderTest
beforeEach(async () => {
  under = await createManagementUnderTest()
})

async function createClient(body: object = {}) {
  const { status, body: client } = await under.call('POST', '/clients', { name: 'App', ...body })
  expect(status).toBe(201)
  return client
}

test('clients: id and secret are made, and names may repeat', async () => {
  const one = await createClient()
  const other = await createClient()
  expect(one.client_id).toMatch(/^[A-Za-z0-9]{32}$/)
  expect(one.client_secret).toMatch(/^[A-Za-z0-9]{64}$/)
  expect(one.client_id).not.toBe(other.client_id)
})

test('clients: secrets are shown to who may read keys, and to nobody else', async () => {
  const { client_id, client_secret } = await createClient()
  const without = managementScopes.filter((scope) => scope !== 'read:client_keys')
  const path = `/clients/${client_id}`
  expect((await under.call('GET', path)).body.client_secret).toBe(client_secret)
  for (const shown of [path, '/clients']) {
    const { body } = await under.call('GET', shown, undefined, without)
    expect(JSON.stringify(body)).toContain(client_id)
    expect(JSON.stringify(body)).not.toContain(client_secret)
  }
})

test('clients: null takes a member away where Auth0 takes it, and the id stays', async () => {
  const { client_id } = await createClient({
    description: 'stays',
    organization_usage: 'require',
  })
  const path = `/clients/${client_id}`
  const { body } = await under.call('PATCH', path, { organization_usage: null })
  expect(body).not.toHaveProperty('organization_usage')
  expect(body).toMatchObject({ client_id, description: 'stays' })
  for (const name of ['description', 'callbacks', 'app_type', 'jwt_configuration']) {
    const refused = await under.call('PATCH', path, { [name]: null })
    expect(refused).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } })
    expect(refused.body.message).toContain(`on property ${name}`)
  }
  expect((await under.call('GET', path)).body).toEqual(body)
  expect((await under.call('PATCH', path, { client_id: 'mine' })).status).toBe(400)
})

test('clients: the one that carries the login page is found by is_global, apart from the rest', async () => {
  await createClient()
  const named = async (query: string) =>
    (await under.call('GET', `/clients?${query}`)).body.map(({ name }: { name: string }) => name)
  expect(await named('is_global=true')).toEqual(['All Applications'])
  expect(await named('is_global=false')).toEqual(['deploy-cli', 'App'])
})

test('clients: one that is deleted leaves no grant and no connection behind', async () => {
  const { client_id } = await createClient()
  await under.call('POST', '/resource-servers', api)
  await under.call('POST', '/client-grants', { client_id, audience: identifier, scope: [] })
  const connection = { name: 'db', strategy: 'auth0', enabled_clients: [client_id] }
  const { body } = await under.call('POST', '/connections', connection)
  expect((await under.call('DELETE', `/clients/${client_id}`)).status).toBe(204)
  expect((await under.call('GET', `/client-grants?client_id=${client_id}`)).body).toEqual([])
  expect(under.tenant.state.connections.get(body.id)?.enabled_clients).toEqual([])
})

test('resource-servers: people may have tokens and machines need a grant, unless said otherwise', async () => {
  const usual = { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } }
  const { body } = await under.call('POST', '/resource-servers', api)
  expect(body.subject_type_authorization).toEqual(usual)
  const path = `/resource-servers/${encodeURIComponent(identifier)}`
  const closed = { user: { policy: 'deny_all' } }
  const changed = await under.call('PATCH', path, { subject_type_authorization: closed })
  expect(changed.body.subject_type_authorization).toEqual({ ...usual, ...closed })
  const named = await under.call('PATCH', path, { name: 'Renamed' })
  expect(named.body.subject_type_authorization).toEqual({ ...usual, ...closed })
})

test.each([
  ['machines without a grant', { client: { policy: 'allow_all' } }],
  ['a policy that there is not', { user: { policy: 'deny' } }],
  ['a subject that there is not', { agent: { policy: 'deny_all' } }],
])('resource-servers: refuses %s', async (_, subject_type_authorization) => {
  const body = { ...api, subject_type_authorization }
  const answer = await under.call('POST', '/resource-servers', body)
  expect(answer.status).toBe(400)
  expect(answer.body.message).toContain('subject_type_authorization')
})

test('resource-servers: an identifier is given once, and never changes', async () => {
  const { body } = await under.call('POST', '/resource-servers', api)
  expect(body.id).toMatch(/^[0-9a-f]{24}$/)
  expect((await under.call('POST', '/resource-servers', api)).status).toBe(409)
  const path = `/resource-servers/${body.id}`
  expect((await under.call('PATCH', path, { identifier: 'other' })).status).toBe(400)
  expect((await under.call('DELETE', path)).status).toBe(204)
  expect((await under.call('GET', path)).status).toBe(404)
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccResourceServer.yaml
test('resource-servers: one of which only the identifier is said has no name and no scopes', async () => {
  const usual = { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } }
  const { body } = await under.call('POST', '/resource-servers', { identifier })
  expect(body).toEqual({
    ...{ id: body.id, identifier, signing_alg: 'RS256', allow_offline_access: false },
    ...{ token_lifetime: 86_400, token_lifetime_for_web: 7_200 },
    skip_consent_for_verifiable_first_party_clients: false,
    subject_type_authorization: usual,
  })
  const { client_id } = await createClient()
  const grant = { client_id, audience: identifier, scope: ['read:things'] }
  expect((await under.call('POST', '/client-grants', grant)).status).toBe(400)
})

test('resource-servers: null takes a member away where Auth0 takes it', async () => {
  const consent_policy = 'transactional-authorization-with-mfa'
  const given = { ...api, name: 'API', consent_policy, token_lifetime: 60 }
  const { body } = await under.call('POST', '/resource-servers', given)
  expect(body).toMatchObject(given)
  const path = `/resource-servers/${body.id}`
  const nulls = { consent_policy: null, authorization_details: null }
  const { consent_policy: _, ...rest } = body
  expect((await under.call('PATCH', path, nulls)).body).toEqual(rest)
  for (const name of ['name', 'scopes', 'token_lifetime']) {
    expect((await under.call('PATCH', path, { [name]: null })).status).toBe(400)
  }
})

test('resource-servers: the Management API keeps its scopes and stays', async () => {
  const path = `/resource-servers/${encodeURIComponent(`${under.tenant.issuer}api/v2/`)}`
  expect((await under.call('PATCH', path, { scopes: [] })).status).toBe(400)
  expect((await under.call('PATCH', path, { token_lifetime: 60 })).body.token_lifetime).toBe(60)
  expect((await under.call('DELETE', path)).status).toBe(400)
})

test('resource-servers: a token lives 30 days at most', async () => {
  const lifetime = (token_lifetime: number) =>
    under.call('POST', '/resource-servers', {
      identifier: `${identifier}${token_lifetime}`,
      token_lifetime,
    })
  expect((await lifetime(2_592_000)).status).toBe(201)
  expect((await lifetime(2_592_001)).status).toBe(400)
  expect((await lifetime(-1)).status).toBe(400)
})

test.each(['ES256', 'HS512', 'RS384', 'PS512', 'none'])(
  'resource-servers: %s signs nothing, and is refused',
  async (signing_alg) => {
    const made = await under.call('POST', '/resource-servers', { ...api, signing_alg })
    expect(made).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } })
    expect(made.body.message).toContain('signing_alg')
    const { body } = await under.call('POST', '/resource-servers', api)
    const path = `/resource-servers/${body.id}`
    expect((await under.call('PATCH', path, { signing_alg })).status).toBe(400)
    for (const known of ['HS256', 'PS256', 'RS512', 'RS256']) {
      const answer = await under.call('PATCH', path, { signing_alg: known })
      expect([answer.status, answer.body.signing_alg]).toEqual([200, known])
    }
  },
)

test('client-grants: one of a kind for an application and an API', async () => {
  await under.call('POST', '/resource-servers', api)
  const { client_id } = await createClient()
  const grant = { client_id, audience: identifier, scope: ['read:things'] }
  const create = (body: object) => under.call('POST', '/client-grants', { ...grant, ...body })
  expect((await create({})).body).toMatchObject({ ...grant, subject_type: 'client' })
  expect(await create({ scope: [] })).toMatchObject({
    status: 409,
    body: { message: 'client_grant already exists' },
  })
  expect((await create({ subject_type: 'user' })).status).toBe(201)
})

test.each([
  ['an API that there is not', { audience: 'https://nowhere.example/' }, 404],
  ['an application that there is not', { client_id: 'nobody' }, 404],
  ['a scope that the API does not have', { scope: ['delete:things'] }, 400],
  ['no scope at all', { scope: undefined }, 400],
])('client-grants: refuses %s', async (_, members, status) => {
  await under.call('POST', '/resource-servers', api)
  const { client_id } = await createClient()
  const { scope, ...rest } = { client_id, audience: identifier, scope: [], ...members }
  const body = { ...rest, ...(scope !== undefined && { scope }) }
  expect((await under.call('POST', '/client-grants', body)).status).toBe(status)
})

test('client-grants: scopes change within those of the API, the rest not at all', async () => {
  await under.call('POST', '/resource-servers', api)
  const { client_id } = await createClient()
  const grant = { client_id, audience: identifier, scope: ['read:things'] }
  const { body } = await under.call('POST', '/client-grants', grant)
  const path = `/client-grants/${body.id}`
  const scope = ['write:things']
  expect((await under.call('PATCH', path, { scope })).body).toEqual({ ...body, scope })
  expect((await under.call('PATCH', path, { scope: ['other'] })).status).toBe(400)
  expect((await under.call('PATCH', path, { audience: 'other' })).status).toBe(400)
})

test('client-grants: those that reach any organization are found, and the others', async () => {
  await under.call('POST', '/resource-servers', api)
  const grant = { audience: identifier, scope: [] }
  const ids: string[] = []
  for (const allow_any_organization of [true, false]) {
    const { client_id } = await createClient()
    const body = { ...grant, client_id, allow_any_organization }
    ids.push((await under.call('POST', '/client-grants', body)).body.id)
  }
  const found = async (query: string) =>
    (
      await under.call('GET', `/client-grants?audience=${encodeURIComponent(identifier)}&${query}`)
    ).body.map(({ id }: { id: string }) => id)
  expect(await found('allow_any_organization=true')).toEqual([ids[0]])
  expect(await found('allow_any_organization=false')).toEqual([ids[1]])
})

const rotating = { rotation_type: 'rotating', expiration_type: 'expiring' }

test.each<[why: string, body: object, at: string]>([
  ['a callback that is no URL', { callbacks: ['https://a.example/', 'app'] }, 'callbacks[1]'],
  [
    'a place to log out to without a protocol',
    { allowed_logout_urls: ['*.example.com'] },
    'allowed_logout_urls[0]',
  ],
  ['a misspelt grant', { grant_types: ['refresh_token', 'passwrod'] }, 'grant_types[1]'],
  [
    'a misspelt grant of Auth0’s',
    { grant_types: ['http://auth0.com/oauth/grant-type/password-relm'] },
    'grant_types[0]',
  ],
  ['a misspelt usage', { organization_usage: 'required' }, 'organization_usage'],
  [
    'a misspelt rotation',
    { refresh_token: { ...rotating, rotation_type: 'rotate' } },
    'refresh_token/rotation_type',
  ],
  [
    'half of a rotation',
    { refresh_token: { rotation_type: 'rotating' } },
    'refresh_token/expiration_type',
  ],
  [
    'a lifetime in words',
    { refresh_token: { ...rotating, token_lifetime: '30 days' } },
    'refresh_token/token_lifetime',
  ],
  ['metadata of a number', { client_metadata: { tier: 1 } }, 'client_metadata'],
  ['metadata of 256 characters', { client_metadata: { a: 'x'.repeat(256) } }, 'client_metadata'],
  [
    'eleven metadata',
    { client_metadata: Object.fromEntries([...'abcdefghijk'].map((key) => [key, 'x'])) },
    'client_metadata',
  ],
  ['another algorithm', { jwt_configuration: { alg: 'none' } }, 'jwt_configuration/alg'],
  ['an algorithm of curves', { jwt_configuration: { alg: 'ES256' } }, 'jwt_configuration/alg'],
  [
    'a lifetime of ID tokens in words',
    { jwt_configuration: { lifetime_in_seconds: '36000' } },
    'jwt_configuration/lifetime_in_seconds',
  ],
])('clients: %s is refused, when it is made and when it is changed', async (_, body, at) => {
  const { client_id } = await createClient({ refresh_token: rotating })
  const path = `/clients/${client_id}`
  const before = (await under.call('GET', path)).body
  for (const [method, where, more] of [
    ['POST', '/clients', { name: 'App' }],
    ['PATCH', path, {}],
  ] as const) {
    const answer = await under.call(method, where, { ...more, ...body })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } })
    expect(answer.body.message).toContain(at)
  }
  expect((await under.call('GET', path)).body).toEqual(before)
})

test('clients: every grant type that Auth0 names is taken, and callbacks of apps are', async () => {
  const names = ['mfa-oob', 'mfa-otp', 'mfa-recovery-code', 'passwordless/otp', 'password-realm']
  const { body, status } = await under.call('POST', '/clients', {
    name: 'App',
    callbacks: ['com.example.app://callback', 'https://*.example.com/', 'http://localhost:3000/'],
    grant_types: [
      ...['authorization_code', 'client_credentials', 'implicit', 'password', 'refresh_token'],
      ...names.map((name) => `http://auth0.com/oauth/grant-type/${name}`),
      'http://auth0.com/oauth/legacy/grant-type/ro',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
    refresh_token: { ...rotating, leeway: 0, policies: null },
  })
  expect([status, body.grant_types?.length]).toEqual([201, 12])
})
