import { expect, test } from 'vitest'
import { movedKey } from '../../../core/old-tenant-user.ts'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { addOldUser, linkToGoogle } from './old-users.ts'

givenOldTenant()

const nobody = { type: 'not-found', log: [] }

/** An error and one line: nobody is told that the address is free. */
function failed(code: string, more: object = {}) {
  return {
    type: 'error',
    name: 'Error',
    message: `The legacy user store gave no usable answer (${code}).`,
    log: [{ code, action: 'get_user', ...more }],
  }
}

const managementAnswer = (answer: () => Response) => {
  world.answers = ({ path }) => (path.startsWith('/api/v2/') ? answer() : undefined)
}

test.each(['', 'old|'])(
  'old tenant, get_user: the same profile as login, with the id behind the prefix "%s"',
  async (idPrefix) => {
    const prefixed = await world.anew({ idPrefix })
    const user = await addOldUser(world, {
      username: `user-${idPrefix.length}`,
      profile: {
        ...{ given_name: 'Ada', picture: 'https://example.com/a.png' },
        app_metadata: { plan: 'gold' },
        user_metadata: { locale: 'cy' },
      },
    })
    const byLogin = await prefixed.login(user.email, user.password)
    const byAddress = await prefixed.getUser(user.email)
    expect(byLogin.profile).toMatchObject({ user_id: `${idPrefix}${user.id}`, given_name: 'Ada' })
    expect(timeless(byAddress)).toEqual(timeless(byLogin))
  },
)

function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(/"backfilled_at":"[^"]+"/, '"backfilled_at":0'))
}

test('old tenant, get_user: asks users-by-email, in lower case, and never a search', async () => {
  const { email, id } = await addOldUser(world)
  expect((await instance.getUser(email.toUpperCase())).profile).toMatchObject({ user_id: id })
  const paths = world.asked.map(({ path }) => path)
  expect(paths).toEqual([
    '/oauth/token',
    `/api/v2/users-by-email?email=${encodeURIComponent(email)}`,
  ])
})

test.each([
  ...[
    'plus+tag@example.com',
    'per%40cent@example.com',
    "o'brien@example.com",
    'a&b=c#d?@example.com',
  ],
  ...['"quoted"@example.com', 'ünï@example.com', 'star*@example.com', 'a/../b@example.com'],
])('old tenant, get_user: %s is that address and no other', async (email) => {
  const { id } = await addOldUser(world, { email })
  expect((await instance.getUser(email)).profile).toMatchObject({ user_id: id, email })
  expect(await instance.getUser(`x${email}`)).toEqual(nobody)
})

test('old tenant, get_user: an address with a query in it finds nobody', async () => {
  await addOldUser(world)
  expect(await instance.getUser('x@example.com" OR email:*@example.com')).toEqual(nobody)
})

test('old tenant, get_user: nobody of that address is no error', async () => {
  expect(await instance.getUser('nobody@example.com')).toEqual(nobody)
})

test('old tenant, get_user: of the users who have the address it is the one of the connection', async () => {
  const { email, id } = await addOldUser(world)
  await addOldUser(world, { email, database: 'others' })
  const google = await addOldUser(world, { email: 'google-too@example.com' })
  linkToGoogle(world, google.userId)
  expect((await instance.getUser(email)).profile).toMatchObject({ user_id: id })
})

test('old tenant, get_user: who is of another connection is nobody of ours', async () => {
  const { email } = await addOldUser(world, { database: 'others' })
  await addOldUser(world)
  expect(await instance.getUser(email)).toEqual(nobody)
})

test('old tenant, get_user: of linked accounts the database identity is meant, and not the primary', async () => {
  const { email, id, userId } = await addOldUser(world, { profile: { given_name: 'Own' } })
  linkToGoogle(world, userId, { given_name: 'Google’s', app_metadata: { plan: 'gold' } })
  expect((await instance.getUser(email)).profile).toMatchObject({
    ...{ user_id: id, email, given_name: 'Own' },
    app_metadata: { plan: 'gold' },
  })
})

test('old tenant, get_user: a database identity with another address than its primary’s is not found, a known limit', async () => {
  const { email, userId } = await addOldUser(world)
  linkToGoogle(world, userId, { email: 'another-google@example.com' })
  expect(await instance.getUser(email)).toEqual(nobody)
  // No search: one is behind by seconds, and what it does not find would be called free.
  expect(world.asked.filter(({ path }) => path.includes('/users?'))).toEqual([])
})

test('old tenant, get_user: the address of the primary is not the database identity’s', async () => {
  const { userId } = await addOldUser(world)
  linkToGoogle(world, userId, { email: 'only-google@example.com' })
  expect(await instance.getUser('only-google@example.com')).toEqual(nobody)
})

test('old tenant, get_user: two accounts of the connection with one address are an error', async () => {
  const { email } = await addOldUser(world)
  await addOldUser(world, { email })
  expect(await instance.getUser(email)).toEqual(failed('legacy_user_ambiguous'))
})

test('old tenant, get_user: so are two that are linked to one another', async () => {
  const { email, userId } = await addOldUser(world)
  const { users } = world.old.tenant.state
  const user = users.get(userId) ?? expect.fail()
  const [identity = {}] = user.profile.identities
  const identities = [identity, { ...identity, user_id: 'twin', profileData: { email } }]
  users.set(userId, { ...user, profile: { ...user.profile, identities } })
  expect(await instance.getUser(email)).toEqual(failed('legacy_user_ambiguous'))
})

test('old tenant, get_user: who has moved is not found, whatever address they had', async () => {
  const moved = { auth0_user_id: 'auth0|x', migrated_at: '2026-11-22T10:00:00Z' }
  const { email } = await addOldUser(world, { profile: { app_metadata: { [movedKey]: moved } } })
  expect(await instance.getUser(email)).toEqual(nobody)
})

test('old tenant, get_user: a blocked user’s address stays taken', async () => {
  const { email } = await addOldUser(world, { profile: { blocked: true } })
  expect(await instance.getUser(email)).toEqual(failed('legacy_user_blocked'))
})

test('old tenant, get_user: who has a second factor is found, so that a reset can begin', async () => {
  const { email, id } = await addOldUser(world, { profile: { multifactor: ['guardian'] } })
  expect((await instance.getUser(email)).profile).toMatchObject({ user_id: id })
})

test('old tenant, get_user: a username is an error of its own, and nobody is asked', async () => {
  await addOldUser(world, { username: 'hopper' })
  expect(await instance.getUser('hopper')).toEqual(failed('old_tenant_needs_email'))
  expect(world.asked).toEqual([])
})

test('old tenant, get_user: a 401 costs one new token, and the question is repeated', async () => {
  const { email, id } = await addOldUser(world)
  await instance.getUser(email)
  const stale = world.asked.at(-1)?.authorization
  world.asked.length = 0
  world.answers = ({ authorization }) =>
    authorization === stale && stale !== undefined ? new Response(null, { status: 401 }) : undefined
  expect((await instance.getUser(email)).profile).toMatchObject({ user_id: id })
  expect(world.asked.map(({ path }) => path.split('?')[0])).toEqual([
    ...['/api/v2/users-by-email', '/oauth/token', '/api/v2/users-by-email'],
  ])
})

test.each([
  ['503', () => new Response(null, { status: 503 }), 'legacy_api_unavailable', { status: 503 }],
  [
    'a gateway’s 404',
    () => new Response('<p>', { status: 404 }),
    'legacy_api_unavailable',
    { status: 404 },
  ],
  ['HTML with 200', () => new Response('<p>'), 'legacy_api_invalid_response', {}],
  ['one user and no list', () => Response.json({}), 'legacy_api_invalid_response', {}],
] as const)(
  'old tenant, get_user: %s never says that an address is free',
  async (_, answer, code, more) => {
    managementAnswer(answer)
    expect(await instance.getUser('a@example.com')).toEqual(failed(code, more))
  },
)

test('old tenant, get_user: a profile that nobody can read is an error, and not nobody', async () => {
  const { email } = await addOldUser(world, { profile: { app_metadata: { [movedKey]: 'yes' } } })
  expect(await instance.getUser(email)).toEqual(failed('legacy_api_invalid_response'))
})

test('old tenant, get_user: a hundred at once ask for one token', async () => {
  const { email } = await addOldUser(world)
  const all = await Promise.all(Array.from({ length: 100 }, () => instance.getUser(email)))
  expect(all.every(({ type }) => type === 'profile')).toBe(true)
  expect(world.asked.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
})

/** What the old tenant says when its limit is used up, so many times. */
function busy(times: number): void {
  let left = times
  world.answers = ({ path }) => {
    if (!path.startsWith('/api/v2/') || left === 0) return undefined
    left -= 1
    return new Response(null, { status: 429 })
  }
}

test('old tenant, get_user: waits for its turn where the limit is used up', async () => {
  const { email, id } = await addOldUser(world)
  busy(2)
  expect((await instance.getUser(email)).profile).toMatchObject({ user_id: id })
})

test('old tenant, get_user: waits no longer than it may, and says that nobody answered', async () => {
  const { email } = await addOldUser(world)
  const hurried = await world.anew({ scripts: { budget: 3_500 } })
  busy(Number.POSITIVE_INFINITY)
  const began = performance.now()
  expect(await hurried.getUser(email)).toEqual(failed('legacy_api_unavailable', { status: 429 }))
  expect(world.asked.filter(({ path }) => path.startsWith('/api/v2/'))).toHaveLength(3)
  expect(performance.now() - began).toBeLessThan(3_500)
})
