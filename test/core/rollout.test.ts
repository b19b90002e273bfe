import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCreatedSince } from '../../core/created-since.ts'
import { isHeldBack } from '../../core/rollout.ts'
import { rule } from './arbitraries.ts'

const old = { created_at: '2020-01-01T00:00:00.000Z' }
const held = (id: string, rollout: number) =>
  isHeldBack({ ...old, user_id: id }, { ...rule, rollout })

test('isHeldBack: whoever is in stays in while the percentage rises', () => {
  const percent = fc.double({ min: 0, max: 100, noNaN: true })
  fc.assert(
    fc.property(fc.string(), percent, percent, (id, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      if (!held(id, low)) expect(held(id, high)).toBe(false)
    }),
  )
})

test('isHeldBack: 0 percent is nobody, 100 and no percentage are everybody', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      expect(held(id, 0)).toBe(true)
      expect(held(id, 100)).toBe(false)
      expect(isHeldBack({ ...old, user_id: id }, rule)).toBe(false)
    }),
  )
})

test('isHeldBack: lets in about as many as it says, of ids that differ in their digits only', () => {
  for (const percent of [1, 10, 25, 50, 90]) {
    let count = 0
    for (let id = 0; id < 20_000; id += 1) {
      if (!held(`auth0|legacy-users|${id}`, percent)) count += 1
    }
    expect(Math.abs(count / 200 - percent)).toBeLessThan(1)
  }
})

test('isHeldBack: nobody from after the day of publishing', () => {
  const user = { user_id: 'auth0|1', created_at: '2026-11-21T00:00:00.000Z' }
  expect(isHeldBack(user, { ...rule, rollout: 0 })).toBe(false)
})

const instants: [why: string, created: unknown, since: string, answer: boolean][] = [
  ['the very instant', '2026-11-21T00:00:00.000Z', '2026-11-21', true],
  ['a millisecond before', '2026-11-20T23:59:59.999Z', '2026-11-21', false],
  ['a Date', new Date('2026-11-22'), '2026-11-21', true],
  ['a Date of another realm', runInNewContext(`new Date('2026-11-22')`), '2026-11-21', true],
  ['what cannot be text', { toString: false }, '2026-11-21', false],
  ['another zone', '2026-11-21T01:00:00+02:00', '2026-11-21T00:00:00Z', false],
  ['nothing', undefined, '2026-11-21', false],
  ['no instant', 'yesterday', '2026-11-21', false],
  ['an object', {}, '2026-11-21', false],
]

for (const [why, created, since, answer] of instants) {
  test(`isCreatedSince: ${why} is ${answer ? 'new' : 'old'}`, () => {
    expect(isCreatedSince({ created_at: created }, since)).toBe(answer)
  })
}
