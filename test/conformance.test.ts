import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Row {
  readonly promise: string
  readonly file: string
  readonly title: string
}

/** The rows of a table of docs/conformance.md, by the heading above it. */
function rowsOf(document: string, room: string): readonly Row[] {
  const section = document.split(/^## /m).find((one) => one.startsWith(`${room}\n`)) ?? ''
  const rows = section.matchAll(/^\| (.+?) \| `([^`]+)` \| (.+?) \|$/gm)
  return [...rows].map(([, promise = '', file = '', title = '']) => ({ promise, file, title }))
}

/** The titles of a test file as they stand in its source: `…` for what is put in when it runs. */
function titlesIn(source: string): readonly string[] {
  const calls = source.matchAll(
    /^ *(?:test|withBrowser)(?:\.each\([^\n]*\)|\.runIf\(\w+\))?\(\s*(['"`])(.*?)\1,/gms,
  )
  const each = source.matchAll(/^\)\(\s*(['"`])(.*?)\1,/gms)
  return [...calls, ...each].map(([, , title = '']) => title.replace(/\$\{[^}]*\}|%s/g, '…'))
}

const document = readFileSync('docs/conformance.md', 'utf8')

describe.each([
  ['actions-testing', 'test/actions-testing', 30],
  ['servers/tenant', 'test/servers/tenant', 50],
] as const)('docs/conformance.md, %s:', (room, folder, least) => {
  const rows = rowsOf(document, room)

  test('has a row for each promise, and names none twice', () => {
    expect(rows.length).toBeGreaterThanOrEqual(least)
    const promises = rows.map(({ promise }) => promise)
    expect(new Set(promises).size).toBe(promises.length)
    // A row that is not read would be held by nothing.
    const written = document.split(/^## /m).find((one) => one.startsWith(`${room}\n`)) ?? ''
    expect(written.match(/^\| (?!---|promise)/gm)).toHaveLength(rows.length)
  })

  test.each(rows.map(({ promise, file, title }) => [promise, file, title] as const))(
    '%s',
    (_promise, file, title) => {
      const path = join(folder, file)
      expect(existsSync(path), path).toBe(true)
      expect(titlesIn(readFileSync(path, 'utf8'))).toContain(title)
    },
  )
})
