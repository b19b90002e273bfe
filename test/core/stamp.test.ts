import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  backfillStamp,
  isBackfilled,
  isMarked,
  markStamp,
  readStamp,
  stampKey,
} from '../../core/stamp.ts'
import { at, jsonObject, jsonValue, now } from './arbitraries.ts'

const day = 24 * 60 * 60 * 1_000
const ago = (days: number) => new Date(now - days * day).toISOString()
const clock = () => now

const states: [
  why: string,
  stamp: Record<string, unknown>,
  backfilled: boolean,
  marked: boolean,
][] = [
  ['arrived', { backfill: 'arrived' }, true, false],
  ['filled', { backfill: 'filled' }, true, false],
  ['nothing-missing', { backfill: 'nothing-missing' }, true, false],
  ['too-large', { backfill: 'too-large' }, true, false],
  ['not-found, yesterday', { backfill: 'not-found', backfilled_at: ago(1) }, true, false],
  ['not-found, 7 days ago', { backfill: 'not-found', backfilled_at: ago(7) }, false, false],
  ['not-found, no day', { backfill: 'not-found' }, false, false],
  ['not-found, no instant', { backfill: 'not-found', backfilled_at: 'x' }, false, false],
  ['an outcome nobody writes', { backfill: 'done' }, false, false],
  ['empty', {}, false, false],
  ['marked', { backfill: 'filled', mark: 'marked' }, true, true],
  ['a conflict', { backfill: 'filled', mark: 'conflict' }, true, true],
  ['mark not-found, yesterday', { mark: 'not-found', marked_at: ago(1) }, false, true],
  ['mark not-found, 8 days ago', { mark: 'not-found', marked_at: ago(8) }, false, false],
  ['a mark nobody writes', { mark: true, marked_at: ago(0) }, false, false],
  ['inherited names', { backfill: 'toString', mark: 'constructor' }, false, false],
]

for (const [why, stamp, backfilled, marked] of states) {
  test(`stamp: ${why} is ${backfilled ? '' : 'not '}backfilled, ${marked ? '' : 'not '}marked`, () => {
    expect([isBackfilled(stamp, clock), isMarked(stamp, clock)]).toEqual([backfilled, marked])
  })
}

test('stamp: one that says done is believed without a look at the clock', () => {
  const noClock = () => {
    throw new Error('the clock was read')
  }
  expect(isBackfilled({ backfill: 'arrived' }, noClock)).toBe(true)
  expect(isMarked({ mark: 'marked' }, noClock)).toBe(true)
})

test('stamp: any JSON in its place is read without a throw', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const stamp = readStamp({ [stampKey]: value })
      expect(typeof isBackfilled(stamp, clock)).toBe('boolean')
      expect(typeof isMarked(stamp, clock)).toBe('boolean')
    }),
  )
})

test('backfillStamp and markStamp: each keeps what the other wrote, and is done at once', () => {
  fc.assert(
    fc.property(jsonObject, (before) => {
      const filled = backfillStamp(before, '1042', 'filled', at)
      const marked = markStamp(filled, 'marked', now)
      expect(marked).toMatchObject({
        legacy_id: '1042',
        backfilled_at: '2026-12-01T00:00:00.000Z',
        backfill: 'filled',
        marked_at: '2026-12-01T00:00:00.000Z',
        mark: 'marked',
      })
      expect(backfillStamp(marked, '1042', 'filled', at)).toEqual(marked)
      expect([isBackfilled(marked, clock), isMarked(marked, clock)]).toEqual([true, true])
    }),
  )
})
