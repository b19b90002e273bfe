import { expect, test } from 'vitest'
import { movedKey } from '../../../core/old-tenant-user.ts'
import type { StoredUser } from '../flow.ts'
import { config } from '../post-login.ts'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { addOldUser, linkToGoogle, oldProfile } from './old-users.ts'

givenOldTenant()

/** A user of the new tenant, of whom an interrupted first login left the identity alone. */
function newUser(id: string, idPrefix = ''): StoredUser {
  const user_id = `${idPrefix}${id}`
  return {
    user_id: `auth0|${user_id}`,
    created_at: '2026-11-25T10:00:00.000Z',
    app_metadata: {},
    user_metadata: {},
    identities: [{ connection: config.connection, provider: 'auth0', user_id, isSocial: false }],
  }
}

const metadata = { app_metadata: { plan: 'gold', seats: [1] }, user_metadata: { locale: 'cy' } }
const markOf = (userId: string) => oldProfile(world, userId).app_metadata[movedKey]
const writes = () => world.asked.filter(({ method }) => method === 'PATCH')

test.each(['', 'old|'])(
  'old tenant, backfill and mark: ids behind the prefix "%s" are those of the old tenant without it',
  async (idPrefix) => {
    const prefixed = await world.anew({ idPrefix })
    const { id, userId } = await addOldUser(world, { profile: metadata })
    const { log, user } = await prefixed.actions(newUser(id, idPrefix))
    expect(log).toEqual([])
    expect(user.user_metadata).toEqual({ locale: 'cy' })
    expect(user.app_metadata).toMatchObject({
      ...metadata.app_metadata,
      legacy_migration: { legacy_id: id, backfill: 'filled', mark: 'marked' },
    })
    expect(markOf(userId)).toEqual({
      auth0_user_id: `auth0|${idPrefix}${id}`,
      migrated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      metadata: 'complete',
    })
    // From here on nobody comes in by the old password, and the address is free.
    const { email } = oldProfile(world, userId)
    expect((await prefixed.getUser(String(email))).type).toBe('not-found')
  },
)

test('old tenant, mark: writes its own key of app_metadata, and nothing else', async () => {
  const { id, userId } = await addOldUser(world, { profile: metadata })
  const before = oldProfile(world, userId)
  await instance.actions(newUser(id))
  const [write, ...more] = writes()
  expect(more).toEqual([])
  const sent = JSON.parse(write?.body ?? '')
  expect([Object.keys(sent), Object.keys(sent.app_metadata)]).toEqual([
    ['app_metadata'],
    [movedKey],
  ])
  const { app_metadata, updated_at: _, ...after } = oldProfile(world, userId)
  const { app_metadata: __, updated_at: ___, ...untouched } = before
  expect(after).toEqual(untouched)
  expect(app_metadata).toEqual({ ...metadata.app_metadata, [movedKey]: expect.any(Object) })
})

test('old tenant, mark: comes with the Actions of a login, and never by a script', async () => {
  const { email, id, password, userId } = await addOldUser(world)
  await instance.login(email, password)
  await instance.getUser(email)
  expect([writes(), markOf(userId)]).toEqual([[], undefined])
  const { user } = await instance.actions(newUser(id))
  expect(markOf(userId)).toBeDefined()
  world.asked.length = 0
  await instance.actions(user)
  expect(world.asked).toEqual([])
})

test('old tenant, mark: of who is marked for this user already, nothing is written again', async () => {
  const { id, userId } = await addOldUser(world)
  await instance.actions(newUser(id))
  const first = markOf(userId)
  const { user } = await instance.actions(newUser(id))
  expect(user.app_metadata).toMatchObject({ legacy_migration: { mark: 'marked' } })
  expect([writes().length, markOf(userId)]).toEqual([1, first])
})

test('old tenant, mark: who moved to another user is not taken over, and the line says so', async () => {
  const taken = { auth0_user_id: 'auth0|another', migrated_at: '2026-11-22T10:00:00Z' }
  const { id, userId } = await addOldUser(world, {
    profile: { app_metadata: { [movedKey]: taken } },
  })
  const { log, user } = await instance.actions(newUser(id))
  expect(user.app_metadata).toMatchObject({ legacy_migration: { mark: 'conflict' } })
  expect(log).toEqual([{ code: 'legacy_user_migrated_to_another', action: 'mark-migrated' }])
  expect([writes(), markOf(userId)]).toEqual([[], taken])
})

test('old tenant, backfill and mark: an account that is linked to another is found behind it', async () => {
  const { id, userId } = await addOldUser(world)
  const primary = linkToGoogle(world, userId, { app_metadata: { plan: 'gold' } })
  const { log, user } = await instance.actions(newUser(id))
  expect(log).toEqual([])
  expect(user.app_metadata).toMatchObject({
    plan: 'gold',
    legacy_migration: { legacy_id: id, backfill: 'filled', mark: 'marked' },
  })
  expect(markOf(primary)).toMatchObject({ auth0_user_id: `auth0|${id}` })
})

test('old tenant, backfill: ids with any characters are that user or nobody', async () => {
  const ids = ['a|b', 'a/b', 'a b', 'a%2Fb', 'ä', '"', String.raw`\"`, `x" OR identities.user_id:*`]
  for (const id of ids) {
    const plain = await addOldUser(world, { id: `plain ${id}`, profile: metadata })
    const linked = await addOldUser(world, { id })
    linkToGoogle(world, linked.userId, { app_metadata: { plan: id } })
    for (const [user, plan] of [
      [plain, 'gold'],
      [linked, id],
    ] as const) {
      const ended = await instance.actions(newUser(user.id))
      expect(ended.user.app_metadata, user.id).toMatchObject({ plan })
    }
  }
})

test('old tenant, backfill: whom nobody knows there is not found, and not asked about again', async () => {
  const { log, user } = await instance.actions(newUser('nobody'))
  expect(user.app_metadata).toMatchObject({
    legacy_migration: { legacy_id: 'nobody', backfill: 'not-found', mark: 'not-found' },
  })
  expect(log).toEqual([
    { code: 'legacy_user_not_found', action: 'backfill-metadata' },
    { code: 'legacy_user_not_found', action: 'mark-migrated' },
  ])
  world.asked.length = 0
  await instance.actions(user)
  expect(world.asked).toEqual([])
})

test('old tenant, backfill: a search that finds somebody else finds nobody', async () => {
  const other = await addOldUser(world, { profile: metadata })
  world.answers = ({ path }) =>
    path.includes('/users?') ? Response.json([oldProfile(world, other.userId)]) : undefined
  const { user } = await instance.actions(newUser('gone'))
  expect(user.app_metadata).toEqual({
    legacy_migration: expect.objectContaining({ mark: 'not-found' }),
  })
  expect(writes()).toEqual([])
})

test.each([429, 500, 503])(
  'old tenant, backfill and mark: %s stamps nothing, and the next login does it',
  async (status) => {
    const { id, userId } = await addOldUser(world, { profile: metadata })
    world.answers = ({ path }) =>
      path.startsWith('/api/v2/') ? new Response(null, { status }) : undefined
    const during = await instance.actions(newUser(id))
    expect(during.user.app_metadata).toEqual({})
    expect(during.log).toEqual([
      { code: 'legacy_api_unavailable', action: 'backfill-metadata', status },
    ])
    world.reset()
    const after = await (await world.anew()).actions(during.user)
    expect(after.user.app_metadata).toMatchObject({ plan: 'gold' })
    expect(markOf(userId)).toBeDefined()
  },
)

test('old tenant, mark: a write whose answer was lost is one mark', async () => {
  const { id, userId } = await addOldUser(world, { profile: metadata })
  let lost = 0
  world.answers = ({ method, path, body, authorization }) => {
    if (method !== 'PATCH' || lost > 0) return undefined
    lost += 1
    return world.forward({ method, path, body, authorization }).then(() => {
      throw new Error('ECONNRESET')
    })
  }
  await instance.actions(newUser(id))
  expect(markOf(userId)).toMatchObject({ auth0_user_id: `auth0|${id}` })
  const { user } = await instance.actions(newUser(id))
  expect(user.app_metadata).toMatchObject({ legacy_migration: { mark: 'marked' } })
})

test('old tenant, backfill and mark: a token gone bad is replaced once, and the call repeated', async () => {
  const first = await addOldUser(world)
  await instance.actions(newUser(first.id))
  const stale = new Set(world.asked.map(({ authorization }) => authorization))
  stale.delete(undefined)
  const { id, userId } = await addOldUser(world, { profile: metadata })
  world.asked.length = 0
  world.answers = ({ authorization }) =>
    stale.has(authorization) ? new Response(null, { status: 401 }) : undefined
  const { log, user } = await instance.actions(newUser(id))
  expect([log, user.app_metadata.plan, markOf(userId)]).toEqual([[], 'gold', expect.any(Object)])
  const tokens = world.asked.filter(({ path }) => path === '/oauth/token')
  expect(tokens.length).toBeLessThanOrEqual(2)
})

test('old tenant, backfill and mark: a hundred logins at once ask for one token', async () => {
  // Budgets that a busy machine does not use up: what is counted is requests.
  const budget = 15_000
  const patient = await world.anew({ backfill: { ...config.backfill, budget }, mark: { budget } })
  const users = await Promise.all(Array.from({ length: 100 }, () => addOldUser(world)))
  const ended = await Promise.all(users.map(({ id }) => patient.actions(newUser(id))))
  for (const { user } of ended) {
    expect(user.app_metadata).toMatchObject({ legacy_migration: { mark: 'marked' } })
  }
  // Two Actions are two modules: the second finds the token of the first in the cache, or waits for its own.
  const tokens = world.asked.filter(({ path }) => path === '/oauth/token')
  expect(tokens.length).toBeLessThanOrEqual(2)
})

test('old tenant, login: a hundred at once ask for no token of the Management API, and one of them for keys', async () => {
  const { email, password } = await addOldUser(world)
  const all = await Promise.all(Array.from({ length: 100 }, () => instance.login(email, password)))
  expect(all.every(({ type }) => type === 'profile')).toBe(true)
  const bodies = world.asked.map(({ body }) => body)
  expect(bodies.filter((body) => body.includes('client_credentials'))).toEqual([])
  // The attempts of one login: a busy machine may be late with the first.
  const keyRequests = world.asked.filter(({ path }) => path.includes('jwks')).length
  expect([keyRequests > 0, keyRequests <= 3]).toEqual([true, true])
  expect(world.asked.filter(({ path }) => path.startsWith('/api/v2/'))).toEqual([])
})
