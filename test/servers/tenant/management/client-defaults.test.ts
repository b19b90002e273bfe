import { beforeEach, expect, test } from 'vitest'
import { authenticateClient } from '../../../../servers/tenant/authentication/authenticate-client.ts'
import { createManagementUnderTest, type ManagementUnderTest } from './management-under-test.ts'

let under: ManagementUnderTest
beforeEach(async () => {
  under = await createManagementUnderTest()
})

async function create(body: object = {}) {
  const { status, body: client } = await under.call('POST', '/clients', { name: 'App', ...body })
  expect(status).toBe(201)
  return client
}

const grants = ['authorization_code', 'implicit', 'refresh_token']
const refreshToken = {
  ...{ rotation_type: 'non-rotating', expiration_type: 'non-expiring', leeway: 0 },
  ...{ token_lifetime: 2_592_000, idle_token_lifetime: 1_296_000 },
  ...{ infinite_token_lifetime: true, infinite_idle_token_lifetime: true },
}

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccClientMetadataBehavior.yaml
test('clients: one of which only a name is said has what Auth0 adds, and nothing else', async () => {
  const client = await create()
  const { client_id, client_secret, ...shown } = client
  expect(shown).toEqual({
    ...{ tenant: 'under-test', name: 'App', global: false },
    ...{ is_first_party: true, oidc_conformant: false, sso_disabled: false },
    ...{ cross_origin_auth: false, cross_origin_authentication: false },
    ...{ is_token_endpoint_ip_header_trusted: false, callback_url_template: false },
    grant_types: [...grants, 'client_credentials'],
    jwt_configuration: { lifetime_in_seconds: 36_000, secret_encoded: false },
    refresh_token: refreshToken,
    custom_login_page_on: true,
  })
  expect((await under.call('GET', `/clients/${client_id}`)).body).toEqual(client)
  expect(client_secret).toMatch(/\w{64}/)
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccClientRefreshToken.yaml
test.each(['spa', 'native', 'regular_web', 'non_interactive'])(
  'clients: %s without a method has a secret to prove, and client_credentials',
  async (app_type) => {
    const client = await create({ app_type })
    expect(client).not.toHaveProperty('token_endpoint_auth_method')
    expect(client).toMatchObject({ app_type, grant_types: [...grants, 'client_credentials'] })
    const { client_id, client_secret } = client
    const proven = await authenticateClient(under.tenant, undefined, { client_id, client_secret })
    expect(proven.client_id).toBe(client_id)
    const unproven = authenticateClient(under.tenant, undefined, { client_id })
    await expect(unproven).rejects.toMatchObject({ status: 401 })
  },
)

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccClientMobile.yaml
test('clients: one with method none is public, and has no client_credentials', async () => {
  const token_endpoint_auth_method = 'none'
  const client = await create({ app_type: 'native', token_endpoint_auth_method })
  expect(client).toMatchObject({ token_endpoint_auth_method, grant_types: grants })
  const { client_id } = client
  const found = await authenticateClient(under.tenant, undefined, { client_id })
  expect(found.client_id).toBe(client_id)
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccClientZeroValueCheck.yaml
test('clients: a third party’s is OIDC conformant where nobody says so, and stays it', async () => {
  const { client_id, oidc_conformant } = await create({ is_first_party: false })
  expect(oidc_conformant).toBe(true)
  const { body } = await under.call('PATCH', `/clients/${client_id}`, { is_first_party: true })
  expect(body).toMatchObject({ is_first_party: true, oidc_conformant: true })
})

test('clients: what settings of tokens leave out is filled in, when made and when changed', async () => {
  const expiring = { rotation_type: 'rotating', expiration_type: 'expiring' }
  const { client_id, ...made } = await create({
    jwt_configuration: { alg: 'RS256' },
    refresh_token: { ...expiring, token_lifetime: 60 },
  })
  expect(made).toMatchObject({
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
    refresh_token: {
      ...{ ...refreshToken, ...expiring, token_lifetime: 60 },
      ...{ infinite_token_lifetime: false, infinite_idle_token_lifetime: false },
    },
  })
  const { body } = await under.call('PATCH', `/clients/${client_id}`, {
    jwt_configuration: { lifetime_in_seconds: 300 },
    refresh_token: null,
  })
  expect(body.jwt_configuration).toEqual({ lifetime_in_seconds: 300, secret_encoded: false })
  expect(body.refresh_token).toEqual(refreshToken)
})

test('clients: a rotated secret takes the place of the one before, for who may change keys', async () => {
  const { client_id, client_secret: old } = await create()
  const path = `/clients/${client_id}/rotate-secret`
  expect((await under.call('POST', path, undefined, ['update:clients'])).status).toBe(403)
  const { status, body } = await under.call('POST', path)
  expect([status, body.client_id]).toEqual([200, client_id])
  expect(body.client_secret).not.toBe(old)
  const withOld = authenticateClient(under.tenant, undefined, { client_id, client_secret: old })
  await expect(withOld).rejects.toMatchObject({ status: 401 })
  const { client_secret } = body
  await authenticateClient(under.tenant, undefined, { client_id, client_secret })
  expect((await under.call('POST', '/clients/nobody/rotate-secret')).status).toBe(404)
})

test.each([
  ['app_type', 'salesforce'],
  ['app_type', 'oag'],
  ['b2b_integration_configuration', {}],
  ['express_configuration', {}],
  ['fedcm_login', { google: { is_enabled: true } }],
  ['identity_assertion_authorization_grant', { active: true }],
  ['my_organization_configuration', { connection_deletion_behavior: 'allow' }],
  ['token_vault_privileged_access', { credentials: [] }],
])('clients: %s of the API’s own description is taken and shown', async (name, value) => {
  const client = await create({ [name]: value })
  expect(client[name]).toEqual(value)
})

test('clients: no application of a metadata document is found, since none is made', async () => {
  await create()
  const { status, body } = await under.call('GET', '/clients?external_client_id=https://a.example/')
  expect([status, body]).toEqual([200, []])
})
