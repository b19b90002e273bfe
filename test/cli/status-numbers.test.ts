import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, historyOf, usualRate } from '../../cli/status/days.ts'
import { percentage } from '../../cli/status/numbers.ts'
import { toPage } from '../../cli/status/page.ts'
import { fewestDays, project } from '../../cli/status/projection.ts'
import type { StatusReport } from '../../cli/status/report.ts'
import { sample } from '../../cli/status/sample.ts'
import { toText } from '../../cli/status/text.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const today = '2026-11-21'

async function* upTo(count: number) {
  for (let number = 0; number < count; number += 1) yield number
}

/** As many random numbers as are wanted, the same for a seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

test('sample: gives as many as are wanted, each once, or all where there are fewer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(300),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(),
      async (n, size, seed) => {
        const chosen = await sample(upTo(n), size, randomOf(seed))
        expect(new Set(chosen).size).toBe(Math.min(n, size))
        expect(chosen.every((number) => number >= 0 && number < n)).toBe(true)
      },
    ),
  )
})

test('sample: each of a stream is as likely as any other, the first and the last too', async () => {
  const [items, size, runs] = [20, 5, 4_000]
  const taken = new Array<number>(items).fill(0)
  const random = randomOf(1)
  for (let run = 0; run < runs; run += 1) {
    for (const number of await sample(upTo(items), size, random))
      taken[number] = (taken[number] ?? 0) + 1
  }
  const expected = (runs * size) / items
  for (const times of taken) expect(Math.abs(times - expected)).toBeLessThan(expected * 0.15)
})

test('sample: works when the source of randomness gives its least', async () => {
  expect(await sample(upTo(50), 3, () => 0)).toHaveLength(3)
})

const days = fc.array(fc.record({ ago: fc.nat(400), migrated: fc.nat(1_000) }), { maxLength: 60 })

test('historyOf: loses nobody, has every day once, and ends with what is left', () => {
  fc.assert(
    fc.property(days, fc.nat(10_000), (given, remaining) => {
      const perDay = given.map(({ ago, migrated }) => ({ date: addDays(today, -ago), migrated }))
      const history = historyOf(perDay, remaining, now)
      const all = perDay.reduce((sum, { migrated }) => sum + migrated, 0)
      expect(history.reduce((sum, { migrated }) => sum + migrated, 0)).toBe(all)
      expect(history.at(-1)).toMatchObject({ date: today, remaining })
      expect((history[0]?.remaining ?? 0) + (history[0]?.migrated ?? 0)).toBe(remaining + all)
      for (const [index, day] of history.entries()) {
        expect(day.date).toBe(addDays(history[0]?.date ?? '', index))
      }
    }),
  )
})

test('historyOf: a clock ahead and a store from long ago make no more than three years of days', () => {
  const perDay = [
    { date: '1970-01-01', migrated: 5 },
    { date: '2026-12-24', migrated: 7 },
  ]
  const history = historyOf(perDay, 0, now)
  expect(history).toHaveLength(1_095)
  expect([history[0]?.migrated, history.at(-1)?.migrated]).toEqual([5, 7])
})

test('usualRate: the day in the middle of the last whole days; today does not count', () => {
  const perDay = [1, 100, 3, 2].map((migrated, index) => ({
    date: addDays(today, index - 3),
    migrated,
  }))
  expect(usualRate(historyOf(perDay, 10, now), 7)).toBe(3)
  expect(usualRate(historyOf([], 10, now), 7)).toBeNull()
})

function historyWith(rates: readonly number[], total: number) {
  let left = total
  const perDay = rates.map((rate, index) => {
    const migrated = Math.round(left * rate)
    left -= migrated
    return { date: addDays(today, index - rates.length), migrated }
  })
  return historyOf(perDay, left, now)
}

test('project: of a rate that never changes it is that rate, with no uncertainty', () => {
  const projection = project(historyWith(new Array(28).fill(0.02), 1_000_000), 1_000_000)
  const tenth = projection?.days[9]
  const expected = 1_000_000 * 0.98 ** 38
  expect(tenth?.date).toBe('2026-12-01')
  expect(Math.abs((tenth?.middle ?? 0) - expected)).toBeLessThan(expected * 0.001)
  expect((tenth?.high ?? 0) - (tenth?.low ?? 0)).toBeLessThan(expected * 0.001)
})

test('project: weeks that differ leave the more open the farther it looks', () => {
  const rates = Array.from({ length: 28 }, (_, day) =>
    Math.floor(day / 7) % 2 === 0 ? 0.002 : 0.02,
  )
  const projection = project(historyWith(rates, 1_000_000), 1_000_000)
  const width = (day: number) => {
    const { low = 0, high = 0 } = projection?.days[day] ?? {}
    return high - low
  }
  expect(width(60)).toBeGreaterThan(width(6))
  expect(width(60)).toBeGreaterThan(50_000)
  for (const { low, middle, high } of projection?.days ?? []) {
    expect(low).toBeLessThanOrEqual(middle)
    expect(middle).toBeLessThanOrEqual(high)
  }
})

test('project: says nothing of fewer than two whole weeks, nor of nobody', () => {
  const short = historyWith(new Array(fewestDays - 1).fill(0.1), 1_000)
  expect(project(short, 1_000)).toBeNull()
  expect(project(historyWith(new Array(fewestDays).fill(0.1), 1_000), 1_000)).not.toBeNull()
  expect(project(historyWith(new Array(20).fill(1), 1_000), 1_000)).toBeNull()
})

test('project: nobody coming back means not within a year, not some day', () => {
  const projection = project(historyWith([0.1, ...new Array(30).fill(0)], 1_000), 1_000)
  expect(projection?.milestones.find(({ share }) => share === 0.99)).toMatchObject({
    ...{ low: null, middle: null, high: null },
  })
})

test('toText, toPage: what is not within a year is said once, and not as a range', () => {
  const history = historyOf([{ date: '2026-10-20', migrated: 10 }], 100_000, now)
  const at = new Date(now).toISOString()
  const migrated = { total: 100_010, migrated: 10, complete: 10, per_day: [] }
  const report: StatusReport = {
    ...{ at, connection: 'c', phase: null, history, logs: null, verification: null },
    counts: { ...migrated, remaining: 100_000, too_large: 0, not_found: 0 },
    usualRate: 0,
    projection: project(history, 100_010),
  }
  expect(toText(report)).toMatch(/99 % +over a year$/m)
  expect(toPage(report)).toContain('<td>over a year</td><td>over a year</td>')
})

test('project: the same numbers give the same projection', () => {
  const history = historyWith(
    new Array(28).fill(0).map((_, day) => 0.001 * (day % 5)),
    5_000,
  )
  expect(project(history, 5_000)).toEqual(project(history, 5_000))
})

test('percentage: is 100 % only when nobody is left, 0 % only when nobody has come', () => {
  expect(percentage(9_999_999, 10_000_000)).toBe('99.9 %')
  expect(percentage(10, 10)).toBe('100 %')
  expect(percentage(1, 10_000_000)).toBe('< 0.1 %')
  expect(percentage(0, 10)).toBe('0 %')
})
