import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { tokenRequest } from './application.ts'
import { startSampleTenant } from './sample-tenant.ts'
import { addGrant, bindActions, legacyApi, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
  addGrant(under.tenant, 'machine', ordersApi, [])
})
afterEach(() => bindActions(under.tenant, [], 'credentials-exchange'))
afterAll(() => under.close())

const machine = {
  client_id: 'machine',
  client_secret: 'secret of machine',
  grant_type: 'client_credentials',
  audience: legacyApi,
}

function bind(...bodies: readonly string[]): void {
  const sources = bodies.map(
    (body) => `exports.onExecuteCredentialsExchange = async (event, api) => { ${body} }`,
  )
  bindActions(under.tenant, sources, 'credentials-exchange')
}

test('credentials-exchange: Actions run, see the request without its secret, and set claims', async () => {
  bind(
    `api.accessToken.setCustomClaim('https://claims.example/seen', JSON.stringify([
      event.client.client_id, event.resource_server.identifier, event.request.body,
      event.transaction.requested_scopes, event.accessToken.scope, event.secrets, event.user]))`,
    "api.accessToken.setCustomClaim('https://claims.example/second', true)",
  )
  const { body } = await tokenRequest(under, { ...machine, scope: 'read:things' })
  const claims = decodeJwt(String(body.access_token))
  const { client_secret: _, ...shown } = { ...machine, scope: 'read:things' }
  expect(JSON.parse(String(claims['https://claims.example/seen']))).toEqual([
    'machine',
    legacyApi,
    shown,
    ['read:things'],
    ['read:things'],
    { WHO: 'credentials-exchange-0' },
    null,
  ])
  expect(claims['https://claims.example/second']).toBe(true)
  expect(under.logins).toEqual([])
})

test('credentials-exchange: a denial gives no token, but the code and the reason of the Action', async () => {
  bind("api.access.deny('invalid_scope', 'not today')", "throw new Error('must not run')")
  expect(await tokenRequest(under, machine)).toEqual({
    status: 400,
    body: { error: 'invalid_scope', error_description: 'not today' },
  })
  bind("throw new Error('boom')")
  const failed = await tokenRequest(under, machine)
  expect(failed.body).toMatchObject({ error: 'server_error' })
  expect(failed.body).not.toHaveProperty('access_token')
})

test('credentials-exchange: no Action gives a scope above the client grant, or takes the place of a claim', async () => {
  bind(`
    api.transaction.setTargetScopes(['read:things', 'write:things', 'all'])
    for (const name of ['sub', 'aud', 'scope', 'azp', 'gty']) {
      api.accessToken.setCustomClaim(name, 'forged')
    }`)
  const { body } = await tokenRequest(under, machine)
  const real = { sub: 'machine@clients', aud: legacyApi, azp: 'machine', gty: 'client-credentials' }
  expect(decodeJwt(String(body.access_token))).toMatchObject({ ...real, scope: 'read:things' })
  const bare = await tokenRequest(under, { ...machine, audience: ordersApi })
  expect(decodeJwt(String(bare.body.access_token))).not.toHaveProperty('scope')
})
