import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finishBackfill, planBackfill } from '../../core/backfill.ts'
import { finishMark, planMark } from '../../core/mark.ts'
import type { PlainObject } from '../../core/plain-object.ts'
import { jsonObject, legacyUser, loginUser, now, rule } from './arbitraries.ts'

const clock = () => now
/** A tenant whose users migrated, by whatever means, before it had the kit. */
const before = { created_at: '2024-03-01T10:00:00.000Z' }

const some = jsonObject.filter((object) =>
  Object.keys(object).some((key) => key !== 'legacy_migration'),
)
const metadata = fc.oneof(
  fc.record({ app_metadata: some, user_metadata: jsonObject }),
  fc.record({ app_metadata: jsonObject, user_metadata: some }),
)

test('adoption: no right that was taken away in Auth0 comes back, whatever the old store has', () => {
  fc.assert(
    fc.property(metadata, ({ app_metadata, user_metadata }) => {
      const { legacy_migration: _, ...own } = app_metadata
      const user = loginUser({ ...before, app_metadata: own, user_metadata })
      if (Object.keys({ ...own, ...user_metadata }).length === 0) return
      const plan = planBackfill(user, rule, clock)
      if (plan?.type !== 'change') expect.fail('the old store is asked')
      expect(plan.changes).toEqual({
        appMetadata: { legacy_migration: expect.objectContaining({ backfill: 'nothing-missing' }) },
        userMetadata: {},
        log: null,
      })
      // Nor later: the stamp is done, whatever is in the store.
      const stamped = loginUser({
        ...before,
        app_metadata: { ...own, ...plan.changes.appMetadata },
      })
      expect(planBackfill(stamped, rule, clock)).toBe(null)
    }),
  )
})

test('adoption: a user from before costs one mark and one profile write, and then nothing', () => {
  let user = loginUser({ ...before, app_metadata: { plan: 'gold' } })
  const plan = planBackfill(user, rule, clock)
  if (plan?.type !== 'change') expect.fail('the old store is asked')
  user = { ...user, app_metadata: { ...user.app_metadata, ...plan.changes.appMetadata } }
  expect(planMark(user, rule, clock)?.mark.metadata).toBe('complete')
  const { appMetadata } = finishMark(user, { type: 'marked' }, now)
  const done = { ...user, app_metadata: { ...user.app_metadata, ...appMetadata } }
  expect([planBackfill(done, rule, clock), planMark(done, rule, clock)]).toEqual([null, null])
})

test('adoption: a blank user from before is filled, as one whose metadata were lost', () => {
  const user = loginUser(before)
  const plan = planBackfill(user, rule, clock)
  if (plan?.type !== 'read') expect.fail('the old store is not asked')
  const answer = { type: 'user', user: legacyUser() } as const
  expect(finishBackfill(user, plan.identity, answer, now).appMetadata).toMatchObject({
    plan: 'gold',
  })
})

test('adoption: with leaveBlank a user from before gets nothing back, also one stripped of all they had', () => {
  const leaving = { ...rule, backfill: { ...rule.backfill, leaveBlank: true } }
  const noMetadata = fc.constantFrom({}, null, undefined)
  const any = fc.oneof(noMetadata, jsonObject)
  fc.assert(
    fc.property(any, any, (app_metadata, user_metadata) => {
      const { legacy_migration: _, ...own } = Object(app_metadata)
      const user = { app_metadata: app_metadata && own, user_metadata }
      const old = loginUser({ ...before, ...user } as PlainObject)
      expect(planBackfill(old, leaving, clock)).toMatchObject({
        changes: { appMetadata: { legacy_migration: { backfill: 'nothing-missing' } } },
      })
      expect(planBackfill(loginUser(user as PlainObject), leaving, clock)?.type).toBe('read')
    }),
  )
})

const ids: [why: string, id: string, accepted: readonly string[], legacyId: string | null][] = [
  ['without a prefix, when the config says so', '1042', [''], '1042'],
  ['without a prefix, when it does not', '1042', [], null],
  ['of an older prefix', 'old-store|1042', ['old-store|'], '1042'],
  ['of the prefix, beside others', 'legacy-users|1042', ['', 'old-store|'], '1042'],
  ['of Auth0’s own making, when only prefixes are accepted', '65f0c2a1b3d4', ['old-store|'], null],
]

for (const [why, id, acceptedPrefixes, legacyId] of ids) {
  test(`adoption: an id ${why}: ${legacyId ?? 'nobody of ours'}`, () => {
    const identities = [{ connection: 'legacy-users', provider: 'auth0', user_id: id }]
    const user = loginUser({ user_id: `auth0|${id}`, identities })
    const plan = planBackfill(user, { ...rule, acceptedPrefixes }, clock)
    const expected =
      legacyId === null ? null : { type: 'read', identity: { legacyId, primary: true } }
    expect(plan).toEqual(expected)
  })
}

test('adoption: rollout holds back those from before, in both Actions, and never one who is new', () => {
  const stamp = { legacy_id: '1042', backfill: 'arrived' }
  const arbitrary = fc.record({ rollout: fc.integer({ min: 0, max: 100 }), id: fc.nat() })
  fc.assert(
    fc.property(arbitrary, ({ rollout, id }) => {
      const asked = { ...rule, rollout }
      const user = (overrides: PlainObject) =>
        loginUser({ user_id: `auth0|legacy-users|${id}`, ...overrides })
      const unmarked = { app_metadata: { legacy_migration: stamp } }
      const held = planBackfill(user(before), asked, clock) === null
      expect(planMark(user({ ...before, ...unmarked }), asked, clock) === null).toBe(held)
      expect(planBackfill(user({}), asked, clock)).not.toBe(null)
      expect(planMark(user(unmarked), asked, clock)).not.toBe(null)
    }),
  )
})
