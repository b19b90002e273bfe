import { generateKeyPair, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSigningKeys } from '../../../../servers/tenant/signing-keys.ts'
import { deleteUser } from '../../../../servers/tenant/users/delete-user.ts'
import { application, logIn } from './application.ts'
import { ada, adaId, addUser, startSampleTenant } from './sample-tenant.ts'
import { action, bindActions, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
  const claim = "api.idToken.setCustomClaim('https://claims.example/plan', 'gold')"
  bindActions(under.tenant, [action(claim)])
})
afterAll(() => under.close())

async function ask(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await under.fetch(`${under.tenant.issuer}userinfo`, { headers })).status
}

test('userinfo: both kinds of token tell the profile and the custom claims of the ID token', async () => {
  for (const parameters of [{}, { audience: ordersApi }]) {
    const { tokens } = await logIn(under, web, ada, parameters)
    const claims = await oidc.fetchUserInfo(web, tokens.access_token, adaId)
    expect(claims).toMatchObject({
      sub: adaId,
      email: ada.username,
      nickname: 'ada',
      'https://claims.example/plan': 'gold',
    })
    expect(tokens.claims()).toMatchObject({ 'https://claims.example/plan': 'gold' })
    expect(claims).not.toHaveProperty('app_metadata')
  }
})

test('userinfo: scopes bound what it tells, and without openid it tells nothing', async () => {
  const { tokens } = await logIn(under, web, ada, { scope: 'openid' })
  const claims = await oidc.fetchUserInfo(web, tokens.access_token, adaId)
  expect(Object.keys(claims).sort()).toEqual(['https://claims.example/plan', 'sub'])
})

test('userinfo: a token of another issuer, of another key, unsigned or over is refused', async () => {
  const { tokens } = await logIn(under, web, ada, { audience: ordersApi })
  const [header = '', payload = ''] = tokens.access_token.split('.')
  const claims = JSON.parse(atob(payload))
  const sign = (keys: typeof under.keys, change: object) =>
    keys.sign({ ...claims, ...change }, { now: under.tenant.now(), lifetime: 60 })
  const none = btoa('{"alg":"none","typ":"JWT"}').replaceAll('=', '')
  const { n } = under.tenant.jwks.keys[0] ?? {}
  const hmac = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(n))
  const { privateKey } = await generateKeyPair('PS256')
  const forged = [
    await sign(under.keys, { iss: 'https://other.example/' }),
    await sign(await createSigningKeys(), {}),
    await sign(under.keys, { aud: ordersApi }),
    await sign(under.keys, { jti: 'never issued' }),
    await hmac,
    await new SignJWT(claims).setProtectedHeader({ alg: 'PS256' }).sign(privateKey),
    `${none}.${payload}.`,
    `${header}.${payload}.`,
    `${header}.${btoa(JSON.stringify({ ...claims, sub: 'auth0|eve' }))}.${tokens.access_token.split('.')[2]}`,
    'opaque',
    tokens.id_token ?? '',
  ]
  for (const token of forged) expect(await ask(token), token).toBe(401)
  expect(await ask(tokens.access_token)).toBe(200)
  expect(await ask(await sign(under.keys, {}))).toBe(200)
  under.clock.now += 7_200_000
  expect(await ask(tokens.access_token)).toBe(401)
})

test('userinfo: an opaque token ends, and so does that of a blocked or deleted user', async () => {
  const { tokens } = await logIn(under, web, ada)
  under.clock.now += 86_400_000
  expect(await ask(tokens.access_token)).toBe(401)
  const eve = { username: 'eve@example.com', password: 'correct horse' }
  await addUser(under, 'people', 'eve', eve)
  const hers = (await logIn(under, web, eve)).tokens.access_token
  expect(await ask(hers)).toBe(200)
  const { users } = under.tenant.state
  const user = users.get('auth0|eve')
  if (user === undefined) throw new Error('no Eve')
  users.set('auth0|eve', { ...user, profile: { ...user.profile, blocked: true } })
  expect(await ask(hers)).toBe(401)
  users.set('auth0|eve', user)
  expect(await ask(hers)).toBe(200)
  deleteUser(under.tenant, 'auth0|eve')
  expect(await ask(hers)).toBe(401)
})

test('userinfo: without a token it says how to bring one', async () => {
  const response = await under.fetch(`${under.tenant.issuer}userinfo`)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
})
