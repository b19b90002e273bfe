import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('docs/hygiene.md', 'utf8')

const rows = page
  .split('\n')
  .map((line) => /^\| (.+) \| `(test\/[^`]+\.test\.ts)` \| (.+) \|$/.exec(line))
  .flatMap((found) => (found === null ? [] : [found.slice(1)]))
  .map(([what = '', file = '', title = '']) => ({ what, file, title }))

/** The titles of a file’s tests, as they are written: `${why}` stands for itself. */
function titlesOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8')
  const test = /(?:\btest(?:\.\w+)*\(|\)\()\s*(['`"])((?:\\.|(?!\1).)+)\1/g
  return [...source.matchAll(test)].map(([, , title = '']) => title)
}

test('docs/hygiene.md: has every promise of the path of a login', () => {
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
  expect(sections).toEqual([
    ...['Token', 'Time', 'Outage', 'Repetition', 'State', 'Adoption', 'Kill switch', 'Identity'],
    ...['What leaves', 'Laws'],
  ])
  const tables = page.split('\n').filter((line) => line.startsWith('| '))
  expect(rows).toHaveLength(tables.length - sections.length)
})

for (const { file, title } of rows) {
  test(`docs/hygiene.md: ${file} has one test of these words, which is run: ${title}`, () => {
    expect(existsSync(file)).toBe(true)
    expect(titlesOf(file).filter((one) => one.includes(title))).toHaveLength(1)
    expect(readFileSync(file, 'utf8')).not.toMatch(/\b(?:test|describe)\.(?:skip|todo|only)\b/)
  })
}

test('docs/hygiene.md: leaves out no file of the tests beside it', () => {
  const named = new Set(rows.map(({ file }) => file))
  const files = readdirSync('test/runtimes').filter((file) => file.endsWith('.test.ts'))
  const missing = files.filter((file) => !named.has(`test/runtimes/${file}`))
  // What the Actions do when nothing goes wrong, and this.
  expect(missing).toEqual(['action.test.ts', 'hygiene.test.ts'])
})
