import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BackfillRule, finishBackfill, planBackfill } from '../../core/backfill.ts'
import type { LegacyAnswer, LegacyProblem } from '../../core/legacy-answer.ts'
import type { LoginUser } from '../../core/legacy-identity.ts'
import { logLine } from '../../core/log-line.ts'
import { finishMark } from '../../core/mark.ts'
import type { PlainObject } from '../../core/plain-object.ts'
import { jsonObject, jsonValue, legacyUser, loginUser, nested, now, rule } from './arbitraries.ts'

const clock = () => now
const identity = { legacyId: '1042', primary: true }
const at = '2026-12-01T00:00:00.000Z'
const stamp = (backfill: string) => ({ legacy_id: '1042', backfilled_at: at, backfill })
const old = '2025-01-01T00:00:00.000Z'
const marked: LegacyAnswer = { type: 'marked' }
const read = { type: 'read', identity }
const leave = {
  type: 'change',
  changes: {
    appMetadata: { legacy_migration: stamp('nothing-missing') },
    userMetadata: {},
    log: null,
  },
}

const plans: [why: string, user: PlainObject, asked: Partial<BackfillRule>, plan: unknown][] = [
  ['a new user without a stamp', {}, {}, read],
  ['a new user with metadata', { app_metadata: { plan: 'a' } }, {}, read],
  ['a stamp', { app_metadata: { legacy_migration: stamp('arrived') } }, {}, null],
  [
    'a mark without a backfill',
    { app_metadata: { legacy_migration: { mark: 'marked' } } },
    {},
    read,
  ],
  ['an old user who is blank', { created_at: old }, {}, read],
  ['an old user with app_metadata', { created_at: old, app_metadata: { a: 1 } }, {}, leave],
  ['an old user with user_metadata', { created_at: old, user_metadata: { a: 1 } }, {}, leave],
  ['a user without a day', { created_at: undefined, user_metadata: { a: 1 } }, {}, leave],
  [
    'metadata that a Rule leaves undefined',
    { app_metadata: undefined, user_metadata: undefined },
    {},
    read,
  ],
  ['who signed up', { identities: [] }, {}, null],
  ['an old user held back', { created_at: old }, { rollout: 0 }, null],
  ['a new user is not held back', {}, { rollout: 0 }, read],
]

for (const [why, overrides, asked, plan] of plans) {
  test(`planBackfill: ${why}`, () => {
    expect(planBackfill(loginUser(overrides), { ...rule, ...asked }, clock)).toEqual(plan)
  })
}

const finish = (user: LoginUser, legacy: PlainObject, from = identity) =>
  finishBackfill(user, from, { type: 'user', user: legacyUser(legacy) }, now)

test('finishBackfill: fills what is absent, keeps what is there, and stamps', () => {
  const user = loginUser({ app_metadata: { plan: 'free' }, user_metadata: { a: { b: 1 } } })
  const legacy = { app_metadata: { plan: 'gold', tier: 2 }, user_metadata: { a: { b: 2, c: 3 } } }
  expect(finish(user, legacy)).toEqual({
    appMetadata: { tier: 2, legacy_migration: stamp('filled') },
    userMetadata: { a: { b: 1, c: 3 } },
    log: null,
  })
})

test('finishBackfill: nothing to fill is a stamp and nothing else', () => {
  const user = loginUser({ app_metadata: { plan: 'free' }, user_metadata: { locale: 'en' } })
  expect(finish(user, {})).toEqual({
    appMetadata: { legacy_migration: stamp('nothing-missing') },
    userMetadata: {},
    log: null,
  })
})

test('finishBackfill: a mark that is there stays in the stamp', () => {
  const marked = { mark: 'marked', marked_at: old }
  const changes = finish(loginUser({ app_metadata: { legacy_migration: marked } }), {})
  expect(changes.appMetadata.legacy_migration).toEqual({ ...marked, ...stamp('filled') })
})

test('finishBackfill: a marked account, linked to another, brings nothing back', () => {
  const linked = { legacyId: '1042', primary: false }
  expect(finish(loginUser(), { migrated_at: old }, linked)).toEqual(leave.changes)
  expect(finish(loginUser(), {}, linked).appMetadata).toHaveProperty('plan')
})

test('finishBackfill: a marked account, unlinked and so made anew, brings nothing back', () => {
  const markedAt = '2026-11-25T10:00:01.000Z'
  const unlinked = loginUser({ created_at: '2026-11-28T10:00:00.000Z' })
  expect(finish(unlinked, { migrated_at: markedAt })).toEqual(leave.changes)
  // The mark went through, and the profile write of that login did not.
  expect(finish(loginUser(), { migrated_at: markedAt }).appMetadata).toHaveProperty('plan')
})

test('finishBackfill: what would take the profile over 10 KB is not written, stamped and told', () => {
  const user = loginUser({ user_metadata: { mine: 'x'.repeat(6_000) } })
  expect(finish(user, { app_metadata: { big: 'é'.repeat(2_000) } })).toEqual({
    appMetadata: { legacy_migration: stamp('too-large') },
    userMetadata: {},
    log: { code: 'profile_too_large' },
  })
})

test('finishBackfill: what is filled leaves room for the mark of the same login', () => {
  const sizes = { filled: 0, largest: 0 }
  for (let length = 8_000; length < 10_000; length += 7) {
    const user = loginUser()
    const { appMetadata } = finish(user, { app_metadata: { text: 'x'.repeat(length) } })
    const { appMetadata: mark } = finishMark({ ...user, app_metadata: appMetadata }, marked, now)
    const profile = { ...user, app_metadata: { ...appMetadata, ...mark } }
    sizes.largest = Math.max(sizes.largest, Buffer.byteLength(JSON.stringify(profile)))
    if ('text' in appMetadata) sizes.filled += 1
  }
  expect(sizes.filled).toBeGreaterThan(50)
  expect(sizes.largest).toBeLessThanOrEqual(10_000)
})

test('finishBackfill: nobody of that id is stamped, told, and asked for again after 7 days', () => {
  const changes = finishBackfill(loginUser(), identity, problem('user-not-found'), now)
  expect(changes).toEqual({
    appMetadata: { legacy_migration: stamp('not-found') },
    userMetadata: {},
    log: { code: 'legacy_user_not_found' },
  })
  const user = loginUser({ app_metadata: changes.appMetadata })
  const days = (count: number) => () => now + count * 24 * 60 * 60 * 1_000
  expect(planBackfill(user, rule, days(6.99))).toBe(null)
  expect(planBackfill(user, rule, days(7))).toEqual(read)
})

const unusable: [why: string, answer: LegacyAnswer, code: string][] = [
  [
    'an outage',
    { type: 'outage', code: 'legacy_api_unavailable', status: 503 },
    'legacy_api_unavailable',
  ],
  [
    'missing settings',
    { type: 'outage', code: 'setting_missing', settings: ['A'] },
    'setting_missing',
  ],
  ['another problem', problem('blocked'), 'legacy_api_invalid_response'],
  ['a mark', { type: 'marked' }, 'legacy_api_invalid_response'],
  [
    'bottomless metadata',
    userWith({ user_metadata: nested(100_000) }),
    'legacy_api_invalid_response',
  ],
]

for (const [why, answer, code] of unusable) {
  test(`finishBackfill: ${why} changes nothing and stamps nothing`, () => {
    const { log, ...changes } = finishBackfill(loginUser(), identity, answer, now)
    expect(changes).toEqual({ appMetadata: {}, userMetadata: {} })
    expect(log?.code).toBe(code)
  })
}

test('planBackfill and finishBackfill: survive any user and any metadata', () => {
  const members = ['user_id', 'created_at', 'app_metadata', 'user_metadata', 'identities']
  const user = fc
    .dictionary(fc.constantFrom(...members), jsonValue)
    .map((overrides) => loginUser(overrides) as unknown as LoginUser)
  fc.assert(
    fc.property(user, jsonObject, jsonObject, (any, app_metadata, user_metadata) => {
      planBackfill(any, rule, clock)
      const { appMetadata, log } = finish(any, { app_metadata, user_metadata })
      expect(appMetadata).toHaveProperty('legacy_migration.legacy_id', '1042')
      expect(log?.code ?? 'profile_too_large').toBe('profile_too_large')
    }),
  )
})

test('finishBackfill: a second login after it has nothing to do, whatever the store sent', () => {
  fc.assert(
    fc.property(jsonObject, jsonObject, jsonObject, (present, app_metadata, user_metadata) => {
      const user = loginUser({ user_metadata: present })
      const { appMetadata, userMetadata } = finish(user, { app_metadata, user_metadata })
      const after = {
        ...user,
        app_metadata: { ...user.app_metadata, ...appMetadata },
        user_metadata: { ...present, ...userMetadata },
      }
      expect(planBackfill(after, rule, clock)).toBe(null)
    }),
  )
})

test('finishBackfill: what it tells holds nothing of the user', () => {
  const secret = 'Kq7-personal'
  const user = loginUser({ user_id: `auth0|${secret}`, email: secret, user_metadata: { secret } })
  const answers: LegacyAnswer[] = [
    ...unusable.map(([, answer]) => answer),
    userWith({ user_metadata: { a: secret.repeat(2_000) }, email: secret }),
    problem('user-not-found'),
  ]
  for (const answer of answers) {
    const { log } = finishBackfill(user, { legacyId: secret, primary: true }, answer, now)
    expect(logLine('backfill-metadata', log ?? { code: 'unexpected_error' })).not.toContain(secret)
  }
})

function problem(name: LegacyProblem): LegacyAnswer {
  return { type: 'problem', problem: name }
}

function userWith(overrides: PlainObject): LegacyAnswer {
  return { type: 'user', user: legacyUser(overrides) }
}
