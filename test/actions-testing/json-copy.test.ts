import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonCopy } from '../../actions-testing/json-copy.ts'

/** Whatever a test may put into an event, and much that none would. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
    ),
    fc.constantFrom<unknown>(
      -0,
      Symbol('s'),
      () => 1,
      new Date(0),
      new Map([[1, 2]]),
      /x/,
      Object(1),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.sparseArray(tie('value'), { maxLength: 4, maxNumElements: 3 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', '7', 'toJSON')),
      tie('value'),
      {
        maxKeys: 4,
        noNullPrototype: false,
      },
    ),
    fc.record({ [Symbol('hidden')]: fc.integer(), a: tie('value') }),
    fc.constant({ toJSON: () => 'told' }),
  ),
})).value

test('jsonCopy: is what a trip through JSON makes of a value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), values), (value) => {
      const text = JSON.stringify(value)
      const copy = jsonCopy(value)
      expect(copy).toStrictEqual(JSON.parse(text))
      // The order of members too.
      expect(JSON.stringify(copy)).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('jsonCopy: shares nothing with the value, at any depth', () => {
  const value = JSON.parse('{"a":{"b":[{"c":1}],"__proto__":{"d":1}},"e":[[]]}')
  const copy = jsonCopy(value) as typeof value
  const objects = (root: unknown): readonly object[] =>
    typeof root === 'object' && root !== null ? [root, ...Object.values(root).flatMap(objects)] : []
  const shared = objects(copy).filter((one) => objects(value).includes(one))
  expect(objects(copy)).toHaveLength(objects(value).length)
  expect(shared).toEqual([])
})
