import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { AuthApiError, AuthenticationClient } from 'auth0'
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { application, begin } from './application.ts'
import { createBrowser } from './browser.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { addClient, callback, legacyApi, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
  const people = under.tenant.state.connections.get('con_people')
  if (people === undefined) throw new Error('no database')
  under.tenant.state.connections.set(people.id, {
    ...people,
    options: { passwordPolicy: 'low' },
  })
  // It verifies ID tokens by keys that it fetches itself: it trusts what Node trusts.
  setDefaultCACertificates([...getCACertificates('default'), under.ca])
})
afterAll(() => under.close())

/** The SDK's client for the Authentication API, unmodified. */
function sdk(clientId: string): AuthenticationClient {
  return new AuthenticationClient({
    domain: under.tenant.domain,
    clientId,
    clientSecret: `secret of ${clientId}`,
  })
}

test('auth0 SDK: password, password-realm and refresh grants, and revocation', async () => {
  const { oauth } = sdk('trusted')
  const scope = 'openid profile email offline_access read:things'
  const { data } = await oauth.passwordGrant({ ...ada, audience: ordersApi, scope })
  expect(decodeJwt(data.access_token)).toMatchObject({ sub: adaId, gty: 'password' })
  expect(decodeJwt(data.id_token ?? '')).toMatchObject({ email: ada.username })
  const realm = await oauth.passwordGrant({ ...ada, realm: 'people', scope: 'openid' })
  expect(realm.data.id_token).toBeDefined()

  const refresh_token = data.refresh_token ?? ''
  const refreshed = await oauth.refreshTokenGrant({ refresh_token })
  expect(decodeJwt(refreshed.data.access_token)).toMatchObject({ sub: adaId })
  // Of another application: no error, and nothing happens.
  await sdk('machine').oauth.revokeRefreshToken({ token: refresh_token })
  expect((await oauth.refreshTokenGrant({ refresh_token })).status).toBe(200)
  await oauth.revokeRefreshToken({ token: refresh_token })
  await expect(oauth.refreshTokenGrant({ refresh_token })).rejects.toMatchObject({
    error: 'invalid_grant',
    statusCode: 403,
  })
  await oauth.revokeRefreshToken({ token: 'none' })
})

test('auth0 SDK: client credentials', async () => {
  const { data } = await sdk('machine').oauth.clientCredentialsGrant({ audience: legacyApi })
  expect(decodeJwt(data.access_token)).toMatchObject({ sub: 'machine@clients', aud: legacyApi })
})

test('auth0 SDK: exchanges a code, with PKCE and without', async () => {
  addClient(under.tenant, { client_id: 'site' })
  const app = await application(under, 'site')
  const people = under.tenant.state.connections.get('con_people')
  if (people === undefined) throw new Error('no database')
  const enabled_clients = [...people.enabled_clients, 'site']
  under.tenant.state.connections.set(people.id, { ...people, enabled_clients })
  const { oauth } = sdk('site')
  const start = await begin(under, app)
  const { left } = await start.browser.submit(start.visit, ada)
  const code = left?.searchParams.get('code') ?? ''
  const { data } = await oauth.authorizationCodeGrantWithPKCE(
    { code, code_verifier: start.verifier, redirect_uri: callback },
    { idTokenValidateOptions: { nonce: start.nonce } },
  )
  expect(decodeJwt(data.id_token ?? '').sub).toBe(adaId)
  const url = oidc.buildAuthorizationUrl(app, { redirect_uri: callback, scope: 'openid' })
  const bare = await start.browser.go(url.href)
  const plain = { code: bare.left?.searchParams.get('code') ?? '', redirect_uri: callback }
  expect((await oauth.authorizationCodeGrant(plain)).data.id_token).toBeDefined()
})

test('auth0 SDK: signs up, asks for a password mail, and the new password logs in', async () => {
  const { database, oauth } = sdk('trusted')
  const account = { email: 'eve@example.com', password: 'first password', connection: 'people' }
  const { data } = await database.signUp({ ...account, user_metadata: { locale: 'de' } })
  expect(data).toMatchObject({ email: account.email, email_verified: false })
  expect(data).toHaveProperty('_id')
  const answer = await database.changePassword({ email: account.email, connection: 'people' })
  expect(answer.data).toContain('email to reset your password')
  const browser = createBrowser(under.fetch)
  const page = await browser.go(under.tenant.activity.outbox.at(-1)?.url ?? '')
  await browser.submit(page, { password: 'second one', password_confirmation: 'second one' })
  const login = { username: account.email, password: 'second one', scope: 'openid' }
  expect((await oauth.passwordGrant(login)).data.id_token).toBeDefined()
})

test('auth0 SDK: reads the errors as those of Auth0', async () => {
  const { database, oauth } = sdk('trusted')
  const wrong = oauth.passwordGrant({ ...ada, password: 'wrong' })
  await expect(wrong).rejects.toThrow(AuthApiError)
  await expect(wrong).rejects.toMatchObject({
    error: 'invalid_grant',
    error_description: 'Wrong email or password.',
    statusCode: 403,
  })
  const taken = { email: ada.username, password: 'long enough', connection: 'people' }
  await expect(database.signUp(taken)).rejects.toMatchObject({ statusCode: 400 })
  const weak = { ...taken, email: 'new@example.com', password: 'x' }
  await expect(database.signUp(weak)).rejects.toMatchObject({ statusCode: 400 })
  const stranger = sdk('nobody').oauth.clientCredentialsGrant({ audience: legacyApi })
  await expect(stranger).rejects.toMatchObject({ error: 'access_denied', statusCode: 401 })
})
