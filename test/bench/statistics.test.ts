import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureInTurn, ratio } from '../../bench/rounds.ts'
import { median, quartiles } from '../../bench/statistics.ts'

const values = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1 })

test('statistics: half of the values lie on each side of the median, about a quarter beyond a quartile', () => {
  fc.assert(
    fc.property(values, (all) => {
      const share = (holds: (value: number) => boolean) => all.filter(holds).length / all.length
      const middle = median(all)
      const [low, high] = quartiles(all)
      expect(share((value) => value <= middle)).toBeGreaterThanOrEqual(0.5)
      expect(share((value) => value >= middle)).toBeGreaterThanOrEqual(0.5)
      const quarter = 0.25 + 0.75 / all.length
      expect(share((value) => value < low)).toBeLessThanOrEqual(quarter)
      expect(share((value) => value > high)).toBeLessThanOrEqual(quarter)
      expect(low <= middle && middle <= high).toBe(true)
    }),
  )
})

test('statistics: the order of the values does not matter, and nothing has no median', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow('no value was measured')
})

test('rounds: every target is measured once a round, and each begins one in turn', async () => {
  const targets = ['a', 'b', 'c'].map((name) => ({ name, files: [] }))
  const order: string[] = []
  const measured = await measureInTurn(targets, 3, async ({ name }) => order.push(name))
  expect(order.join('')).toBe('abcbcacab')
  expect(Object.fromEntries(measured)).toEqual({ a: [1, 6, 8], b: [2, 4, 9], c: [3, 5, 7] })
})

test('rounds: a machine that slows down from round to round changes no ratio', () => {
  const slower = [1, 10, 100]
  expect(
    ratio(
      slower.map((factor) => 3 * factor),
      slower,
    ),
  ).toEqual({ value: 3, quartiles: [3, 3] })
})
