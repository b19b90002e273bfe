import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPostLoginEvent } from '../../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { handOverClaim, movedKey } from '../../../core/old-tenant-user.ts'
import { bindActions } from '../../servers/tenant/authentication/tenant-resources.ts'
import { buildFromTenant } from './bundles.ts'
import type { Instance } from './instance.ts'
import { addOldUser, linkToGoogle, oldProfile } from './old-users.ts'
import {
  type Answers,
  type Asked,
  connection,
  type OldTenantWorld,
  openOldTenant,
} from './world.ts'

let world: OldTenantWorld
let instance: Instance

beforeAll(async () => {
  world = await openOldTenant()
})
afterAll(() => world.close())
beforeEach(async () => {
  world.reset()
  instance = await world.anew()
})

const answerTokens =
  (answer: () => Response): Answers =>
  ({ path }) =>
    path === '/oauth/token' ? answer() : undefined
const refusal = (status: number, error: string, error_description = 'Something.') =>
  answerTokens(() => Response.json({ error, error_description }, { status }))

/** Neither a profile nor “wrong password”, and one line. */
function failed(code: string, more: object = {}) {
  return {
    type: 'error',
    name: 'Error',
    message: expect.stringContaining(`(${code})`),
    log: [{ code, action: 'login', ...more }],
  }
}

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
  for (const spoilt of [true, 'yes', {}, { migrated_at: 'soon' }]) {
    const { email, password } = await addOldUser(world, {
      profile: { app_metadata: { [movedKey]: spoilt } },
    })
    expect(await instance.login(email, password)).toEqual(failed('legacy_user_unusable'))
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

const outages: readonly [why: string, answers: Answers, code: string, more: object][] = [
  ['the rate limit', refusal(429, 'too_many_requests'), 'legacy_api_unavailable', { status: 429 }],
  ['500', refusal(500, 'server_error'), 'legacy_api_unavailable', { status: 500 }],
  [
    '503 in HTML',
    answerTokens(() => new Response('<p>', { status: 503 })),
    'legacy_api_unavailable',
    { status: 503 },
  ],
  [
    'a server error that says invalid_grant',
    refusal(502, 'invalid_grant'),
    'legacy_api_unavailable',
    { status: 502 },
  ],
  [
    'a connection that breaks',
    () => {
      throw new Error('ECONNRESET')
    },
    'legacy_api_unavailable',
    {},
  ],
  [
    'an Action there that denies',
    refusal(403, 'access_denied'),
    'old_tenant_denied',
    { status: 403 },
  ],
  [
    'a Rule there that denies',
    refusal(401, 'unauthorized', 'Not you.'),
    'old_tenant_denied',
    { status: 401 },
  ],
  [
    'an error of a newer day',
    refusal(403, 'requires_verification'),
    'legacy_api_unavailable',
    { status: 403 },
  ],
  [
    'success without an ID token',
    answerTokens(() => Response.json({ access_token: 'x' })),
    'id_token_invalid',
    { status: 200 },
  ],
  [
    'an answer without an end',
    answerTokens(() => Response.json({ id_token: 'x'.repeat(300_000) })),
    'id_token_invalid',
    { status: 200 },
  ],
  ['a redirect', refusal(302, 'invalid_grant'), 'legacy_api_unavailable', { status: 302 }],
  [
    'a limit that says invalid_grant',
    refusal(429, 'invalid_grant'),
    'legacy_api_unavailable',
    { status: 429 },
  ],
  ['success in HTML', answerTokens(() => new Response('<p>')), 'id_token_invalid', { status: 200 }],
]

test.each(outages)(
  'old tenant, login: %s is no wrong password, and is asked once',
  async (_, answers, code, more) => {
    world.answers = answers
    expect(await instance.login('a@example.com', 'x')).toEqual(failed(code, more))
    expect(world.asked.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  },
)

test('old tenant, login: sends no address of a client that it does not know', async () => {
  const { email, password } = await addOldUser(world)
  await instance.login(email, password)
  expect(world.asked.map(({ headerNames }) => headerNames)).toEqual([['content-type'], []])
})

test('old tenant, login, get_user: an old tenant that is silent costs the budget and no more', async () => {
  const hasty = await world.anew({ scripts: { budget: 400 } })
  world.answers = () => new Promise(() => {})
  for (const call of [
    () => hasty.login('a@example.com', 'x'),
    () => hasty.getUser('a@example.com'),
  ]) {
    const began = performance.now()
    expect((await call()).log).toMatchObject([{ code: expect.stringMatching(/_unavailable$/) }])
    // Loaded machines are late; without a budget it would be 20 s.
    expect(performance.now() - began).toBeLessThan(4_000)
  }
})

/** A body that comes byte by byte, and never to its end; as `fetch` has it, it ends with the signal. */
function drip({ signal }: Asked): Response {
  const body = new ReadableStream({
    start(stream) {
      const timer = setInterval(() => stream.enqueue(new TextEncoder().encode(' ')), 20)
      signal?.addEventListener('abort', () => {
        clearInterval(timer)
        stream.error(signal.reason)
      })
    },
  })
  return new Response(body, { status: 200 })
}

test.each(['/oauth/token', '/.well-known/jwks.json', '/api/v2/users-by-email'])(
  'old tenant, login, get_user: an answer of %s that comes byte by byte costs the budget and no more',
  async (slow) => {
    const { email, password } = await addOldUser(world)
    const hasty = await world.anew({ scripts: { budget: 600 } })
    world.answers = (asked) => (asked.path.startsWith(slow) ? drip(asked) : undefined)
    const began = performance.now()
    const called = slow.startsWith('/api')
      ? await hasty.getUser(email)
      : await hasty.login(email, password)
    expect(called.log).toMatchObject([{ code: 'legacy_api_unavailable' }])
    expect(performance.now() - began).toBeLessThan(4_000)
  },
)

test('old tenant, login: three that find the old tenant gone are enough for a minute', async () => {
  world.answers = refusal(503, 'temporarily_unavailable')
  for (let count = 0; count < 3; count += 1) await instance.login('a@example.com', 'x')
  expect(await instance.login('a@example.com', 'x')).toEqual(failed('legacy_api_circuit_open'))
  expect(world.asked).toHaveLength(3)
})

test('old tenant, login: a Management API that is gone stops get_user for a minute, and no login', async () => {
  const { email, password } = await addOldUser(world)
  world.answers = ({ path }) =>
    path.startsWith('/api/v2/') ? new Response(null, { status: 503 }) : undefined
  for (let count = 0; count < 3; count += 1) await instance.getUser(email)
  expect((await instance.getUser(email)).log).toMatchObject([{ code: 'legacy_api_circuit_open' }])
  expect((await instance.login(email, password)).type).toBe('profile')
  // Nor does a grant that is missing, without which there is no token.
  const another = await world.anew()
  world.answers = ({ body, path }) =>
    path === '/oauth/token' && body.includes('client_credentials')
      ? new Response(null, { status: 403 })
      : undefined
  for (let count = 0; count < 4; count += 1) await another.getUser(email)
  expect((await another.login(email, password)).type).toBe('profile')
})

test('old tenant, login: while it finds the old tenant gone, get_user tells nobody that an address is free', async () => {
  world.answers = refusal(503, 'temporarily_unavailable')
  for (let count = 0; count < 3; count += 1) await instance.login('a@example.com', 'x')
  world.reset()
  expect(await instance.getUser('nobody@example.com')).toMatchObject({
    type: 'error',
    log: [{ code: 'legacy_api_circuit_open' }],
  })
  expect(world.asked).toEqual([])
})

test('old tenant, login: wrong passwords and blocked users open no circuit', async () => {
  const { email, password } = await addOldUser(world)
  for (let count = 0; count < 5; count += 1) await instance.login(email, 'wrong')
  world.answers = refusal(429, 'too_many_attempts')
  for (let count = 0; count < 5; count += 1) await instance.login(email, 'wrong')
  world.reset()
  expect((await instance.login(email, password)).type).toBe('profile')
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
