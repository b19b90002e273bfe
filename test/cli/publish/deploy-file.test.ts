import { createRequire } from 'node:module'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { buildProject } from '../../../build/build.ts'
import { checkMigrationConfig } from '../../../build/migration-config.ts'
import type { Actual } from '../../../cli/publish/actual.ts'
import type { Change } from '../../../cli/publish/changes.ts'
import { deployFileOf } from '../../../cli/publish/deploy-file.ts'
import { desiredOf } from '../../../cli/publish/desired.ts'
import { keywordsIn } from '../../../cli/publish/keywords.ts'
import { planChanges } from '../../../cli/publish/plan-changes.ts'
import { loadProject, type Project } from '../../../cli/publish/project.ts'
import { withoutValues } from '../../../cli/publish/run-deploy-cli.ts'
import { readAllSettings } from '../../../cli/publish/settings.ts'
import { copyProject } from '../../mutations/project-copy.ts'
import { settings as given } from './publishing.ts'

/** deploy-cli's own. */
const { keywordReplace } = createRequire(import.meta.url)('auth0-deploy-cli/lib/tools/utils') as {
  keywordReplace(text: string, mappings: object): string
}

const copy = copyProject()
let project: Project

beforeAll(async () => {
  await buildProject(copy.root)
  project = await loadProject(copy.root)
})

afterAll(() => copy.remove())

const emptyTenant: Actual = {
  allClients: [],
  clients: new Map(),
  actions: new Map(),
  bindings: new Map(),
  databases: new Map(),
  resourceServers: new Map(),
  clientGrants: [],
}

function fileFor(values: Readonly<Record<string, string>>, pick = (_: Change) => true) {
  const settings = { ...settingsOfProject(), ...values }
  const desired = desiredOf(project, settings)
  const planned = { desired, actual: emptyTenant, phase: 'lazy', record: null } as const
  const changes = planChanges({ ...planned, place: undefined, key: null }).filter(pick)
  return deployFileOf({ project, settings, desired, actual: emptyTenant, changes })
}

function settingsOfProject() {
  const client = (id: string) => ({ id, secret: `secret of ${id}`, metadata: {}, shown: {} })
  const clients = { actions: client('id-of-actions'), scripts: client('id-of-scripts') }
  return readAllSettings(project, { env: given, domain: 'd.example', clients, phase: 'lazy' })
    .settings
}

test('deployFileOf: deploy-cli reads every secret as it was given, whatever characters are in it', () => {
  const secret = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((text) => keywordsIn(text).length === 0)
  fc.assert(
    fc.property(secret, secret, (url, key) => {
      const values = { LEGACY_API_URL: url, LEGACY_SCRIPTS_CLIENT_SECRET: key }
      const { text, keywords } = fileFor(values)
      const read = parse(keywordReplace(text, keywords))
      const action = read.actions.find(({ name }: { name: string }) => name === 'mark-migrated')
      expect(action.secrets[0]).toEqual({ name: 'LEGACY_API_URL', value: url })
      expect(read.databases[0].options.configuration.LEGACY_SCRIPTS_CLIENT_SECRET).toBe(key)
    }),
    { numRuns: 60 },
  )
})

test('deployFileOf: no value of a setting is in the file, and no placeholder but its own', () => {
  const { text, keywords, files } = fileFor({})
  for (const [name, value] of Object.entries(settingsOfProject())) {
    if (name !== 'MIGRATION_PHASE') expect(text, name).not.toContain(value)
  }
  expect(keywordsIn(text).every((name) => name in keywords)).toBe(true)
  expect(Object.keys(files).sort()).toEqual([
    'actions/backfill-metadata.js',
    'actions/copy-metadata.js',
    'actions/mark-migrated.js',
    'actions/protect-legacy-audience.js',
    'databases/legacy-users/get_user.js',
    'databases/legacy-users/login.js',
  ])
})

test('deployFileOf: holds what changes and nothing else, and never bindings or enabled applications', () => {
  const { text, types } = fileFor(
    {},
    ({ kind, name }) => kind === 'action' && name === 'copy-metadata',
  )
  expect(types).toEqual(['actions'])
  expect(parse(text).actions).toMatchObject([{ name: 'copy-metadata', deployed: true }])
  const whole = parse(fileFor({}).text)
  expect(whole.triggers).toBeUndefined()
  expect(whole.databases[0].enabled_clients).toBeUndefined()
  expect(fileFor({}, () => false).types).toEqual([])
})

test('deployFileOf: refuses a setting that is a placeholder itself', () => {
  expect(() => fileFor({ LEGACY_API_URL: '##OTHER##' })).toThrow(/Placeholders are left: OTHER/)
})

test('migration.config.ts: takes a place for bindings, and names what is wrong with one', () => {
  const config = { connection: 'a', idPrefix: '', backfill: { since: '2026-11-21' }, claims: [] }
  for (const bindings of ['first', 'last', { before: 'require-mfa' }]) {
    expect(checkMigrationConfig({ ...config, bindings })).toHaveProperty('config')
  }
  for (const bindings of ['middle', { after: 'require-mfa' }, { before: '' }]) {
    expect(checkMigrationConfig({ ...config, bindings })).toMatchObject({
      problems: [{ subject: expect.stringContaining('bindings') }],
    })
  }
  for (const code of project.bundles.values()) expect(code).not.toContain('"bindings"')
})

test('withoutValues: leaves nothing of a secret in what deploy-cli printed, as it is or as JSON', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 4 }), { minLength: 1 }),
      fc.string({ unit: fc.constantFrom('a', ' ', '{', '"') }),
      (secrets, around) => {
        const printed = secrets.flatMap((one) => [one, JSON.stringify({ value: one })])
        const safe = withoutValues(printed.join(around), secrets)
        for (const one of secrets) {
          expect(safe).not.toContain(one)
          expect(safe).not.toContain(JSON.stringify(one).slice(1, -1))
        }
      },
    ),
  )
  expect(withoutValues('key abcdef of abc', ['abcd', 'abcdef'])).toBe('key … of abc')
})
