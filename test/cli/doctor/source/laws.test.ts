import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome } from '../../../../cli/doctor/finding.ts'
import { inspectCode } from '../../../../cli/doctor/source/inspect-code.ts'
import { fixtures } from './fixtures/all-fixtures.ts'
import { renamed } from './rename.ts'

const found = fixtures.flatMap(({ id, kind, found: codes }) =>
  codes.map((code) => ({ id, kind, code })),
)
const anyFound = fc.constantFrom(...found)
const place = { file: 'code.js' }

function idsOf(outcomes: readonly Outcome[]): readonly string[] {
  const ids = outcomes.map((one) => (one.type === 'finding' ? one.kind.id : one.because))
  return [...new Set(ids)].sort()
}

test('inspectCode: finds nothing in a comment, whatever is in it', () => {
  for (const { kind, code } of found) {
    const comment = `/* ${code.replaceAll('*/', '* /')} */`
    expect(inspectCode(`${comment}\nconst auth0 = 1`, place, kind), code).toEqual([])
    const lines = code.replace(/^/gm, '// ')
    expect(inspectCode(`${lines}\nconst auth0 = 1`, place, kind), code).toEqual([])
  }
})

test('inspectCode: finds nothing in a text that is only kept, but placeholders', () => {
  for (const { id, kind, code } of found) {
    if (id === 'placeholder-in-code') continue
    const kept = `const text = ${JSON.stringify(code)}; module.exports = { auth0: text }`
    expect(inspectCode(kept, place, kind), code).toEqual([])
  }
})

test('inspectCode: finds the same whatever things are called', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,6}$/), (word) => {
      for (const { id, kind, code } of found) {
        const other = renamed(code, kind, (index) => `${word}_${index}`)
        expect(idsOf(inspectCode(other, place, kind)), other).toEqual([id])
      }
    }),
    { numRuns: 3 },
  )
})

test('inspectCode: names line and column, wherever the code begins', () => {
  fc.assert(
    fc.property(anyFound, fc.integer({ min: 0, max: 40 }), ({ kind, code }, blank) => {
      const moved = inspectCode('\n'.repeat(blank) + code, place, kind)
      const expected = inspectCode(code, place, kind).map((one) => ({
        ...one,
        where: { ...one.where, line: (one.where.line ?? 0) + blank },
      }))
      expect(moved).toEqual(expected)
      const within = inspectCode(code, { ...place, line: blank + 1 }, kind)
      // Without a column, two of the same line are one.
      const lines = (found: readonly Outcome[]) => new Set(found.map(({ where }) => where.line))
      expect(lines(within)).toEqual(lines(expected))
    }),
  )
})

test('inspectCode: quotes nothing of the code that may be a secret', () => {
  for (const { code, kind } of found.filter(({ id }) => id === 'secret-in-code')) {
    const said = JSON.stringify(inspectCode(code, place, kind))
    expect(said).not.toMatch(/Zx81|hush|abcdefghij/)
  }
})

test('inspectCode: takes any text, and says so where it is no code', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
      anyFound,
      (text, { kind, code }) => {
        for (const one of [text, code.slice(0, code.length / 2) + text]) {
          for (const outcome of inspectCode(one, place, kind)) {
            if (outcome.type === 'not-checked') expect(outcome.because).toBe('it does not parse')
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

const deep: readonly [what: string, code: (depth: number) => string][] = [
  ['calls', (depth) => 'f('.repeat(depth) + ')'.repeat(depth)],
  ['blocks', (depth) => '{'.repeat(depth) + '}'.repeat(depth)],
  ['functions', (depth) => 'function f(){'.repeat(depth) + '}'.repeat(depth)],
  ['templates', (depth) => ['`${'.repeat(depth), '1', '}`'.repeat(depth)].join('')],
  ['conditions', (depth) => `${'a ? b : '.repeat(depth)}c`],
  ['arrows', (depth) => `${'x => '.repeat(depth)}1`],
  ['assignments', (depth) => `${'a = '.repeat(depth)}1`],
  ['branches', (depth) => `if (a) {}${' else if (a) {}'.repeat(depth)}`],
  ['loops', (depth) => `${'for (;;) '.repeat(depth)};`],
  ['elements', (depth) => '<a>'.repeat(depth) + '</a>'.repeat(depth)],
  ['instances', (depth) => `${'new '.repeat(depth)}A`],
  ['sums', (depth) => `fetch(a${' + a'.repeat(depth)})`],
  ['chains', (depth) => `a${'.b()'.repeat(depth)}`],
]

for (const [what, code] of deep) {
  test(`inspectCode: survives ${what} nested a hundred thousand times, and says so or has read them`, () => {
    for (const depth of [500, 3_000, 100_000]) {
      const outcomes = inspectCode(code(depth), place, 'action')
      const because = outcomes.map((one) =>
        one.type === 'not-checked' ? one.because : one.kind.id,
      )
      expect(['', 'it may be nested too deeply to parse', 'request-without-timeout']).toContain(
        because.join(),
      )
    }
  })
}

test('inspectCode: is done soon with names that lead to one another', () => {
  const names = Array.from({ length: 400 }, (_, index) => `x${index}`)
  const chain = names.map(
    (name, at) => `let ${name} = c ? x${(at + 1) % 400} : x${(at + 7) % 400};`,
  )
  const calls = names.map(
    (name) => `function f${name}(a, b) { return c ? f${name}(b, a) : fx1(a, ${name}) }`,
  )
  const code = `${chain.join('\n')}\n${calls.join('\n')}\nfetch(fx3(x1, x2))`
  const start = performance.now()
  inspectCode(code, place, 'action')
  expect(performance.now() - start).toBeLessThan(10_000)
})
