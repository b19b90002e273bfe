import { expect, test } from 'vitest'
import { checks } from '../../../cli/doctor/checks/all-checks.ts'
import { migrations } from '../../../cli/doctor/migrations/find-migration.ts'
import { checkFile, idsOf, settings } from './check-file.ts'
import { platformPairs } from './platform-fixtures.ts'
import { hygienePairs } from './settings-fixtures.ts'

const pairs = [...hygienePairs, ...platformPairs]

for (const [index, { id, positive, clean, lineless }] of pairs.entries()) {
  test(`doctor: ${id} is found on its line (pair ${index + 1})`, () => {
    const lines = positive.split('\n').findIndex((line) => line.endsWith('#!')) + 1
    const found = checkFile(positive).filter((one) => one.type === 'finding' && one.kind.id === id)
    expect(found).toHaveLength(1)
    const [finding] = found
    if (lineless !== true) expect(finding?.where.line).toBe(lines)
    expect(finding?.where.resource).toBeTruthy()
  })

  test(`doctor: ${id} is not found where it is not (pair ${index + 1})`, () => {
    const outcomes = checkFile(clean)
    expect(idsOf(outcomes)).not.toContain(id)
    // Looked at, and clean: not passed over.
    expect(outcomes).not.toContainEqual(expect.objectContaining({ type: 'not-checked', id }))
  })
}

// No fixture: checkmate reads live tenants alone, which have no such text.
test('doctor: a Rule or a Hook whose switch is in quotes is on as it says', () => {
  const code = 'function (user, context, callback) { callback(null, user, context) }'
  const file = (on: string) =>
    `rules: [{ name: a, script: "${code}", enabled: '${on}' }]\nhooks: [{ name: a, script: "${code}", enabled: '${on}' }]`
  const found = (on: string) => checkFile(file(on)).filter(({ type }) => type === 'finding')
  expect(found('true')).toHaveLength(2)
  expect(found('false')).toEqual([])
})

test('doctor: every check of settings has its pair', () => {
  const tested = new Set(pairs.map(({ id }) => id))
  expect(checks.map(({ kind }) => kind.id).filter((id) => !tested.has(id))).toEqual([])
})

test('doctor: every migration that settings are to show has a check of settings, and no other has', () => {
  const checked = new Set(checks.map(({ kind }) => kind.id))
  for (const { id, detection } of migrations) {
    expect(detection.includes('settings'), id).toBe(checked.has(id))
  }
})

test('doctor: a file without a section is not checked for it, which is no pass', () => {
  const outcomes = checkFile('actions: []')
  const told = new Set(outcomes.flatMap((one) => (one.type === 'not-checked' ? [one.id] : [])))
  for (const { kind, reads } of checks) {
    if (reads.some((section) => section !== 'actions')) expect(told).toContain(kind.id)
  }
})

test('doctor: a Hook that is on is found, as a Rule is', () => {
  const hooks = `rules: []\nhooks:\n  - { name: check, script: '${'module.exports = () => {};'}', enabled: true }`
  expect(idsOf(checkFile(hooks))).toEqual(['rules-and-hooks'])
})

test('doctor: the default audience is worse when it is the legacy API', () => {
  const file = 'tenant: { default_audience: L }'
  const severityOf = (audience: string) =>
    checkFile(file, { audience }).flatMap((one) => (one.type === 'finding' ? [one.severity] : []))
  expect(severityOf('L')).toEqual(['error'])
  expect(severityOf('another')).toEqual([undefined])
})

test('doctor: require_client_grant is open as soon as one application has a grant for people', () => {
  const file = (type: string) => `
resourceServers:
  - name: Legacy API
    identifier: L
    scopes: [{ value: 'read:legacy_users' }]
    subject_type_authorization: { user: { policy: require_client_grant } }
clientGrants:
  - { client_id: Portal, audience: L, scope: ['read:legacy_users'], subject_type: ${type} }`
  expect(idsOf(checkFile(file('user')))).toContain('legacy-audience-open-to-people')
  expect(idsOf(checkFile(file('client')))).not.toContain('legacy-audience-open-to-people')
})

test('doctor: no API is taken for the legacy one: it asks which it is', () => {
  const file = 'resourceServers: [{ name: A, identifier: A }]\nclientGrants: []'
  const because = 'nobody said which API is the legacy one: give --audience'
  expect(checkFile(file)).toContainEqual(expect.objectContaining({ because }))
  expect(idsOf(checkFile(file, { audience: 'A' }))).toEqual(['legacy-audience-open-to-people'])
})

test('doctor: import off is an error for the connection of the kit', () => {
  const off = (name: string) =>
    `databases: [{ name: ${name}, options: { enabledDatabaseCustomization: true } }]`
  const severity = (name: string) =>
    checkFile(off(name)).flatMap((one) =>
      one.type === 'finding' && one.kind.id === 'import-mode-off' ? [one.severity] : [],
    )
  expect(severity(settings.connection ?? '')).toEqual(['error'])
  expect(severity('another')).toEqual([undefined])
})

test('doctor: a secret that is found is not repeated', () => {
  for (const { positive } of pairs)
    expect(JSON.stringify(checkFile(positive))).not.toContain('3vEryS3cret')
})

test('doctor: an organization of a live tenant names its connections by id', () => {
  const file = (id: string) => `
databases:
  - { id: con_1, name: people, options: { enabledDatabaseCustomization: true } }
organizations:
  - { name: acme, connections: [{ connection_id: ${id}, assign_membership_on_login: false }] }`
  expect(idsOf(checkFile(file('con_1')))).toContain('organization-members-locked-out')
  expect(idsOf(checkFile(file('con_2')))).not.toContain('organization-members-locked-out')
})

test('doctor: a connection has scripts where the file gives it some, unless it says that it has none', () => {
  const file = (options: string) =>
    `databases: [{ name: others, enabled_clients: [], options: ${options} }]`
  const scripts = "customScripts: { login: 'function login() {}' }"
  const found = (options: string) =>
    idsOf(checkFile(file(options))).includes('connection-without-application')
  expect(found(`{ ${scripts} }`)).toBe(true)
  expect(found(`{ ${scripts}, enabledDatabaseCustomization: false }`)).toBe(false)
  expect(found('{ customScripts: {} }')).toBe(false)
})

test('doctor: what is filled in later is neither found nor passed', () => {
  const outcomes = checkFile(`
resourceServers:
  - name: Legacy API
    identifier: ##LEGACY_API_AUDIENCE##
    scopes: [{ value: 'read:legacy_users' }]
    subject_type_authorization: { user: { policy: ##USER_POLICY## } }
clientGrants:
  - client_id: Legacy Migration Scripts
    audience: ##LEGACY_API_AUDIENCE##
    scope: @@SCOPES@@
databases:
  - name: people
    enabled_clients: @@APPLICATIONS@@
    options: { enabledDatabaseCustomization: true, import_mode: ##IMPORT## }
tenant:
  flags: { change_pwd_flow_v1: ##OLD_FLOW## }`)
  expect(idsOf(outcomes)).toEqual([])
  const told = outcomes.flatMap((one) =>
    one.type === 'not-checked' && one.because.endsWith('is filled in when it is published')
      ? [`${one.where.line} ${one.because.split(' ')[0]}`]
      : [],
  )
  expect(told.sort()).toEqual([
    '10 scope',
    '13 enabled_clients',
    '14 import_mode',
    '16 change_pwd_flow_v1',
    '6 policy',
  ])
})
