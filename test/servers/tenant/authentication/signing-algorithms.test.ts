import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
} from 'jose'
import type * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { application, begin, logIn, redeem, tokenRequest } from './application.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { addApi, addClient, addGrant, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
  addGrant(under.tenant, 'machine', ordersApi, ['read:things'])
})
beforeEach(() => {
  under.tenant.state.settings.set('tenant', {})
})
afterAll(() => under.close())

/** As an API does that knows the tenant's address alone, and what it has signed by. */
function verify(token: string, algorithm: string, audience: string) {
  const { issuer } = under.tenant
  const keys = createRemoteJWKSet(new URL(`${issuer}.well-known/jwks.json`), {
    [customFetch]: (url, { headers, method }) => under.fetch(url, { headers, method }),
  })
  return jwtVerify(token, keys, { issuer, audience, algorithms: [algorithm] })
}

function leaveAlgOut(): void {
  under.tenant.state.settings.set('tenant', { flags: { remove_alg_from_jwks: true } })
}

async function accessTokens(signing_alg: string) {
  addApi(under.tenant, ordersApi, { signing_alg })
  const { body } = await tokenRequest(under, {
    ...{ grant_type: 'client_credentials', audience: ordersApi },
    ...{ client_id: 'machine', client_secret: 'secret of machine' },
  })
  const scope = 'openid read:things'
  const { tokens } = await logIn(under, web, ada, { audience: ordersApi, scope })
  return { machine: String(body.access_token), person: tokens.access_token }
}

async function idToken(jwt_configuration: JsonObject, client_id = 'web'): Promise<string> {
  addClient(under.tenant, { client_id, jwt_configuration })
  const { tokens } = await logIn(under, await application(under, client_id), ada)
  return tokens.id_token ?? ''
}

test.each(['PS256', 'RS256', 'RS512'])('signing: an API with %s has tokens of it', async (alg) => {
  leaveAlgOut()
  const { machine, person } = await accessTokens(alg)
  for (const [token, sub] of [
    [machine, 'machine@clients'],
    [person, adaId],
  ] as const) {
    expect(decodeProtectedHeader(token).alg).toBe(alg)
    expect((await verify(token, alg, ordersApi)).payload.sub).toBe(sub)
    const [header, payload, signature = ''] = token.split('.')
    const other = signature.startsWith('A') ? 'B' : 'A'
    const forged = [header, payload, other + signature.slice(1)].join('.')
    await expect(verify(forged, alg, ordersApi)).rejects.toThrow(errors.JOSEError)
  }
})

test.each(['PS256', 'RS256'])(
  'signing: an application with %s has ID tokens of it',
  async (alg) => {
    leaveAlgOut()
    const token = await idToken({ alg })
    expect(decodeProtectedHeader(token).alg).toBe(alg)
    expect((await verify(token, alg, 'web')).payload.sub).toBe(adaId)
  },
)

test('signing: an application with HS256 has ID tokens by its secret, encoded or not', async () => {
  const secret = 'secret of web'
  const text = await idToken({ alg: 'HS256' })
  await jwtVerify(text, Buffer.from(secret), { algorithms: ['HS256'], audience: 'web' })
  const bytes = await idToken({ alg: 'HS256', secret_encoded: true })
  await jwtVerify(bytes, Buffer.from(secret, 'base64url'), { algorithms: ['HS256'] })
  await expect(jwtVerify(bytes, Buffer.from(secret))).rejects.toThrow(errors.JOSEError)
})

test('signing: the key says RS256, and so a token of PS256 is refused, until alg is left out', async () => {
  const { person } = await accessTokens('PS256')
  await expect(verify(person, 'PS256', ordersApi)).rejects.toThrow(errors.JWKSNoMatchingKey)
  leaveAlgOut()
  expect((await verify(person, 'PS256', ordersApi)).payload.sub).toBe(adaId)
  expect((await verify((await accessTokens('RS256')).person, 'RS256', ordersApi)).payload.sub).toBe(
    adaId,
  )
})

test('signing: a token is for /userinfo too where the API has RS256, and nowhere else', async () => {
  const userinfo = `${under.tenant.issuer}userinfo`
  for (const alg of ['HS256', 'PS256', 'RS512']) {
    addApi(under.tenant, ordersApi, { signing_alg: alg, signing_secret: 'a secret of the API' })
    const parameters = { audience: ordersApi, scope: 'openid read:things' }
    const { access_token } = (await logIn(under, web, ada, parameters)).tokens
    expect([alg, decodeJwt(access_token).aud]).toEqual([alg, ordersApi])
    const headers = { authorization: `Bearer ${access_token}` }
    expect((await under.fetch(userinfo, { headers })).status).toBe(401)
  }
  const { person } = await accessTokens('RS256')
  expect(decodeJwt(person).aud).toEqual([ordersApi, userinfo])
})

test('signing: without a secret nothing is signed by one', async () => {
  addApi(under.tenant, ordersApi, { signing_alg: 'HS256' })
  const { tokens } = await logIn(under, web, ada, { audience: ordersApi, scope: 'openid' })
  expect(decodeProtectedHeader(tokens.access_token).alg).toBe('RS256')
})

test('ID token: it tells when the password was given to who asks that it be given, and to nobody else', async () => {
  const { browser, tokens } = await logIn(under, web, ada)
  expect(tokens.claims()).not.toHaveProperty('auth_time')
  const entered = Math.floor(under.clock.now / 1000)
  under.clock.now += 5_000
  const silent = await begin(under, web, { max_age: '60' }, browser)
  expect((await redeem(web, silent, silent.visit)).claims()?.auth_time).toBe(entered)
  const asked = await begin(under, web, { prompt: 'login' }, browser)
  const again = await redeem(web, asked, await browser.submit(asked.visit, ada))
  expect(again.claims()?.auth_time).toBe(Math.floor(under.clock.now / 1000))
})
