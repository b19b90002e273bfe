import { hash } from '@node-rs/bcrypt'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { profileWriteOf, writeWithRetries } from '../../actions-testing/profile-write.ts'
import type { PostLoginOutcome } from '../../actions-testing/runtime.ts'
import { type Flow, interrupted, publish, type StoredUser, written } from './flow.ts'
import { type LegacyStore, openLegacyStore } from './legacy-store.ts'
import { personal } from './overheard.ts'

let store: LegacyStore
let flow: Flow

beforeAll(async () => {
  store = await openLegacyStore([
    {
      ...{
        legacy_id: '1042',
        email: personal.email,
        passwordHash: await hash(personal.password, 10),
      },
      app_metadata: { plan: 'gold', roles: ['editor'] },
      user_metadata: { locale: 'cy', address: { city: 'Bangor' } },
    },
  ])
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.reset()
  flow = await publish(() => store.front.url)
})

const user = interrupted('1042')
const later = (code: string) => [{ name: 'somebody-else', code, secrets: {} }]
const filled = {
  app_metadata: {
    ...{ plan: 'gold', roles: ['editor'] },
    legacy_migration: expect.objectContaining({ backfill: 'filled', mark: 'marked' }),
  },
  user_metadata: { locale: 'cy', address: { city: 'Bangor' } },
}
const mark = { legacy_id: '1042', auth0_user_id: user.user_id, metadata: 'complete' }

test('repetition: two tabs at once, then one write after the other: one effect', async () => {
  const [one, other] = await Promise.all([flow.logIn(user), flow.logIn(user)])
  const after = written(written(user, one), other)
  expect(after).toMatchObject(filled)
  expect(await store.marks()).toEqual([mark])
  expect((await flow.logIn(after)).appMetadata).toEqual({})
})

test('repetition: a tab that was slow takes nothing back that the user has changed since', async () => {
  const early = await flow.logIn(user)
  const changed = written(user, early)
  const edited = { ...changed, user_metadata: { ...changed.user_metadata, locale: 'en' } }
  // The slow tab had read the user as they are now: what is there wins.
  const late = await flow.logIn({ ...edited, app_metadata: {} })
  expect(late.userMetadata).toEqual({})
  expect(written(edited, late).user_metadata).toMatchObject({ locale: 'en' })
})

test('repetition: a mark whose answer was lost is sent again, and is one mark', async () => {
  let lost = 0
  store.front.api = async (request) => {
    const answer = await store.forward(request)
    if (request.method !== 'PUT' || lost > 0) return answer
    lost += 1
    return 'cut'
  }
  const outcome = await flow.logIn(user)
  expect(written(user, outcome)).toMatchObject(filled)
  expect(store.front.apiRequests().filter(({ method }) => method === 'PUT')).toHaveLength(2)
  expect(await store.marks()).toEqual([mark])
})

test('repetition: a login that ends between the mark and the profile write is repeated whole', async () => {
  await flow.logIn(user)
  expect(await store.marks()).toEqual([mark])
  // Auth0 wrote nothing: the runtime died, the write met a 429, or the profile was too large for it.
  const outcome = await flow.logIn(user)
  expect(written(user, outcome)).toMatchObject(filled)
  expect(await store.marks()).toEqual([mark])
})

/** Auth0's side of the one profile write at the end of a login: a limit, and the profile's. */
function profileStore(before: StoredUser) {
  const stored = { user: before, rateLimited: false }
  const maxProfile = 10_000 // bytes
  async function write(outcome: PostLoginOutcome): Promise<number> {
    const write = profileWriteOf(stored.user.user_id, outcome)
    if (write === null) return 204
    let now = 0
    const sleep = async (milliseconds: number) => {
      now += milliseconds
    }
    const clock = { now: () => now, sleep }
    const { status } = await writeWithRetries(async () => {
      if (stored.rateLimited) return { status: 429 }
      const next = written(stored.user, outcome)
      if (Buffer.byteLength(JSON.stringify(next)) > maxProfile) return { status: 400 }
      stored.user = next
      return { status: 200 }
    }, clock)
    return status
  }
  return { stored, write }
}

test('repetition: a profile write that Auth0 gives up for its rate limit is made at the next login', async () => {
  const { stored, write } = profileStore(user)
  stored.rateLimited = true
  expect(await write(await flow.logIn(stored.user))).toBe(429)
  expect(stored.user).toEqual(user)
  stored.rateLimited = false
  expect(await write(await flow.logIn(stored.user))).toBe(200)
  expect(stored.user).toMatchObject(filled)
  expect(await store.marks()).toEqual([mark])
  expect((await flow.logIn(stored.user)).appMetadata).toEqual({})
})

test('repetition: a profile write that somebody else’s metadata make too large is made once they do not', async () => {
  const { stored, write } = profileStore(user)
  const large = `exports.onExecutePostLogin = async (event, api) => {
    api.user.setUserMetadata('history', 'x'.repeat(9950))
  }`
  for (let login = 0; login < 2; login += 1) {
    const outcome = await flow.logIn(stored.user, { more: later(large) })
    expect([outcome.denied, await write(outcome)]).toEqual([null, 400])
  }
  expect(await write(await flow.logIn(stored.user))).toBe(200)
  expect(stored.user).toMatchObject(filled)
  expect(await store.marks()).toEqual([mark])
})

test('repetition: an answer that came after the login had gave up is found at the next one', async () => {
  store.front.api = async (request) => {
    const answer = await store.forward(request)
    return request.method === 'PUT' ? 'hang' : answer
  }
  const first = await flow.logIn(user)
  expect(first.appMetadata.legacy_migration).not.toHaveProperty('mark')
  store.front.api = store.forward
  const after = written(user, first)
  const second = await flow.logIn(after)
  expect(written(after, second)).toMatchObject(filled)
  expect(await store.marks()).toEqual([mark])
})

test('repetition: the first migration’s instant stays, however often the mark is sent', async () => {
  await flow.logIn(user)
  const first = await migratedAt()
  await flow.logIn(user)
  const unmarked = { legacy_id: '1042', backfill: 'filled', backfilled_at: '2026-11-25' }
  await flow.logIn({ ...user, app_metadata: { legacy_migration: unmarked } })
  expect(store.front.apiRequests().filter(({ method }) => method === 'PUT')).toHaveLength(3)
  expect(first).toMatch(/^\d{4}-/)
  expect(await migratedAt()).toBe(first)
})

test('repetition: an Action that runs twice in one login does nothing the second time', async () => {
  const again = ['backfill-metadata', 'mark-migrated'].map((name) => flow.action(name))
  const outcome = await flow.logIn(user, { more: again })
  expect(written(user, outcome)).toMatchObject(filled)
  expect(store.front.apiRequests().map(({ method }) => method)).toEqual(['GET', 'PUT'])
})

test('repetition: somebody else’s Action that denies later does no harm, written or not', async () => {
  const deny = "exports.onExecutePostLogin = async (event, api) => api.access.deny('Not today.')"
  const denied = await flow.logIn(user, { more: later(deny) })
  expect(denied.denied?.reason).toBe('Not today.')
  for (const next of [user, written(user, denied)]) {
    const outcome = await flow.logIn(next)
    expect(outcome.denied).toBe(null)
    expect(written(next, outcome)).toMatchObject(filled)
  }
  expect(await store.marks()).toEqual([mark])
})

test('repetition: somebody else’s Action that throws later does no harm', async () => {
  const fail = "exports.onExecutePostLogin = async () => { throw new Error('a bug') }"
  expect((await flow.logIn(user, { more: later(fail) })).denied).not.toBe(null)
  expect(written(user, await flow.logIn(user))).toMatchObject(filled)
  expect(await store.marks()).toEqual([mark])
})

test('repetition: somebody else’s metadata of the same login are kept', async () => {
  const write = `exports.onExecutePostLogin = async (event, api) => {
    api.user.setAppMetadata('seen', true)
  }`
  const outcome = await flow.logIn(user, { more: later(write) })
  expect(written(user, outcome).app_metadata).toMatchObject({ seen: true, plan: 'gold' })
})

test('repetition: a user who came by a script has arrived: the login marks them, and asks nothing', async () => {
  const { outcome } = await flow.runScript('login')
  const profile = outcome.type === 'profile' ? outcome.profile : {}
  const migrated = { ...user, app_metadata: Object(profile.app_metadata) }
  const first = await flow.logIn(migrated)
  expect(Object.keys(first.appMetadata)).toEqual(['legacy_migration'])
  expect((await flow.logIn(written(migrated, first))).appMetadata).toEqual({})
  expect(store.front.apiRequests().map(({ method }) => method)).toEqual(['POST', 'PUT'])
  expect(await store.marks()).toEqual([mark])
})

async function migratedAt(): Promise<unknown> {
  const [, request] = store.front.seen
  if (request === undefined) throw new Error('nothing was asked')
  const answer = await store.forward({
    ...request,
    method: 'GET',
    path: '/v1/users/1042',
    body: '',
  })
  return JSON.parse(typeof answer === 'string' ? '{}' : (answer.body ?? '')).migrated_at
}
