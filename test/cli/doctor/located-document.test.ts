import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasKeyword, hideKeywords, showKeywords } from '../../../cli/doctor/tenant/keywords.ts'
import { readDocument, UnreadableDocument } from '../../../cli/doctor/tenant/located-document.ts'

const keyword = fc.stringMatching(/^[A-Z_]{1,8}$/)
const piece = fc.oneof(
  fc.string(),
  keyword.map((name) => `##${name}##`),
  keyword.map((name) => `@@${name}@@`),
)
const text = fc.array(piece).map((pieces) => pieces.join(' '))

test('hideKeywords: moves nothing, and showKeywords gives the text back', () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(hideKeywords(any)).toHaveLength(any.length)
      expect(showKeywords(hideKeywords(any))).toBe(any)
    }),
  )
})

test('hideKeywords: takes 5 MB of a bundle without a keyword in a moment', () => {
  const started = performance.now()
  hideKeywords('x'.repeat(5_000_000))
  expect(performance.now() - started).toBeLessThan(2_000)
})

/** As they are written where a file is filled in before it is YAML: bare, in quotes, in a text. */
const written: readonly (readonly [yaml: string, value: unknown])[] = [
  ['a: ##NAME##', '##NAME##'],
  ['a: @@NAME@@', '@@NAME@@'],
  ["a: '##NAME##'", '##NAME##'],
  ['a: https://##NAME##/path', 'https://##NAME##/path'],
  ['a: ##NAME##/path', '##NAME##/path'],
  ['# ##NAME## is filled in\na: 1 # and @@OTHER@@', 1],
]

for (const [yaml, value] of written) {
  test(`readDocument: reads ${JSON.stringify(yaml)} with its keywords`, () => {
    expect(readDocument('f', yaml).value).toEqual({ a: value })
    if (typeof value === 'string') expect(hasKeyword(value)).toBe(true)
  })
}

/** Names without a meaning of their own, so that paths are what they look like. */
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.string(),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('node'), { maxKeys: 4 }),
  ),
})).node

function pathsOf(value: unknown): (readonly (number | string)[])[] {
  if (typeof value !== 'object' || value === null) return [[]]
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return members.flatMap(([name, inner]) => pathsOf(inner).map((path) => [name, ...path]))
}

test('readDocument: the place of a value in JSON is where its text begins', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tree), (value) => {
      const json = JSON.stringify(value, null, 2)
      const document = readDocument('f', json)
      expect(document.value).toEqual(value)
      for (const path of pathsOf(value).filter(({ length }) => length > 0)) {
        const leaf = path.reduce<unknown>((inner, name) => (inner as never)[name], value)
        const { line = 0, column = 0 } = document.place(path)
        const rest = json
          .split('\n')
          .slice(line - 1)
          .join('\n')
          .slice(column - 1)
        expect(rest.startsWith(JSON.stringify(leaf))).toBe(true)
      }
    }),
    { numRuns: 50 },
  )
})

test('readDocument: the place of what is not there is that of what would hold it', () => {
  const document = readDocument('f', 'a:\n  - b: 1\n    c: 2\n')
  expect(document.place(['a', 0, 'nothing', 'below'])).toMatchObject({ line: 2, column: 5 })
  expect(document.place(['nothing'])).toEqual({ file: 'f', line: 1, column: 1 })
})

test('readDocument: fills in what a merge key names, as deploy-cli does', () => {
  const document = readDocument('f', 'x: &x { b: 1 }\na:\n  <<: *x\n  c: 2\n')
  expect(document.value).toEqual({ x: { b: 1 }, a: { b: 1, c: 2 } })
  expect(document.place(['a', 'b'])).toMatchObject({ line: 2 })
})

test('readDocument: knows a name that stands twice in one object, and in no two', () => {
  expect(readDocument('f', 'a:\n  b: 1\n  c: 2\n  b: 3\n').repeatedName()).toBe(4)
  expect(readDocument('f', 'a: { b: 1 }\nc: { b: 1 }\n').repeatedName()).toBeNull()
})

test('readDocument: says the line of an error and quotes nothing of the file', () => {
  const read = () => readDocument('f', 'a: 1\nsecret: "hunter2\n  b: [')
  expect(read).toThrow(UnreadableDocument)
  expect(read).toThrow(/^it does not parse \(line \d+\)$/)
})

test('readDocument: survives aliases that would fill the memory', () => {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const names = Array.from({ length: 10 }, () => (level === 0 ? '"x"' : `*a${level - 1}`))
    return `a${level}: &a${level} [${names.join(', ')}]`
  })
  expect(() => readDocument('f', levels.join('\n'))).toThrow(UnreadableDocument)
})

for (const [why, yaml] of [
  ['an alias within what it stands for', 'clients:\n  - &it { name: a, self: *it }'],
  ['lists in lists beyond the stack', `clients: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
] as const) {
  test(`readDocument: refuses ${why}, and says so`, () => {
    expect(() => readDocument('tenant.yaml', yaml)).toThrow(UnreadableDocument)
  })
}
