import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { toAuth0Profile } from '../../../core/auth0-profile.ts'
import type { LegacyUser } from '../../../core/legacy-user.ts'
import { processLookupResponse } from '../../../core/old-tenant-api.ts'
import { handOverClaim } from '../../../core/old-tenant-user.ts'
import { handOverUser } from '../../../runtimes/hand-over-user.ts'
import { bindActions } from '../../servers/tenant/authentication/tenant-resources.ts'
import { buildFromTenant } from './bundles.ts'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { addOldUser, oldProfile } from './old-users.ts'
import { connection, migration } from './world.ts'

givenOldTenant()

test('old tenant, Action: hands nobody over to another application', async () => {
  const { email, password } = await addOldUser(world)
  const { issuer, tenant } = world.old
  const grant = { realm: connection, scope: 'openid', username: email, password }
  expect(tenant.state.clients.get('app')).toMatchObject({ client_id: 'app' })
  const claims = await world.passwordGrant({
    client_id: 'app',
    client_secret: 'secret of app',
    ...grant,
  })
  expect(claims).toMatchObject({ iss: issuer })
  expect(JSON.stringify(claims)).not.toContain('tenant-migration')
})

test('old tenant, Action: hands nobody over in a browser, not even to the migration’s application', async () => {
  const code = (await buildFromTenant({})).get('hand-over-user') ?? ''
  const runtime = createInProcessRuntime({ warm: true })
  const claimsBy = async (protocol: string, metadata: object) => {
    const { idTokenClaims, accessTokenClaims } = await runtime.runPostLogin({
      actions: [{ name: 'hand-over-user', code, secrets: {} }],
      event: createPostLoginEvent({
        client: { metadata: metadata as never },
        transaction: { protocol: protocol as never },
      }),
    })
    expect(accessTokenClaims).toEqual({})
    return Object.keys(idTokenClaims)
  }
  const ours = { hand_over_users: 'true' }
  expect(await claimsBy('oauth2-password', ours)).toEqual([handOverClaim])
  for (const protocol of ['oidc-basic-profile', 'oauth2-refresh-token', 'samlp']) {
    expect(await claimsBy(protocol, ours)).toEqual([])
  }
  expect(await claimsBy('oauth2-password', { hand_over_users: 'yes' })).toEqual([])
})

test('old tenant, Action: denies nobody’s login, whatever an application or a user is without', async () => {
  const handOver = handOverUser() as unknown as (event: object, api: object) => Promise<void>
  const claims: unknown[] = []
  const api = { idToken: { setCustomClaim: (...claim: unknown[]) => claims.push(claim) } }
  const client = { client_id: 'app', metadata: { hand_over_users: 'true' } }
  const connection = { name: 'people' }
  await handOver({ client: { client_id: 'app' }, connection, user: {} }, api)
  await handOver({ client, connection, user: {} }, api)
  expect(claims).toEqual([])
  const transaction = { protocol: 'oauth2-password' }
  for (const user of [{}, { identities: null }, { identities: [null], app_metadata: null }]) {
    await handOver({ client, connection, transaction, user }, api)
  }
  expect(claims).toEqual(Array(3).fill([handOverClaim, false]))
})

test('old tenant, Action: writes nothing there, and hands over none of its own note', async () => {
  const { email, password, userId } = await addOldUser(world, {
    profile: { app_metadata: { plan: 1 } },
  })
  await instance.login(email, password)
  expect(oldProfile(world, userId).app_metadata).toEqual({ plan: 1 })
})

test('old tenant, login: hands over the metadata that the config names, as get_user does, and asks for no other', async () => {
  const oldTenant = { appMetadata: ['plan'], userMetadata: [] }
  const user = await addOldUser(world, {
    profile: { app_metadata: { plan: 1, secret: 2 }, user_metadata: { a: 1 } },
  })
  bindActions(world.old.tenant, [
    (await buildFromTenant({ oldTenant })).get('hand-over-user') ?? '',
  ])
  try {
    const listed = await world.anew({ oldTenant })
    for (const called of [
      await listed.login(user.email, user.password),
      await listed.getUser(user.email),
    ]) {
      expect(called.profile).toMatchObject({ user_metadata: {} })
      const { app_metadata } = called.profile as { readonly app_metadata: object }
      expect(Object.keys(app_metadata)).toEqual(['plan', 'legacy_migration'])
    }
  } finally {
    bindActions(world.old.tenant, [(await buildFromTenant({})).get('hand-over-user') ?? ''])
  }
})

test.each([60_000, 120_000])(
  'old tenant, login: %i bytes of metadata keep nobody out, and stay behind as get_user has it',
  async (bytes) => {
    const { email, password } = await addOldUser(world, {
      profile: { app_metadata: { plan: 'gold' }, user_metadata: { notes: 'ä'.repeat(bytes / 2) } },
    })
    for (const [action, called] of [
      ['login', await instance.login(email, password)],
      ['get_user', await instance.getUser(email)],
    ] as const) {
      expect(called.profile).toMatchObject({
        ...{ email, user_metadata: {} },
        app_metadata: { legacy_migration: { backfill: 'too-large' } },
      })
      expect(Object.keys(Object(called.profile?.app_metadata))).toEqual(['legacy_migration'])
      expect(called.log).toEqual([{ code: 'profile_too_large', action }])
    }
  },
)

test('old tenant, login: what was left behind is not called arrived, where names are too large besides', async () => {
  const { email, password } = await addOldUser(world, {
    profile: { name: 'x'.repeat(11_000), user_metadata: { notes: 'x'.repeat(60_000) } },
  })
  for (const called of [await instance.login(email, password), await instance.getUser(email)]) {
    const { app_metadata, ...profile } = Object(called.profile)
    expect(profile).not.toHaveProperty('name')
    expect(app_metadata).toMatchObject({ legacy_migration: { backfill: 'too-large' } })
  }
})

test('old tenant, Action: leaves room in the token for the claims of others', async () => {
  const { email, password } = await addOldUser(world, {
    profile: { user_metadata: { notes: 'x'.repeat(99_000) } },
  })
  const claims = await world.passwordGrant({
    ...{ ...migration, realm: connection },
    ...{ scope: 'openid', username: email, password },
  })
  expect(JSON.stringify(claims).length).toBeLessThan(2_000)
})

test('old tenant, Action: whatever is too large, login and get_user make one profile of it', async () => {
  const size = fc.constantFrom(0, 5, 3_000, 8_000, 20_000, 52_000)
  const sizes = fc.record({ app: size, user: size, picture: size, name: size })
  const rule = { connection, idPrefix: '' }
  const handOver = handOverUser() as unknown as (event: object, api: object) => Promise<void>
  const client = { metadata: { hand_over_users: 'true' } }
  const transaction = { protocol: 'oauth2-password' }
  await fc.assert(
    fc.asyncProperty(sizes, async ({ app, user, picture, name }) => {
      const profile = {
        ...{ user_id: 'auth0|1', email: 'ada@example.com', email_verified: true },
        ...{ picture: 'p'.repeat(picture), name: 'ü'.repeat(name) },
        ...{ app_metadata: { a: 'x'.repeat(app) }, user_metadata: { u: 'x'.repeat(user) } },
        identities: [{ provider: 'auth0', connection, user_id: '1' }],
      }
      const claims: LegacyUser[] = []
      const setCustomClaim = (_: string, claim: LegacyUser) => claims.push(claim)
      const event = { client, transaction, connection: { name: connection }, user: profile }
      await handOver(event, { idToken: { setCustomClaim } })
      const answer = { status: 200, body: JSON.stringify([profile]), contentType: '' }
      const found = processLookupResponse(answer, profile.email, connection)
      if (found.type !== 'user') return expect.fail(found.type)
      const handed: LegacyUser = JSON.parse(JSON.stringify(claims[0]))
      expect(JSON.stringify(handed).length).toBeLessThan(60_000)
      const [login, getUser] = [handed, found.user].map((one) => toAuth0Profile(one, rule, 'now'))
      expect({ ...login, warning: null }).toEqual({ ...getUser, warning: null })
    }),
    { numRuns: 200 },
  )
})
