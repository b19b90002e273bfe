import { strictEqual } from 'node:assert/strict'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { forEachSeed } from '../../actions-testing/for-each-seed.ts'

test('forEachSeed: every seed once, in order, each when the one before is done', async () => {
  const seen: number[] = []
  await forEachSeed(async (seed) => {
    await null
    seen.push(seed)
  }, 3)
  expect(seen).toEqual([1, 2, 3])
  await forEachSeed((seed) => seen.push(seed), [9])
  expect(seen).toEqual([1, 2, 3, 9])
})

test('forEachSeed: the first failure is thrown as it is, with its seed, and ends it', async () => {
  const seen: number[] = []
  const failure = new RangeError('too much')
  const run = forEachSeed((seed) => {
    seen.push(seed)
    if (seed === 4) throw failure
  })
  await expect(run).rejects.toBe(failure)
  expect(failure.message).toBe('too much (event seed 4)')
  expect(seen).toEqual([1, 2, 3, 4])
})

test('forEachSeed: what node:test prints of an assertion of node:assert has the seed', async () => {
  const error = await forEachSeed(() => strictEqual(1, 2), [6]).catch((reason) => reason)
  expect(inspect(error)).toMatch(/1 !== 2\s+\(event seed 6\)\s+at /)
})

test('forEachSeed: an assertion of vitest keeps its message, and a seed is named once', async () => {
  const error = await forEachSeed(() => expect(1).toBe(2), [6]).catch((reason) => reason)
  expect(error.message).toMatch(/^expected 1 to be 2.* \(event seed 6\)$/)
  const twice = forEachSeed(() => Promise.reject(new Error('it (event seed 6)')), [6])
  await expect(twice).rejects.toThrow(/^it \(event seed 6\)$/)
  await expect(forEachSeed(() => Promise.reject('bare'), [2])).rejects.toThrow(
    'bare (event seed 2)',
  )
})
