import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteUser } from '../../../../servers/tenant/users/delete-user.ts'
import { application, logIn, tokenRequest } from './application.ts'
import { ada, adaId, addUser, startSampleTenant } from './sample-tenant.ts'
import { action, addApi, addClient, bindActions, callback, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

const invoicesApi = 'https://invoices.example/'
const scope = 'openid email offline_access read:things'

let under: TenantUnderTest
beforeAll(async () => {
  under = await startSampleTenant()
  addApi(under.tenant, invoicesApi)
  for (const [client_id, refresh_token] of [
    ['rotating', { rotation_type: 'rotating', leeway: 0 }],
    ['lenient', { rotation_type: 'rotating', leeway: 5 }],
    ['expiring', { expiration_type: 'expiring', token_lifetime: 100, idle_token_lifetime: 60 }],
    ['multi', { policies: [{ audience: invoicesApi, scope: ['write:things'] }] }],
  ] as const) {
    addClient(under.tenant, { client_id, refresh_token })
    const people = under.tenant.state.connections.get('con_people')
    if (people === undefined) throw new Error('no database')
    const enabled_clients = [...people.enabled_clients, client_id]
    under.tenant.state.connections.set('con_people', { ...people, enabled_clients })
  }
})
beforeEach(() => bindActions(under.tenant, []))
afterAll(() => under.close())

async function firstToken(clientId: string): Promise<string> {
  const app = await application(under, clientId)
  const { tokens } = await logIn(under, app, ada, { scope, audience: ordersApi })
  if (tokens.refresh_token === undefined) throw new Error('no refresh token')
  return tokens.refresh_token
}

function refresh(
  clientId: string,
  refresh_token: string,
  more: Readonly<Record<string, string>> = {},
) {
  const client = { client_id: clientId, client_secret: `secret of ${clientId}` }
  return tokenRequest(under, { grant_type: 'refresh_token', ...client, refresh_token, ...more })
}

const refused = { status: 403, body: { error: 'invalid_grant' } }

test('refresh_token: openid-client refreshes, and the token stays good where nothing rotates', async () => {
  const app = await application(under, 'web')
  const token = await firstToken('web')
  const once = await oidc.refreshTokenGrant(app, token)
  const again = await oidc.refreshTokenGrant(app, token)
  expect(once.refresh_token).toBeUndefined()
  expect(again.claims()?.sub).toBe(adaId)
  expect(decodeJwt(again.access_token).aud).toContain(ordersApi)
})

test('refresh_token: rotation gives the next token, and reuse of a rotated-out one ends the family', async () => {
  const first = await firstToken('rotating')
  const { body } = await refresh('rotating', first)
  const second = String(body.refresh_token)
  expect(second).not.toBe(first)
  expect((await refresh('rotating', second)).status).toBe(200)
  expect(await refresh('rotating', first)).toMatchObject(refused)
  expect(await refresh('rotating', second)).toMatchObject(refused)
  expect(under.tenant.activity.logs.some(({ type }) => type === 'ferrt')).toBe(true)
})

test('refresh_token: the family’s newest token ends too when an old one comes back', async () => {
  const first = await firstToken('rotating')
  const { body } = await refresh('rotating', first)
  expect(await refresh('rotating', first)).toMatchObject(refused)
  expect(await refresh('rotating', String(body.refresh_token))).toMatchObject(refused)
})

test('refresh_token: of two exchanges at once, one at most is paid out without leeway', async () => {
  bindActions(under.tenant, [action('await new Promise((done) => setTimeout(done, 20))')])
  const first = await firstToken('rotating')
  const both = await Promise.all([refresh('rotating', first), refresh('rotating', first)])
  expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('refresh_token: within the leeway the old token is taken once more', async () => {
  const first = await firstToken('lenient')
  expect((await refresh('lenient', first)).status).toBe(200)
  expect((await refresh('lenient', first)).status).toBe(200)
  under.clock.now += 5_000
  expect(await refresh('lenient', first)).toMatchObject(refused)
})

test('refresh_token: idle and absolute lifetimes end it', async () => {
  const idle = await firstToken('expiring')
  const used = await firstToken('expiring')
  under.clock.now += 59_000
  expect((await refresh('expiring', used)).status).toBe(200)
  under.clock.now += 2_000
  expect(await refresh('expiring', idle)).toMatchObject(refused)
  under.clock.now += 38_000
  expect((await refresh('expiring', used)).status).toBe(200)
  under.clock.now += 2_000
  expect(await refresh('expiring', used)).toMatchObject(refused)
})

test('refresh_token: a forged one, another client’s and an access token are refused', async () => {
  const token = await firstToken('web')
  const { body } = await refresh('web', token)
  expect(await refresh('other', token)).toMatchObject(refused)
  expect(await refresh('web', String(body.access_token))).toMatchObject(refused)
  expect(await refresh('web', `${token}A`)).toMatchObject(refused)
  const forged = `${btoa('{"alg":"none"}')}.${btoa(`{"sub":"${adaId}"}`)}.`
  expect(await refresh('web', forged)).toMatchObject(refused)
})

test('refresh_token: scopes narrow and never widen', async () => {
  const token = await firstToken('web')
  const narrow = await refresh('web', token, { scope: 'openid write:things' })
  expect(narrow.body.scope).toBe('openid')
  expect((await refresh('web', token)).body.scope).toBe(scope)
})

test('refresh_token: another audience is ignored, but for those of the client’s policies', async () => {
  const { body: ignored } = await refresh('web', await firstToken('web'), { audience: invoicesApi })
  expect(decodeJwt(String(ignored.access_token)).aud).toContain(ordersApi)
  under.logins.length = 0
  bindActions(under.tenant, [action('')])
  const { body } = await refresh('multi', await firstToken('multi'), { audience: invoicesApi })
  const claims = decodeJwt(String(body.access_token))
  expect(claims.aud).toContain(invoicesApi)
  expect(claims.scope).toContain('write:things')
  expect(under.logins.at(-1)?.event.resource_server?.identifier).toBe(invoicesApi)
  expect(under.logins.at(-1)?.event.request.body.audience).toBe(invoicesApi)
})

test('refresh_token: Actions run, see the token and not its secret, and a denial costs no token', async () => {
  const token = await firstToken('rotating')
  under.logins.length = 0
  bindActions(under.tenant, [action('api.access.deny("not now")')])
  const denied = await refresh('rotating', token)
  expect(denied).toEqual({
    status: 403,
    body: { error: 'access_denied', error_description: 'not now' },
  })
  const event = under.logins[0]?.event
  expect(event?.transaction?.protocol).toBe('oauth2-refresh-token')
  expect(event?.refresh_token).toMatchObject({ client_id: 'rotating', rotating: true })
  const [held] = event?.refresh_token?.resource_servers ?? []
  expect(held?.audience).toBe(ordersApi)
  expect(held?.scopes.split(' ')).toEqual(expect.arrayContaining(['openid', 'offline_access']))
  expect(event?.experiment).toBeNull()
  expect(event?.request.body).toEqual({ grant_type: 'refresh_token', client_id: 'rotating' })
  expect(JSON.stringify(event)).not.toContain(token)
  bindActions(under.tenant, [])
  expect((await refresh('rotating', token)).status).toBe(200)
})

test('refresh_token: a user who is blocked or deleted is refused, and a new user of that id too', async () => {
  const eve = { username: 'eve@example.com', password: 'correct horse' }
  await addUser(under, 'people', 'eve', eve)
  const app = await application(under, 'web')
  const { tokens } = await logIn(under, app, eve, { scope })
  const token = tokens.refresh_token ?? ''
  const { users } = under.tenant.state
  const user = users.get('auth0|eve')
  if (user === undefined) throw new Error('no Eve')
  users.set('auth0|eve', { ...user, profile: { ...user.profile, blocked: true } })
  expect((await refresh('web', token)).body.error).toBe('unauthorized')

  deleteUser(under.tenant, 'auth0|eve')
  expect(await refresh('web', token)).toMatchObject(refused)
  await addUser(under, 'people', 'eve', eve)
  expect(await refresh('web', token)).toMatchObject(refused)
})

test('refresh_token: none without offline_access, nor for an API or a client that does without', async () => {
  addApi(under.tenant, 'https://online.example/', { allow_offline_access: false })
  addClient(under.tenant, {
    client_id: 'online',
    grant_types: ['authorization_code'],
    callbacks: [callback],
  })
  const app = await application(under, 'web')
  const without = await logIn(under, app, ada, { audience: ordersApi })
  const online = await logIn(under, app, ada, { scope, audience: 'https://online.example/' })
  expect(without.tokens.refresh_token).toBeUndefined()
  expect(online.tokens.refresh_token).toBeUndefined()
  expect(online.tokens.scope).not.toContain('offline_access')
})
