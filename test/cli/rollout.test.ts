import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Adoption, wavesOf, writeLimitOf, writesPerHour } from '../../cli/rollout/waves.ts'
import { isHeldBack } from '../../core/rollout.ts'
import type { Plan } from '../../servers/tenant/rate-limit-plans.ts'
import { migration } from './run-migration.ts'

const plans: readonly Plan[] = [
  'free',
  'essentials',
  'professional',
  'enterprise-production',
  'enterprise-non-production',
]

const adoptions: fc.Arbitrary<Adoption> = fc.record({
  users: fc.integer({ min: 1, max: 50_000_000 }),
  loginsPerDay: fc.integer({ min: 1, max: 5_000_000 }),
  busiestHour: fc.double({ min: 0.042, max: 1, noNaN: true }),
  plan: fc.constantFrom(...plans),
  share: fc.double({ min: 0.01, max: 1, noNaN: true }),
})

/** Writes of a busiest hour, counted from the waves alone, day by day. */
function writesOn(day: number, { busiestHour, loginsPerDay, users }: Adoption, waves: Waves) {
  const begun = waves.filter((wave) => wave.day <= day)
  const waiting = begun.map((wave, index) => {
    const letIn = (users * (wave.rollout - (begun[index - 1]?.rollout ?? 0))) / 100
    return letIn * Math.exp((-loginsPerDay / users) * (day - wave.day))
  })
  const share = waiting.reduce((sum, users) => sum + users, 0) / users
  return loginsPerDay * busiestHour * share
}
type Waves = ReturnType<typeof wavesOf>

test('waves: on no day does the busiest hour cost more than its share of the limit', () => {
  fc.assert(
    fc.property(adoptions, (adoption) => {
      const waves = wavesOf(adoption)
      const allowed = writesPerHour(writeLimitOf(adoption.plan)) * adoption.share
      for (const { day, writesInBusiestHour } of waves) {
        const writes = writesOn(day, adoption, waves)
        expect(writes).toBeLessThanOrEqual(allowed * 1.000_001)
        expect(Math.abs(writesInBusiestHour - writes)).toBeLessThanOrEqual(0.51)
      }
    }),
  )
})

test('waves: rise from day 1 on, and let everybody in, or the limit is too low', () => {
  fc.assert(
    fc.property(adoptions, (adoption) => {
      const waves = wavesOf(adoption)
      const rollouts = waves.map(({ rollout }) => rollout)
      expect(rollouts).toEqual([...new Set(rollouts)].toSorted((one, other) => one - other))
      const { busiestHour, loginsPerDay, plan, share } = adoption
      const capacity = (writesPerHour(writeLimitOf(plan)) * share) / (loginsPerDay * busiestHour)
      if (waves.length > 0) expect(waves[0]?.day).toBe(1)
      // With room for a percent at a time, a century of waves is enough: one for each time all return.
      const daysToReturn = 3 * Math.max(1, adoption.users / loginsPerDay)
      if (capacity >= 0.02 && daysToReturn < 18) expect(rollouts.at(-1)).toBe(100)
      if (capacity < 0.000_1) expect(waves).toEqual([])
    }),
  )
})

test('waves: a larger share of the limit begins with no smaller one', () => {
  fc.assert(
    fc.property(adoptions, (adoption) => {
      const [half] = wavesOf({ ...adoption, share: adoption.share / 2 })
      const [whole] = wavesOf(adoption)
      expect(whole?.rollout ?? 0).toBeGreaterThanOrEqual(half?.rollout ?? 0)
    }),
  )
})

/** From 0 to 1, the same each time. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

test('waves: what they reckon with is what logins at random cost, held back as the Actions do', () => {
  const users = 20_000
  const adoption: Adoption = {
    ...{ users, loginsPerDay: 48_000, busiestHour: 1 / 24, plan: 'professional', share: 0.05 },
  }
  const waves = wavesOf(adoption)
  expect(waves.length).toBeGreaterThan(1)
  const random = createRandom(20_261_121)
  const done = new Set<number>()
  const held = new Map<string, boolean>()
  for (let day = 1; day <= (waves.at(-1)?.day ?? 0); day += 1) {
    const { rollout = 0 } = waves.findLast((wave) => wave.day <= day) ?? {}
    const wave = waves.find((one) => one.day === day)
    let written = 0
    for (let login = 0; login < adoption.loginsPerDay; login += 1) {
      const user = Math.floor(random() * users)
      const key = `${rollout} ${user}`
      const isHeld = held.get(key) ?? isHeldBack(userOf(user), { rollout, backfill: { since } })
      held.set(key, isHeld)
      if (isHeld || done.has(user)) continue
      done.add(user)
      if (login < adoption.loginsPerDay / 24) written += 1
    }
    if (wave === undefined) continue
    // The first hour of the day; four standard deviations of a count.
    expect(written).toBeLessThan(wave.writesInBusiestHour + 4 * Math.sqrt(wave.writesInBusiestHour))
    if (day === 1) expect(written).toBeGreaterThan(0.8 * wave.writesInBusiestHour)
  }
  expect(done.size).toBeGreaterThan(0.8 * users)
})

const since = '2026-11-21'
const userOf = (id: number) => ({
  user_id: `auth0|${id}`,
  created_at: '2020-01-01T00:00:00.000Z',
  app_metadata: {},
  user_metadata: {},
  identities: [],
})

test('rollout: the runbook’s tenant, as it stands there', async () => {
  const tenant = ['--users', '1,000,000', '--logins-per-day', '300,000', '--plan', 'professional']
  const { status, stdout } = await migration(['rollout', ...tenant])
  expect(status).toBe(0)
  expect(readFileSync('docs/runbook.md', 'utf8')).toContain(stdout.trimEnd())
})

test('rollout: as JSON', async () => {
  const tenant = ['--users', '1000', '--logins-per-day', '10', '--plan', 'enterprise-production']
  const { stdout } = await migration(['rollout', ...tenant, '--json'])
  const wave = { day: 1, rollout: 100, users: 1_000, writesInBusiestHour: 1, ofLimit: 1 / 57_600 }
  const limit = { writesPerHour: 57_600, atOnce: 50 }
  expect(JSON.parse(stdout)).toEqual({
    ...{ plan: 'enterprise-production', limit, share: 0.5, waves: [wave] },
  })
})

test('rollout: a plan that is too low is found, and says so', async () => {
  const tenant = ['--users', '900000000', '--logins-per-day', '500000000', '--plan', 'free']
  const { status, stdout } = await migration(['rollout', ...tenant])
  expect(status).toBe(1)
  expect(stdout).toContain('ask Auth0 for a higher limit')
})

const misuses: readonly (readonly [why: string, args: readonly string[], says: RegExp])[] = [
  ['nothing', [], /--users takes/],
  ['no users', ['--users', '0'], /--users takes/],
  ['half a login', ['--users', '5', '--logins-per-day', '0.5'], /--logins-per-day takes/],
  [
    'a plan that is none',
    ['--users', '5', '--logins-per-day', '5', '--plan', 'gold'],
    /essentials/,
  ],
  [
    'a share of nothing',
    ['--users', '5', '--logins-per-day', '5', '--plan', 'free', '--share', '0'],
    /--share takes a percentage/,
  ],
]

for (const [why, args, says] of misuses) {
  test(`rollout: ${why} is a misuse that says what is wanted`, async () => {
    const { status, stderr } = await migration(['rollout', ...args])
    expect(status).toBe(2)
    expect(stderr).toMatch(says)
  })
}
