import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allKinds } from '../../../cli/doctor/all-kinds.ts'
import { collectOutcomes } from '../../../cli/doctor/collect-outcomes.ts'
import type { FindingKind, Outcome } from '../../../cli/doctor/finding.ts'

const today = '2026-11-21'
const kinds = allKinds.slice(0, 3)

function kindAt(index: number): FindingKind {
  const kind = kinds[index]
  if (kind === undefined) throw new Error('no kinds')
  return kind
}

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    type: fc.constant('finding' as const),
    kind: fc.constantFrom(...kinds),
    what: fc.constant('Bad.'),
    where: fc.record({ file: fc.string(), line: fc.nat() }),
  }),
  fc.record({
    type: fc.constant('not-checked' as const),
    id: fc.constantFrom('parse', 'source'),
    because: fc.constantFrom('it does not parse', 'it is minified'),
    where: fc.record({ file: fc.string() }),
  }),
)

function collected(outcomes: Iterable<Outcome>) {
  const collection = collectOutcomes(today)
  for (const one of outcomes) collection.add(one)
  return collection.result()
}

test('collectOutcomes: has everything that was added, the worst first, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 30 }), (outcomes) => {
      const { findings, notChecked, surplus } = collected(outcomes)
      expect(surplus).toEqual([])
      expect([...findings.map(({ finding }) => finding), ...notChecked]).toHaveLength(
        outcomes.length,
      )
      const places = (list: typeof findings) =>
        list.map(({ severity, finding: { kind, where } }) =>
          [severity, kind.id, where.file, where.line].join('|'),
        )
      expect(places(collected(outcomes.toReversed()).findings)).toEqual(places(findings))
      const order = findings.map(({ severity }) => ['error', 'warning', 'note'].indexOf(severity))
      expect(order).toEqual(order.toSorted())
    }),
  )
})

test('collectOutcomes: holds no more for a hundred thousand than for a few, and counts them all', () => {
  const [kind, other] = [kindAt(0), kindAt(1)]
  function* many(): Generator<Outcome> {
    for (let line = 1; line <= 100_000; line += 1) {
      yield { type: 'finding', kind, what: 'Bad.', where: { file: `${line}.js`, line } }
      const because = `${line}.js is no file`
      yield { type: 'not-checked', id: 'code', because, where: {} }
      yield { type: 'not-checked', id: 'parse', because: 'it does not parse', where: {} }
    }
    yield { type: 'finding', kind: other, what: 'Bad.', where: { file: 'last.js' } }
  }
  const { findings, notChecked, surplus } = collected(many())
  expect(findings.length).toBeLessThan(1_100)
  expect(notChecked.length).toBeLessThan(2_100)
  const sum = surplus.reduce((total, { count }) => total + count, 0)
  expect(sum + findings.length + notChecked.length).toBe(300_001)
  // A kind of which there is little is not crowded out.
  expect(findings.map(({ finding }) => finding.where.file)).toContain('last.js')
})
