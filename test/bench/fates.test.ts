import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Fate, type FaultMix, fatesOf } from '../../bench/legacy-side/fates.ts'

const mix: FaultMix = { seed: 1, refused: 0.01, late: 0.05, lateBy: 3_000, correlation: 0 }

/** The first attempts at many things. */
function attempts(of: FaultMix, count: number): readonly (readonly Fate[])[] {
  return Array.from({ length: 20_000 }, (_, thing) => {
    const next = fatesOf(of, `GET /v1/users/${thing}`)
    return Array.from({ length: count }, next)
  })
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.filter(holds).length / items.length
}

test.each([0, 0.5])(
  'fates: 1 %% are refused and 5 %% late, with a correlation of %d',
  (correlation) => {
    for (const attempt of [0, 1]) {
      const fates = attempts({ ...mix, correlation }, 2).map((of) => of[attempt])
      expect(share(fates, (fate) => fate === 'refused')).toBeCloseTo(0.01, 2)
      expect(share(fates, (fate) => fate === 'late')).toBeCloseTo(0.05, 2)
    }
  },
)

test.each([
  [0, 0.05],
  [0.5, 0.525],
  [1, 1],
])(
  'fates: with a correlation of %d what was late is late again at a rate of %d',
  (correlation, again) => {
    const late = attempts({ ...mix, correlation }, 2).filter(([first]) => first === 'late')
    expect(share(late, ([, second]) => second === 'late')).toBeCloseTo(again, 1)
  },
)

test('fates: follow from the seed and the thing, whatever else is asked for meanwhile', () => {
  const half = { ...mix, refused: 0.3, late: 0.3, correlation: 0.5 }
  fc.assert(
    fc.property(fc.nat(), fc.string(), fc.string(), (seed, thing, other) => {
      const alone = fatesOf({ ...half, seed }, thing)
      const among = fatesOf({ ...half, seed }, thing)
      const another = fatesOf({ ...half, seed }, other)
      for (let attempt = 0; attempt < 10; attempt += 1) {
        another()
        expect(among()).toBe(alone())
      }
    }),
  )
})

test('fates: another seed strikes others', () => {
  const struck = (seed: number) =>
    attempts({ ...mix, seed }, 1).flatMap(([fate], thing) => (fate === 'served' ? [] : [thing]))
  const [one, two] = [struck(1), struck(2)]
  // 6 % of what the one strikes, the other strikes too.
  expect(share(one, (thing) => two.includes(thing))).toBeLessThan(0.15)
})
