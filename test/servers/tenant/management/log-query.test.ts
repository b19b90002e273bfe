import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLogQuery } from '../../../../servers/tenant/management/log-query.ts'
import type { JsonObject } from '../../../../servers/tenant/state.ts'

interface Query {
  readonly text: string
  readonly holds: (log: JsonObject) => boolean
}

const words = ['f', 'fp', 'depnote', 's', 'api_limit', 'AND', 'fp (x) "y" *']
const log: fc.Arbitrary<JsonObject> = fc.record({
  type: fc.constantFrom(...words),
  description: fc.constantFrom(...words),
  client_id: fc.constantFrom(...words),
})

const term = fc
  .tuple(fc.constantFrom('type', 'description', 'client_id'), fc.constantFrom(...words.slice(0, 5)))
  .chain(([field, word]) =>
    fc.constantFrom<Query>(
      { text: `${field}:${word}`, holds: (one) => one[field] === word },
      { text: `${field}:"${word}"`, holds: (one) => one[field] === word },
      { text: `${field}:${word}*`, holds: (one) => String(one[field]).startsWith(word) },
      { text: word, holds: (one) => one.type === word || one.description === word },
    ),
  )

const not = ({ text, holds }: Query): Query => ({
  text: `NOT (${text})`,
  holds: (one) => !holds(one),
})
const both = ([a, b]: [Query, Query]): Query => ({
  text: `(${a.text}) AND (${b.text})`,
  holds: (one) => a.holds(one) && b.holds(one),
})
const either = ([a, b]: [Query, Query]): Query => ({
  text: `(${a.text} OR ${b.text})`,
  holds: (one) => a.holds(one) || b.holds(one),
})

const { query } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4 },
    term,
    tie('query').map(not),
    fc.tuple(tie('query'), tie('query')).map(both),
    fc.tuple(tie('query'), tie('query')).map(either),
  ),
}))

test('log query: finds what its terms and operators say', () => {
  fc.assert(
    fc.property(query, log, ({ text, holds }, one) => {
      expect(parseLogQuery(text)(one), text).toBe(holds(one))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['type:(f OR fp)', { type: 'fp' }, true],
  ['type:(f OR fp)', { type: 's' }, false],
  ['type:f AND client_id:a OR type:s', { type: 's' }, true],
  ['NOT type:f AND type:s', { type: 's' }, true],
  ['description:"Password change required"', { description: 'Password change required' }, true],
  ['description:rule', { description: 'Create a rule' }, false],
  ['description:*rule', { description: 'Create a rule' }, true],
  ['description:*oauth/ro*', { description: 'Legacy oauth/ro endpoint' }, true],
  ['user_id:auth0|1.*', { user_id: 'auth0|1.2' }, true],
  ['user_id:auth0|1.*', { user_id: 'auth0|122' }, false],
  ['type:*', { type: 's' }, true],
  ['client_id:*', { type: 's' }, false],
  ['date:[2026-11 TO 2026-12-01}', { date: '2026-11-30T23:59:59.999Z' }, true],
  ['date:[2026-11 TO 2026-12-01}', { date: '2026-12-01T00:00:00.000Z' }, false],
  ['date:[2026-11-21 TO *]', { date: '2026-11-20T23:00:00.000Z' }, false],
  ['date:{2026-11-20 TO 2026-11-21]', { date: '2026-11-20T23:00:00.000Z' }, false],
  ['date:{2026-11-20 TO 2026-11-21]', { date: '2026-11-21T23:00:00.000Z' }, true],
])('log query: %s over %j is %s', (text, one, expected) => {
  expect(parseLogQuery(text)(one)).toBe(expected)
})

test.each([
  ['type:', 'it cannot be read'],
  ['type:f type:s', 'unexpected s'],
  ['(type:f', 'not closed'],
  ['type:f)', 'unexpected )'],
  ['type:f AND', 'too soon'],
  ['AND type:f', 'unexpected AND'],
  ['password:x', 'no searchable field'],
  ['description:*sa', '3 characters'],
  ['date:[2026 TO', 'it cannot be read'],
])('log query: refuses %s', (text, why) => {
  expect(() => parseLogQuery(text)).toThrow(why)
  expect(() => parseLogQuery(text)).toThrow(/on property q/)
})
