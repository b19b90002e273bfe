import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsReadBy } from '../../../build/settings-read.ts'
import { membershipsCommand } from '../../../cli/old-tenant/memberships.ts'
import { buildFromTenant } from './bundles.ts'

const page = readFileSync('docs/from-another-tenant.md', 'utf8')

const setting = /OLD_TENANT_[A-Z]+(?:_[A-Z]+)*/g

const rows = page
  .split('\n')
  .map((line) => /^\| (\d+) \| .+ \| `(test\/[^`]+\.test\.ts)` \| (.+) \|$/.exec(line))
  .flatMap((found) => (found === null ? [] : [found.slice(1)]))
  .map(([number = '', file = '', title = '']) => ({ number: Number(number), file, title }))

/** The titles of a file’s tests, as they are written: `%s` stands for itself. */
function titlesOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8')
  const test = /(?:\btest\(|\)\()\s*(['`])((?:\\.|(?!\1).)+)\1,/g
  return [...source.matchAll(test)].map(([, , title = '']) => title)
}

test('docs/from-another-tenant.md: goes through the 24 defects of the public sample', () => {
  expect(rows.map(({ number }) => number)).toEqual(
    Array.from({ length: 24 }, (_, index) => index + 1),
  )
})

for (const { number, file, title } of rows) {
  test(`docs/from-another-tenant.md: defect ${number} has its test, which is run`, () => {
    expect(existsSync(file)).toBe(true)
    expect(titlesOf(file).filter((one) => one === title)).toEqual([title])
    expect(readFileSync(file, 'utf8')).not.toMatch(/\b(?:test|describe)\.(?:skip|todo|only)\b/)
  })
}

test('docs/from-another-tenant.md: names the settings that bundles and commands read, and no other', async () => {
  const code = [...(await buildFromTenant({})).values()]
  const isOurs = (name: string) => name.startsWith('OLD_TENANT_')
  const read = new Set(code.flatMap(settingsReadBy).filter(isOurs))
  expect(read.size).toBe(4)
  // Of the commands this one takes the most.
  const named = membershipsCommand.usage.match(setting) ?? []
  expect(new Set(page.match(setting))).toEqual(new Set([...read, ...named]))
})
