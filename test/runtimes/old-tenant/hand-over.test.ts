import { expect, test } from 'vitest'
import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { handOverClaim } from '../../../core/old-tenant-user.ts'
import { bindActions } from '../../servers/tenant/authentication/tenant-resources.ts'
import { buildFromTenant } from './bundles.ts'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { addOldUser, oldProfile } from './old-users.ts'
import { connection } from './world.ts'

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
