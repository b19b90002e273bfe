import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { application, begin, logIn, tokenRequest } from './application.ts'
import { ada, startSampleTenant } from './sample-tenant.ts'
import { addApi, addClient, addGrant, ordersApi, passwordRealm } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
  addGrant(under.tenant, 'machine', ordersApi, ['read:things'])
})
beforeEach(() => {
  addApi(under.tenant, ordersApi)
  addClient(under.tenant, { client_id: 'web' })
})
afterAll(() => under.close())

test.each<[what: string, settings: JsonObject, says: string | null]>([
  ['pushed requests', { require_pushed_authorization_requests: true }, 'pushed'],
  ['signed requests', { signed_request_object: { required: true } }, 'signed'],
  ['none of it', { signed_request_object: { required: false } }, null],
])('authorize: what an application that requires %s is told', async (_, settings, says) => {
  addClient(under.tenant, { client_id: 'web', ...settings })
  const { visit } = await begin(under, await application(under, 'web'))
  expect(visit.left?.searchParams.get('error') ?? null).toBe(says && 'invalid_request')
  expect(visit.left?.searchParams.get('error_description') ?? '').toContain(says ?? '')
})

test('token: an application that requires proof of possession gets no tokens without', async () => {
  const web = await application(under, 'web')
  const { tokens } = await logIn(under, web, ada, { scope: 'openid offline_access' })
  addClient(under.tenant, { client_id: 'web', require_proof_of_possession: true })
  const refused = await tokenRequest(under, {
    ...{ grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' },
    ...{ client_id: 'web', client_secret: 'secret of web' },
  })
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
})

const dpop = { mechanism: 'dpop', required: true }

const apis: readonly [what: string, settings: JsonObject, isIssued: boolean][] = [
  ['requires proof of possession', { proof_of_possession: dpop }, false],
  ['allows it', { proof_of_possession: { ...dpop, required: false } }, true],
  [
    'requires it of public applications',
    { proof_of_possession: { ...dpop, required_for: 'public_clients' } },
    true,
  ],
  ['encrypts its tokens', { token_encryption: { format: 'compact-nested-jwe' } }, false],
]
test.each(apis)('token: for an API that %s', async (_, settings, isIssued) => {
  addApi(under.tenant, ordersApi, settings)
  for (const [client_id, grant] of [
    ['machine', { grant_type: 'client_credentials' }],
    ['trusted', { grant_type: passwordRealm, realm: 'people', ...ada }],
  ] as const) {
    const { body, status } = await tokenRequest(under, {
      ...{ client_id, client_secret: `secret of ${client_id}`, audience: ordersApi },
      ...grant,
    })
    expect([client_id, status]).toEqual([client_id, isIssued ? 200 : 400])
    expect('access_token' in body).toBe(isIssued)
  }
})

test('token: a public application is held to proof of possession where public ones are', async () => {
  addApi(under.tenant, ordersApi, {
    proof_of_possession: { ...dpop, required_for: 'public_clients' },
  })
  const spa = await application(under, 'spa')
  const { visit } = await begin(under, spa, { audience: ordersApi })
  expect(visit.left?.searchParams.get('error_description')).toContain('proof of possession')
})
