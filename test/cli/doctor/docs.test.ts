import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../../cli/demo/world.ts'
import { allKinds } from '../../../cli/doctor/all-kinds.ts'
import { checkmateChecks } from './checkmate.ts'
import { findingTable } from './finding-table.ts'

const file = join(projectRoot, 'docs/doctor.md')
const doc = readFileSync(file, 'utf8')

test('docs/doctor.md: has a row for every finding that there is, with its severity, and no other', async () => {
  const prose = doc.slice(0, doc.indexOf('| id | severity |'))
  // `npx vitest run test/cli/doctor/docs.test.ts -u` writes the tables anew.
  await expect(`${prose}${findingTable()}\n`).toMatchFileSnapshot(file)
})

test('docs/doctor.md: says why where it differs from checkmate', () => {
  const differing = checkmateChecks.filter(({ because }) => because !== undefined)
  const section = doc.slice(doc.indexOf('## Beside'), doc.indexOf('## Every finding'))
  expect(section.match(/^- It /gm)?.length).toBeGreaterThanOrEqual(differing.length)
})

test('every kind: is written in sentences that say what to do, and where that is from', () => {
  for (const { id, title, why, remedy, link } of allKinds) {
    expect(id).toMatch(/^[a-z\d]+(-[a-z\d]+)*$/)
    expect(title, id).toMatch(/^\S.*[^.]$/)
    expect(why, id).toMatch(/\.$/)
    expect(remedy, id).toMatch(/\.$/)
    expect(link, id).toMatch(/^https:\/\//)
  }
})
