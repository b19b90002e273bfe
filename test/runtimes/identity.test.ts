import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Flow, interrupted, publish, type StoredUser, written } from './flow.ts'
import { type LegacyStore, openLegacyStore } from './legacy-store.ts'

/** Ids that mean something to a URL, a path, a language or a database. */
const oddIds = [
  ...['1042', 'a|b', 'auth0|legacy-users|1042', 'a/b', 'a%2Fb', '%2e%2e', '100%', `o'hara "x"`],
  ...[
    'a+b',
    'a b',
    'Ada',
    'ada',
    'ADA',
    'İstanbul',
    'istanbul',
    'ıstanbul',
    'a?b#c',
    'é',
    'e\u0301',
  ],
  ...[
    '😀',
    '-- drop',
    '../1042',
    '1042/migration',
    '\\',
    '{id}',
    ':legacy_id',
    '~(a)!*',
    'a;b=c,d',
  ],
]

let store: LegacyStore
let flow: Flow

beforeAll(async () => {
  store = await openLegacyStore(
    oddIds.map((legacy_id, index) => ({
      legacy_id,
      email: `user${index}@example.com`,
      app_metadata: { plan: `plan-${index}` },
    })),
  )
  flow = await publish(() => store.front.url)
})
afterAll(() => store.close())
beforeEach(() => store.reset())

for (const [index, legacyId] of oddIds.entries()) {
  test(`identity: ${JSON.stringify(legacyId)} gets their own metadata, and nobody else is marked`, async () => {
    const user = interrupted(legacyId)
    const outcome = await flow.logIn(user)
    expect(outcome.appMetadata).toMatchObject({
      plan: `plan-${index}`,
      legacy_migration: { legacy_id: legacyId, backfill: 'filled', mark: 'marked' },
    })
    expect(await store.marks()).toEqual([
      { legacy_id: legacyId, auth0_user_id: user.user_id, metadata: 'complete' },
    ])
    expect(await flow.logIn(written(user, outcome))).toMatchObject({ appMetadata: {} })
  })
}

test('identity: an id that nobody has is nobody, however much it is like another', async () => {
  for (const legacyId of ['10422', '01042', '1042 ', ' 1042', '1042%', 'aDa', '%31042']) {
    const { appMetadata } = await flow.logIn(interrupted(legacyId))
    expect(appMetadata).toEqual({
      legacy_migration: expect.objectContaining({ backfill: 'not-found', mark: 'not-found' }),
    })
  }
  expect(await store.marks()).toEqual([])
})

const social = {
  ...{ connection: 'google-oauth2', provider: 'google-oauth2' },
  ...{ user_id: '7', isSocial: true },
}

const [own = {}] = interrupted('1042').identities

const nobodyOfOurs: [why: string, identities: readonly object[]][] = [
  ['another database with the same id', [{ ...own, connection: 'staff' }]],
  ['a social account of the same id', [{ ...social, user_id: 'legacy-users|1042' }]],
  ['who signed up', [{ ...own, user_id: '65f0c2a1b3d4e5f6a7b8c9d0' }]],
  ['a prefix in other letters', [{ ...own, user_id: 'Legacy-Users|1042' }]],
  ['an enterprise directory', [{ ...own, provider: 'samlp' }]],
]

for (const [why, identities] of nobodyOfOurs) {
  test(`identity: ${why} is not ours: no call, no stamp`, async () => {
    const user = { ...interrupted('1042'), identities }
    expect((await flow.logIn(user)).appMetadata).toEqual({})
    expect(store.front.seen).toEqual([])
  })
}

test('identity: of two databases with the same id, the migrating one is meant', async () => {
  const identities = [{ ...own, connection: 'staff' }, own]
  const { appMetadata } = await flow.logIn({ ...interrupted('1042'), identities })
  expect(appMetadata).toMatchObject({ plan: 'plan-0' })
  expect(await store.marks()).toHaveLength(1)
})

test('identity: a social primary gets what the linked legacy account never did, and is marked', async () => {
  const user: StoredUser = {
    ...interrupted('1042'),
    user_id: 'google-oauth2|7',
    identities: [social, own],
  }
  const outcome = await flow.logIn(user)
  expect(outcome.appMetadata).toMatchObject({ plan: 'plan-0' })
  expect(await store.marks()).toMatchObject([{ auth0_user_id: 'google-oauth2|7' }])
  expect((await flow.logIn(written(user, outcome))).appMetadata).toEqual({})
})

test('identity: linked after the migration, a legacy account brings nothing back and conflicts with nobody', async () => {
  await flow.logIn(interrupted('1042'))
  const user = { ...interrupted('1042'), user_id: 'google-oauth2|7', identities: [social, own] }
  const outcome = await flow.logIn(user)
  expect(outcome.appMetadata).toEqual({
    legacy_migration: expect.objectContaining({ backfill: 'nothing-missing', mark: 'conflict' }),
  })
  expect(await store.marks()).toMatchObject([{ auth0_user_id: 'auth0|legacy-users|1042' }])
  expect((await flow.logIn(written(user, outcome))).appMetadata).toEqual({})
})

test('identity: unlinked again, a legacy account is made anew, and brings nothing back either', async () => {
  await flow.logIn(interrupted('1042'))
  const unlinked = {
    ...interrupted('1042'),
    created_at: new Date(Date.now() + 1_000).toISOString(),
  }
  const outcome = await flow.logIn(unlinked)
  expect(outcome.appMetadata).toEqual({
    legacy_migration: expect.objectContaining({ backfill: 'nothing-missing', mark: 'marked' }),
  })
  expect((await flow.logIn(written(unlinked, outcome))).appMetadata).toEqual({})
})

test('identity: an organization changes nothing', async () => {
  const organization = { id: 'org_1', name: 'acme', display_name: 'Acme', metadata: {} }
  const { appMetadata } = await flow.logIn(interrupted('1042'), { event: { organization } })
  expect(appMetadata).toMatchObject({ plan: 'plan-0', legacy_migration: { mark: 'marked' } })
})
