import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { begin, redeem } from '../authentication/application.ts'
import { addUser } from '../authentication/sample-tenant.ts'
import { action, addDatabase, bindActions } from '../authentication/tenant-resources.ts'
import { bob, bobId, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

const ann = { username: 'ann@example.com', password: 'right' }
const annId = 'auth0|ann'
const stamp = { legacy_id: 'bob', backfill: 'arrived' }

let under: LegacyTenant
beforeAll(async () => {
  under = await startLegacyTenant()
  addDatabase(under.tenant, 'people')
})
afterAll(() => under.close())

/** Ann, whose account is of the tenant's own, and Bob, who was migrated and has a stamp; linked to her. */
beforeEach(async () => {
  const { state } = under.tenant
  state.users.clear()
  state.others.clear()
  bindActions(under.tenant, [])
  await addUser(under, 'people', 'ann', ann, { given_name: 'Ann' })
  await manage('PATCH', annId, { app_metadata: { plan: 'free' }, user_metadata: { locale: 'en' } })
  expect(entered(await under.logIn(bob.username, bob.password))).toBe(true)
  await manage('PATCH', bobId, { app_metadata: { legacy_migration: stamp } })
  under.logins.length = 0
  under.scripts.length = 0
})

async function manage(method: string, id: string, body?: JsonObject, more = ''): Promise<unknown> {
  const response = await under.manage(method, `users/${encodeURIComponent(id)}${more}`, body)
  expect(response.ok).toBe(true)
  return response.status === 204 ? null : response.json()
}

function link(): Promise<unknown> {
  return manage('POST', annId, { provider: 'auth0', user_id: 'legacy|bob' }, '/identities')
}

async function logIn(connection: string, account: { username: string; password: string }) {
  const asked = { connection, scope: 'openid profile email offline_access' }
  const start = await begin(under, under.web, asked)
  const visit = await start.browser.submit(start.visit, account)
  return { start, visit }
}

test('linked accounts: whoever logs in by the secondary identity is the primary user, metadata and all', async () => {
  await link()
  bindActions(under.tenant, [action("api.user.setAppMetadata('seen', event.connection.name)")])
  const { start, visit } = await logIn('legacy', bob)
  const tokens = await redeem(under.web, start, visit)
  expect(tokens.claims()).toMatchObject({ sub: annId, email: ann.username, given_name: 'Ann' })
  const [login] = under.logins
  expect(login?.event.user).toMatchObject({
    user_id: annId,
    app_metadata: { plan: 'free' },
    user_metadata: { locale: 'en' },
    identities: [
      { connection: 'people', user_id: 'ann' },
      { connection: 'legacy', user_id: 'legacy|bob', profileData: { email: 'bob@example.com' } },
    ],
  })
  // How the person came is the identity's: an Action must not take the connection for the primary's.
  expect(login?.event.connection.name).toBe('legacy')
  expect(under.scripts).toEqual([])
  expect(await manage('GET', annId)).toMatchObject({
    app_metadata: { plan: 'free', seen: 'legacy' },
  })
})

test('linked accounts: the secondary’s metadata is lost, its stamp too, and is not back when unlinked', async () => {
  await link()
  expect((await manage('GET', annId)) as JsonObject).toMatchObject({
    app_metadata: { plan: 'free' },
  })
  const path = `/identities/auth0/${encodeURIComponent('legacy|bob')}`
  await manage('DELETE', annId, undefined, path)
  bindActions(under.tenant, [action('')])
  const { visit } = await logIn('legacy', bob)
  expect(entered(visit)).toBe(true)
  expect(under.logins[0]?.event.user).toMatchObject({
    user_id: bobId,
    email: 'bob@example.com',
    app_metadata: {},
    user_metadata: {},
  })
  // In the tenant already: the legacy store is not asked for what was lost.
  expect(under.scripts).toEqual([])
})

test('linked accounts: a migrated user as the primary keeps the stamp', async () => {
  await manage('POST', bobId, { provider: 'auth0', user_id: 'ann' }, '/identities')
  bindActions(under.tenant, [action('')])
  await logIn('people', ann)
  expect(under.logins[0]?.event.user).toMatchObject({
    user_id: bobId,
    app_metadata: { legacy_migration: stamp },
  })
})

test('linked accounts: linking ends what the secondary user had begun, for good', async () => {
  const before = await logIn('legacy', bob)
  const tokens = await redeem(under.web, before.start, before.visit)
  const expectEnded = async () => {
    const silent = await begin(under, under.web, { prompt: 'none' }, before.start.browser)
    expect(silent.visit.left?.searchParams.get('error')).toBe('login_required')
    const refresh = oidc.refreshTokenGrant(under.web, tokens.refresh_token ?? '')
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' })
  }
  await link()
  await expectEnded()
  const path = `/identities/auth0/${encodeURIComponent('legacy|bob')}`
  await manage('DELETE', annId, undefined, path)
  expect(under.tenant.state.users.has(bobId)).toBe(true)
  await expectEnded()
})

test('linked accounts: blocking the primary shuts both ways in, and deleting it ends both identities', async () => {
  await link()
  await manage('PATCH', annId, { blocked: true })
  for (const [connection, account] of [
    ['legacy', bob],
    ['people', ann],
  ] as const) {
    const { visit } = await logIn(connection, account)
    expect(visit.left?.searchParams.get('error')).toBe('unauthorized')
  }
  await manage('DELETE', annId)
  expect(under.tenant.state.users.size).toBe(0)
  expect(entered((await logIn('people', ann)).visit)).toBe(false)
  // The legacy store knows Bob still: he is imported again, as himself.
  expect(entered((await logIn('legacy', bob)).visit)).toBe(true)
  expect([...under.tenant.state.users.keys()]).toEqual([bobId])
})

test('linked accounts: each identity keeps its own password, in its own connection', async () => {
  await link()
  const swapped = [
    ['legacy', { ...bob, password: ann.password }],
    ['people', { ...ann, password: bob.password }],
    ['people', bob],
    ['legacy', ann],
  ] as const
  for (const [connection, account] of swapped) {
    expect(entered((await logIn(connection, account)).visit)).toBe(false)
  }
  expect(entered((await logIn('legacy', bob)).visit)).toBe(true)
  expect(entered((await logIn('people', ann)).visit)).toBe(true)
})

test('linked accounts: nobody else is given the id of a linked one, and unlinking takes nobody’s place', async () => {
  await link()
  const account = { connection: 'people', email: 'new@example.com', password: 'a password' }
  const taken = await under.manage('POST', 'users', { ...account, user_id: 'legacy|bob' })
  expect(taken.status).toBe(409)
  expect(under.tenant.state.users.size).toBe(1)
  await manage('DELETE', annId, undefined, `/identities/auth0/${encodeURIComponent('legacy|bob')}`)
  expect(under.tenant.state.users.get(bobId)?.profile.email).toBe('bob@example.com')
  const again = await under.manage('POST', 'users', { ...account, user_id: 'legacy|bob' })
  expect(again.status).toBe(409)
})
