import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Outcome } from '../../../cli/doctor/finding.ts'
import { hideKeywords, showKeywords } from '../../../cli/doctor/tenant/keywords.ts'
import { readDirectoryExport } from '../../../cli/doctor/tenant/read-directory.ts'
import { checkFile, checkTenant, idsOf } from './check-file.ts'
import { platformPairs } from './platform-fixtures.ts'
import { hygienePairs } from './settings-fixtures.ts'

const root = mkdtempSync(join(tmpdir(), 'doctor-directory-'))
afterAll(() => rmSync(root, { recursive: true }))

const listed: Readonly<Record<string, string>> = {
  actions: 'actions',
  clientGrants: 'grants',
  clients: 'clients',
  connections: 'connections',
  emailTemplates: 'emails',
  hooks: 'hooks',
  organizations: 'organizations',
  resourceServers: 'resource-servers',
  rules: 'rules',
}

/** The files that deploy-cli's export in folders has for a deploy file. */
function filesOf(text: string): readonly (readonly [file: string, value: unknown])[] {
  const tenant = showKeywords(parse(hideKeywords(text))) as Record<string, unknown>
  return Object.entries(tenant).flatMap(([section, value]): (readonly [string, unknown])[] => {
    const folder = listed[section]
    const list = Array.isArray(value) ? value : []
    if (folder !== undefined) return list.map((one, index) => [`${folder}/${index}.json`, one])
    if (section === 'databases') {
      return list.map((one) => [`database-connections/${one.name}/database.json`, one])
    }
    if (section === 'triggers') return [['triggers/triggers.json', value]]
    if (section === 'tenant') return [['tenant.json', value]]
    if (section === 'emailProvider') return [['emails/provider.json', value]]
    const { breachedPasswordDetection } = value as Record<string, unknown>
    return [['attack-protection/breached-password-detection.json', breachedPasswordDetection]]
  })
}

function checkDirectory(name: string, text: string): readonly Outcome[] {
  const folder = join(root, name)
  mkdirSync(folder)
  // An export has the folder of a list that is empty too.
  for (const section of Object.keys(parse(hideKeywords(text)) as object)) {
    mkdirSync(join(folder, listed[section] ?? '.'), { recursive: true })
  }
  for (const [file, value] of filesOf(text)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), JSON.stringify(value, null, 2))
  }
  return checkTenant(readDirectoryExport(folder))
}

for (const [index, { id, positive, clean }] of [...hygienePairs, ...platformPairs].entries()) {
  test(`readDirectoryExport: shows ${id} as the deploy file does (pair ${index + 1})`, () => {
    const outcomes = checkDirectory(`positive-${index}`, positive)
    expect(idsOf(outcomes)).toEqual(idsOf(checkFile(positive)))
    for (const one of outcomes) {
      if (one.type !== 'finding' || one.where.line === undefined) continue
      const lines = readFileSync(one.where.file ?? '', 'utf8').split('\n')
      expect(lines[one.where.line - 1]).toMatch(/\S/)
    }
    expect(idsOf(checkDirectory(`clean-${index}`, clean))).toEqual(idsOf(checkFile(clean)))
  })
}

test('readDirectoryExport: a file that does not parse is told, and the others are read', () => {
  const folder = join(root, 'broken')
  mkdirSync(join(folder, 'clients'), { recursive: true })
  writeFileSync(join(folder, 'clients/a.json'), '{ "name": "A", "secret": "hunter2')
  writeFileSync(join(folder, 'clients/b.json'), '{ "name": "B", "is_first_party": false }')
  writeFileSync(join(folder, 'clients/c.json'), '[]')
  const outcomes = checkTenant(readDirectoryExport(folder))
  expect(idsOf(outcomes)).toEqual(['third-party-enhanced-security'])
  const told = outcomes.filter((one) => one.type === 'not-checked' && one.id === 'clients')
  expect(told.map(({ where }) => where.file?.slice(-6)).sort()).toEqual(['a.json', 'c.json'])
  expect(JSON.stringify(told)).not.toContain('hunter2')
})

test('readDirectoryExport: reads keywords that are no JSON', () => {
  const folder = join(root, 'keywords')
  mkdirSync(join(folder, 'clients'), { recursive: true })
  writeFileSync(
    join(folder, 'clients/a.json'),
    '{ "name": "##NAME##", "callbacks": @@CALLBACKS@@, "is_first_party": false }',
  )
  expect(idsOf(checkTenant(readDirectoryExport(folder)))).toEqual(['third-party-enhanced-security'])
})

test('readDirectoryExport: what is no file, too large or closed is told, and not waited for', () => {
  const folder = join(root, 'hostile')
  mkdirSync(join(folder, 'clients'), { recursive: true })
  symlinkSync('/dev/zero', join(folder, 'clients/device.json'))
  symlinkSync('itself.json', join(folder, 'clients/itself.json'))
  mkdirSync(join(folder, 'clients/folder.json'))
  writeFileSync(join(folder, 'clients/large.json'), '')
  truncateSync(join(folder, 'clients/large.json'), 50_000_000)
  writeFileSync(join(folder, 'grants'), 'no folder')
  const outcomes = checkTenant(readDirectoryExport(folder))
  const told = outcomes.flatMap((one) => (one.type === 'not-checked' ? [one] : []))
  const ofFiles = told.filter(({ id }) => id === 'clients')
  expect(ofFiles.map(({ where, because }) => `${basename(where.file ?? '')} ${because}`)).toEqual([
    'device.json it is no file',
    'folder.json it is no file',
    'itself.json it cannot be read',
    'large.json it is over 5 MB',
  ])
  expect(told.map(({ because }) => because)).toContain(
    `${folder} has no grants that can be read (ENOTDIR)`,
  )
})
