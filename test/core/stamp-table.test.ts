import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { planBackfill } from '../../core/backfill.ts'
import { planMark } from '../../core/mark.ts'
import { backfillStamp, markStamp, readStamp } from '../../core/stamp.ts'
import { at, loginUser, now, rule } from './arbitraries.ts'

const clock = () => now

/** The rows of docs/stamp.md: what stands in the user's app_metadata, and the step that it leads to. */
const rows = readFileSync('docs/stamp.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, stamp = '', step] = /^\| (absent|`.*?`) +\| (\w+) +\| /.exec(line) ?? []
    return step === undefined ? [] : [{ stamp, step }]
  })
  .filter(({ step }) => ['backfill', 'mark', 'nothing'].includes(step))

function userWith(stamp: string) {
  const metadata = stamp === 'absent' ? {} : { legacy_migration: JSON.parse(stamp.slice(1, -1)) }
  return loginUser({ app_metadata: { plan: 'gold', ...metadata } })
}

function nextStep(user: ReturnType<typeof loginUser>): string {
  const plan = planBackfill(user, rule, clock)
  if (plan !== null) return plan.type === 'read' ? 'backfill' : plan.type
  return planMark(user, rule, clock) === null ? 'nothing' : 'mark'
}

test('docs/stamp.md: has a row for every outcome, and for each of the three steps', () => {
  expect(rows.length).toBeGreaterThan(30)
  expect(new Set(rows.map(({ step }) => step))).toEqual(new Set(['backfill', 'mark', 'nothing']))
  const words = ['arrived', 'filled', 'nothing-missing', 'not-found', 'too-large', 'marked']
  const text = rows.map(({ stamp }) => stamp).join()
  expect([...words, 'conflict'].filter((word) => !text.includes(`"${word}"`))).toEqual([])
})

for (const { stamp, step } of rows) {
  test(`docs/stamp.md: ${stamp} leads to ${step}`, () => {
    expect(nextStep(userWith(stamp))).toBe(step)
  })

  test(`docs/stamp.md: ${stamp} leads to nothing more once its steps are done`, () => {
    const user = userWith(stamp)
    const before = readStamp(user.app_metadata)
    const filled = step === 'backfill' ? backfillStamp(before, '1042', 'filled', at) : before
    const between = loginUser({ app_metadata: { legacy_migration: filled } })
    const after = planMark(between, rule, clock) ? markStamp(filled, 'marked', now) : filled
    expect(nextStep(loginUser({ app_metadata: { legacy_migration: after } }))).toBe('nothing')
  })
}

test('backfillStamp: what another user’s stamp said of its mark is not kept', () => {
  const another = { legacy_id: '2077', backfill: 'arrived', mark: 'marked', marked_at: 'x' }
  expect(backfillStamp(another, '1042', 'filled', at)).toEqual({
    legacy_id: '1042',
    backfilled_at: '2026-12-01T00:00:00.000Z',
    backfill: 'filled',
  })
})

test('planMark: nobody is told of a user by another user’s stamp', () => {
  expect(planMark(userWith('`{"legacy_id":"2077","backfill":"arrived"}`'), rule, clock)).toBe(null)
})

test('planBackfill: the stamp of a linked legacy account is its own, whoever is the primary', () => {
  const linked = { connection: 'legacy-users', provider: 'auth0', user_id: 'legacy-users|1042' }
  const stamp = (legacy_id: string) => ({
    legacy_migration: { legacy_id, backfill: 'arrived', mark: 'marked' },
  })
  const social = { user_id: 'google-oauth2|7', identities: [linked] }
  const done = loginUser({ ...social, app_metadata: stamp('1042') })
  expect(planBackfill(done, rule, clock)).toBe(null)
  const relinked = loginUser({ ...social, app_metadata: stamp('2077') })
  expect(planBackfill(relinked, rule, clock)).toMatchObject({ type: 'read' })
})
