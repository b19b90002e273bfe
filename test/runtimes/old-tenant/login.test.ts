import { expect, test } from 'vitest'
import { movedKey } from '../../../core/old-tenant-user.ts'
import { bindActions } from '../../servers/tenant/authentication/tenant-resources.ts'
import { buildFromTenant } from './bundles.ts'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { failed, refusal } from './login-answers.ts'
import { addOldUser, linkToGoogle, oldProfile } from './old-users.ts'
import { connection } from './world.ts'

givenOldTenant()

test('old tenant, login: a right password hands over the profile whole, absent names left out', async () => {
  const { email, id, password } = await addOldUser(world, {
    username: 'Ada',
    profile: {
      ...{ given_name: 'Ada', family_name: '', phone_number: '+44123', phone_verified: true },
      app_metadata: { plan: 'gold' },
      user_metadata: { locale: 'cy' },
    },
  })
  const { log, profile, type } = await instance.login(email, password)
  expect([type, log]).toEqual(['profile', []])
  expect(profile).toEqual({
    ...{ user_id: id, email, email_verified: true, username: 'ada', given_name: 'Ada' },
    ...{ phone_number: '+44123', phone_verified: true },
    ...{ name: email, nickname: email.split('@')[0] },
    app_metadata: {
      plan: 'gold',
      legacy_migration: {
        legacy_id: id,
        backfill: 'arrived',
        backfilled_at: expect.any(String),
      },
    },
    user_metadata: { locale: 'cy' },
  })
})

test('old tenant, login: pins the realm to the connection, and sends the password once', async () => {
  const { email, password } = await addOldUser(world)
  await instance.login(email, password)
  const [sent, keys, ...rest] = world.asked
  expect(JSON.parse(sent?.body ?? '')).toEqual({
    grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
    realm: connection,
    scope: 'openid',
    username: email,
    password,
    client_id: 'migration',
    client_secret: world.settings.OLD_TENANT_CLIENT_SECRET,
  })
  expect([keys?.path, rest]).toEqual(['/.well-known/jwks.json', []])
})

test('old tenant, login: a wrong password and an unknown user are Auth0’s own error, and nothing is logged', async () => {
  const { email } = await addOldUser(world)
  for (const username of [email, 'nobody@example.com']) {
    expect(await instance.login(username, 'wrong')).toEqual({
      type: 'error',
      name: 'WrongUsernameOrPasswordError',
      message: 'Wrong username or password.',
      knownUser: true,
      log: [],
    })
  }
  expect(world.asked).toHaveLength(2)
})

test('old tenant, login: somebody of another connection is nobody, with the right password', async () => {
  const { email, password } = await addOldUser(world, { database: 'others' })
  expect((await instance.login(email, password)).name).toBe('WrongUsernameOrPasswordError')
})

test('old tenant, login: who has moved already does not come back by the old password', async () => {
  const moved = { auth0_user_id: 'auth0|x', migrated_at: '2026-11-22T10:00:00Z' }
  const { email, password } = await addOldUser(world, {
    profile: { app_metadata: { [movedKey]: moved } },
  })
  expect((await instance.login(email, password)).name).toBe('WrongUsernameOrPasswordError')
})

test('old tenant, login: a note of the move that somebody spoilt is an error, and not “has not moved”', async () => {
  const at = '2026-11-22T10:00:00Z'
  for (const spoilt of [true, 'yes', at, {}, { migrated_at: 'soon' }, { migrated_at: null }]) {
    const { email, password } = await addOldUser(world, {
      profile: { app_metadata: { [movedKey]: spoilt } },
    })
    const why = JSON.stringify(spoilt)
    expect(await instance.login(email, password), why).toEqual(failed('legacy_user_unusable'))
    // Nor is the address free for anybody.
    expect((await instance.getUser(email)).type, why).toBe('error')
  }
})

test('old tenant, login: a blocked user is refused as such', async () => {
  const { email, password } = await addOldUser(world, { profile: { blocked: true } })
  expect(await instance.login(email, password)).toEqual(failed('legacy_user_blocked'))
})

test('old tenant, login: who is asked for MFA there is told to reset the password', async () => {
  const { email, password } = await addOldUser(world, { profile: { multifactor: ['guardian'] } })
  expect(await instance.login(email, password)).toEqual({
    ...failed('old_tenant_needs_mfa'),
    message: 'Reset your password to go on (old_tenant_needs_mfa).',
  })
})

test('old tenant, login: so is who has a password that was leaked', async () => {
  world.answers = refusal(401, 'password_leaked')
  expect(await instance.login('a@example.com', 'x')).toEqual({
    ...failed('old_tenant_password_leaked'),
    message: 'Reset your password to go on (old_tenant_password_leaked).',
  })
})

test('old tenant, login: too many wrong passwords there block the user, and are called so', async () => {
  const { email, password } = await addOldUser(world)
  for (let count = 0; count < 10; count += 1) await instance.login(email, 'wrong')
  const blocked = failed('old_tenant_too_many_attempts', { status: 429 })
  expect(await instance.login(email, password)).toEqual(blocked)
})

test('old tenant, login: sends no address of a client that it does not know', async () => {
  const { email, password } = await addOldUser(world)
  await instance.login(email, password)
  expect(world.asked.map(({ headerNames }) => headerNames)).toEqual([['content-type'], []])
})

test('old tenant, login: without its Action there nobody gets in, and the line says so', async () => {
  const { email, password } = await addOldUser(world)
  bindActions(world.old.tenant, [])
  try {
    expect(await instance.login(email, password)).toEqual(failed('old_tenant_action_missing'))
  } finally {
    bindActions(world.old.tenant, [(await buildFromTenant({})).get('hand-over-user') ?? ''])
  }
})

test('old tenant, login: of linked accounts the one of the connection logs in, with what all of them share', async () => {
  const { email, id, password, userId } = await addOldUser(world, {
    profile: { given_name: 'Own', app_metadata: { lost: 'by linking' } },
  })
  const primary = linkToGoogle(world, userId, {
    email: 'google@example.com',
    given_name: 'Google’s',
    app_metadata: { plan: 'gold' },
  })
  expect(oldProfile(world, primary).identities).toHaveLength(2)
  expect((await instance.login(email, password)).profile).toMatchObject({
    user_id: id,
    email,
    given_name: 'Own',
    app_metadata: { plan: 'gold', legacy_migration: { legacy_id: id } },
  })
})

test('old tenant, login: a username logs in where the old connection has usernames', async () => {
  const { email, password } = await addOldUser(world, { username: 'grace' })
  expect((await instance.login('grace', password)).profile).toMatchObject({
    email,
    username: 'grace',
  })
})
