import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LegacyAnswer } from '../../core/legacy-answer.ts'
import type { LoginUser } from '../../core/legacy-identity.ts'
import { finishMark, planMark } from '../../core/mark.ts'
import type { PlainObject } from '../../core/plain-object.ts'
import { jsonValue, loginUser, now, rule } from './arbitraries.ts'

const clock = () => now
const at = '2026-12-01T00:00:00.000Z'
const stampedUser = (stamp: PlainObject, overrides: PlainObject = {}) =>
  loginUser({ app_metadata: { plan: 'gold', legacy_migration: stamp }, ...overrides })

const outcomes: [backfill: string, metadata: string][] = [
  ['arrived', 'complete'],
  ['filled', 'complete'],
  ['nothing-missing', 'complete'],
  ['too-large', 'too-large'],
  ['not-found', 'not-found'],
]

for (const [backfill, metadata] of outcomes) {
  test(`planMark: a user whose backfill says ${backfill} is told as ${metadata}`, () => {
    expect(planMark(stampedUser({ backfill, backfilled_at: at }), rule, clock)).toEqual({
      legacyId: '1042',
      mark: { auth0_user_id: 'auth0|legacy-users|1042', migrated_at: at, metadata },
    })
  })
}

const idle: [why: string, user: LoginUser, asked?: object][] = [
  ['no stamp yet: the metadata may be lost', loginUser()],
  ['a stamp of no known outcome', stampedUser({ backfill: 'maybe' })],
  ['marked', stampedUser({ backfill: 'arrived', mark: 'marked' })],
  ['a conflict', stampedUser({ backfill: 'arrived', mark: 'conflict' })],
  ['not found, lately', stampedUser({ backfill: 'arrived', mark: 'not-found', marked_at: at })],
  ['who signed up', stampedUser({ backfill: 'arrived' }, { identities: [] })],
  ['no user id', stampedUser({ backfill: 'arrived' }, { user_id: undefined })],
  ['held back', stampedUser({ backfill: 'arrived' }, { created_at: '2020-01-01' }), { rollout: 0 }],
]

for (const [why, user, asked] of idle) {
  test(`planMark: nothing to tell: ${why}`, () => {
    expect(planMark(user, { ...rule, ...asked }, clock)).toBe(null)
  })
}

test('planMark: of linked accounts, the primary is named', () => {
  const user = stampedUser({ backfill: 'arrived' }, { user_id: 'google-oauth2|7' })
  expect(planMark(user, rule, clock)?.mark.auth0_user_id).toBe('google-oauth2|7')
})

const stamp = { legacy_id: '1042', backfilled_at: at, backfill: 'filled' }
const answers: [answer: LegacyAnswer, mark: string, code: string | undefined][] = [
  [{ type: 'marked' }, 'marked', undefined],
  [{ type: 'problem', problem: 'user-not-found' }, 'not-found', 'legacy_user_not_found'],
  [
    { type: 'problem', problem: 'migrated-to-another-user' },
    'conflict',
    'legacy_user_migrated_to_another',
  ],
]

for (const [answer, mark, code] of answers) {
  test(`finishMark: ${mark} is stamped beside what the backfill wrote, and is not sent again`, () => {
    const user = stampedUser(stamp)
    const { appMetadata, userMetadata, log } = finishMark(user, answer, now)
    expect([userMetadata, log?.code]).toEqual([{}, code])
    expect(appMetadata).toEqual({ legacy_migration: { ...stamp, marked_at: at, mark } })
    expect(planMark({ ...user, app_metadata: appMetadata }, rule, clock)).toBe(null)
  })
}

const unusable: LegacyAnswer[] = [
  { type: 'outage', code: 'legacy_api_unavailable', status: 502 },
  { type: 'problem', problem: 'blocked' },
  { type: 'problem', problem: 'already-migrated' },
]

for (const answer of unusable) {
  test(`finishMark: ${JSON.stringify(answer)} stamps nothing, and the mark is sent again`, () => {
    const { log, ...changes } = finishMark(stampedUser(stamp), answer, now)
    expect(changes).toEqual({ appMetadata: {}, userMetadata: {} })
    expect(log?.code).toMatch(/^legacy_api_/)
  })
}

test('planMark: survives any user and any stamp', () => {
  const members = ['user_id', 'created_at', 'user_metadata', 'identities']
  const user = fc.tuple(fc.dictionary(fc.constantFrom(...members), jsonValue), jsonValue)
  fc.assert(
    fc.property(user, ([overrides, legacy_migration]) => {
      const any = loginUser({ ...overrides, app_metadata: { legacy_migration } })
      const plan = planMark(any as unknown as LoginUser, rule, clock)
      if (plan !== null) expect(plan.legacyId).toBe('1042')
    }),
  )
})
