import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { tokenRequest } from './application.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { addApi, addClient, addGrant, passwordRealm } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
})
afterAll(() => under.close())

let count = 0
/** An API of these settings, and the tokens for it of a person and of a machine. */
async function tokensFor(settings: JsonObject) {
  count += 1
  const audience = `https://api-${count}.example/`
  addApi(under.tenant, audience, settings)
  addGrant(under.tenant, 'machine', audience, ['read:things'])
  const ask = async (client_id: string, more: Readonly<Record<string, string>>) => {
    const client = { client_id, client_secret: `secret of ${client_id}`, audience }
    const { body, status } = await tokenRequest(under, { ...client, ...more })
    expect(status).toBe(200)
    return String(body.access_token)
  }
  return {
    audience,
    machine: await ask('machine', { grant_type: 'client_credentials' }),
    person: await ask('trusted', {
      ...{ grant_type: passwordRealm, realm: 'people', ...ada },
      scope: 'openid read:things',
    }),
  }
}

test('api token: of an API that enforces permissions a person has no scope, and a machine has its own', async () => {
  const { machine, person } = await tokensFor({ enforce_policies: true })
  expect(decodeJwt(person).scope).toBe('openid')
  expect(decodeJwt(machine).scope).toBe('read:things')
  expect((await tokensFor({})).person).toSatisfy(
    (token: string) => decodeJwt(token).scope === 'openid read:things',
  )
})

test('api token: a dialect of authorization has permissions, and no other has', async () => {
  const plain = await tokensFor({ enforce_policies: true })
  expect(decodeJwt(plain.machine)).not.toHaveProperty('permissions')
  const { machine, person } = await tokensFor({
    enforce_policies: true,
    token_dialect: 'access_token_authz',
  })
  expect(decodeJwt(machine)).toMatchObject({ permissions: ['read:things'], azp: 'machine' })
  expect(decodeJwt(person).permissions).toEqual([])
})

test('api token: of the RFC 9068 profile it has client_id, and neither azp nor gty', async () => {
  const { machine, person } = await tokensFor({ token_dialect: 'rfc9068_profile' })
  expect(decodeJwt(machine)).toMatchObject({ sub: 'machine@clients', client_id: 'machine' })
  expect(decodeJwt(person)).toMatchObject({ sub: adaId, client_id: 'trusted' })
  for (const token of [machine, person]) {
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
    expect(decodeJwt(token)).not.toHaveProperty('azp')
    expect(decodeJwt(token)).not.toHaveProperty('gty')
  }
  const headers = { authorization: `Bearer ${person}` }
  const answer = await under.fetch(`${under.tenant.issuer}userinfo`, { headers })
  expect(await answer.json()).toEqual({ sub: adaId })
})

test('api token: an API with HS256 has tokens by its own secret, which open nothing here', async () => {
  const signing_secret = 'a secret of this API alone'
  const { audience, machine, person } = await tokensFor({ signing_alg: 'HS256', signing_secret })
  for (const token of [machine, person]) {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(signing_secret), {
      ...{ algorithms: ['HS256'], issuer: under.tenant.issuer, audience },
    })
    expect(payload.scope).toContain('read:things')
  }
  const headers = { authorization: `Bearer ${person}` }
  expect((await under.fetch(`${under.tenant.issuer}userinfo`, { headers })).status).toBe(401)
})

test('api token: whatever the dialect, an application that may not have one gets none', async () => {
  addClient(under.tenant, { client_id: 'stranger', grant_types: ['client_credentials'] })
  const { audience } = await tokensFor({ token_dialect: 'rfc9068_profile_authz' })
  const client = { client_id: 'stranger', client_secret: 'secret of stranger' }
  const answer = await tokenRequest(under, {
    ...{ grant_type: 'client_credentials', audience },
    ...client,
  })
  expect(answer).toMatchObject({ status: 403, body: { error: 'access_denied' } })
})
