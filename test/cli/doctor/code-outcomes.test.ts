import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { codeOutcomes } from '../../../cli/doctor/code-outcomes.ts'
import type { Outcome } from '../../../cli/doctor/finding.ts'
import { readYamlExport } from '../../../cli/doctor/tenant/read-yaml.ts'
import { sections } from '../../../cli/doctor/tenant/tenant-view.ts'
import { idsOf } from './check-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'doctor-code-'))
afterAll(() => rmSync(folder, { recursive: true }))

function outcomesOf(
  text: string,
  files: Readonly<Record<string, string>> = {},
): readonly Outcome[] {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const file = join(folder, 'tenant.yaml')
  writeFileSync(file, text)
  const source = readYamlExport(file)
  return sections.flatMap((section) =>
    [...(source.entries(section) ?? [])].flatMap((one) =>
      'type' in one ? [one] : [...codeOutcomes(section, one)],
    ),
  )
}

/** Reads what Auth0 hides, on its second line. */
const reads = `exports.onExecutePostLogin = async (event, api) => {
  if (event.request.body.refresh_token) return
}
`

test('codeOutcomes: the place of code in a file of its own is a line of that file', () => {
  const outcomes = outcomesOf('actions:\n  - { name: a, code: ./a.js }\n', { 'a.js': reads })
  expect(outcomes).toMatchObject([
    { kind: { id: 'event-request-properties' }, where: { line: 2, resource: 'action a' } },
  ])
  expect(outcomes[0]?.where.file).toMatch(/\/a\.js$/)
})

test('codeOutcomes: the place of code that stands in the deploy file is a line of the deploy file', () => {
  const indented = reads.replaceAll(/^/gm, '      ')
  const outcomes = outcomesOf(`actions:\n  - name: a\n    code: |\n${indented}`)
  expect(outcomes).toMatchObject([{ where: { line: 5 } }])
  expect(outcomes[0]?.where.file).toMatch(/tenant\.yaml$/)
})

test('codeOutcomes: of code in quotes, whose lines are none of the file, it says the resource', () => {
  const outcomes = outcomesOf(`actions:\n  - { name: a, code: ${JSON.stringify(reads)} }\n`)
  expect(outcomes).toMatchObject([{ where: { resource: 'action a' } }])
  expect(outcomes[0]?.where.file).toBeUndefined()
})

/** Sends a password on to where it mails a link that sets it. */
const page = `<script>
  fetch('https://example.auth0.com/dbconnections/change_password', {
    method: 'POST', body: JSON.stringify({ email: 'x', password: 'y', connection: 'c' }) })
</script>`
const script =
  'function (user, context, callback) { request("https://a.example"); callback(null, user, context); }'

const switched: readonly (readonly [what: string, file: (on: boolean) => string])[] = [
  ['a Rule', (on) => `rules: [{ name: a, script: a.js, enabled: ${on} }]`],
  ['a Hook', (on) => `hooks: [{ name: a, script: a.js, enabled: ${on} }]`],
  ['a page', (on) => `pages: [{ name: login, html: a.js, enabled: ${on} }]`],
  [
    'a page of one application',
    (on) => `clients: [{ name: a, custom_login_page: a.js, custom_login_page_on: ${on} }]`,
  ],
  [
    'a script',
    (on) =>
      `databases: [{ name: a, options: { enabledDatabaseCustomization: ${on}, customScripts: { login: a.js } } }]`,
  ],
]

for (const [what, file] of switched) {
  test(`codeOutcomes: looks at ${what} that is on, and at none that is off`, () => {
    const text = file(true)
    const content = text.startsWith('pages') || text.startsWith('clients') ? page : script
    expect(outcomesOf(text, { 'a.js': content })).not.toEqual([])
    expect(outcomesOf(file(false), { 'a.js': content })).toEqual([])
  })
}

test('codeOutcomes: an old Lock on a page that Auth0 hosts is a note, as Auth0 says', () => {
  const lock = '<script src="https://cdn.auth0.com/js/lock/10.18/lock.min.js"></script>'
  const text = 'pages: [{ name: login, html: a.html, enabled: true }]'
  expect(outcomesOf(text, { 'a.html': lock })).toMatchObject([
    { kind: { id: 'legacy-lock-api', severity: 'error' }, severity: 'note' },
  ])
})

test('codeOutcomes: holds login and get_user of a connection to each other', () => {
  const profile = (id: string) => `const user_id = ${id};
    callback(null, { user_id, email, email_verified: true });`
  const files = (other: string) => ({
    'login.js': `function login(email, password, callback) { ${profile("'a-' + email")} }`,
    'get_user.js': `function getByEmail(email, callback) { ${profile(other)} }`,
  })
  const text =
    'databases: [{ name: a, options: { customScripts: { login: login.js, get_user: get_user.js } } }]'
  expect(idsOf(outcomesOf(text, files("'b-' + email")))).toContain('user-ids-differ')
  expect(idsOf(outcomesOf(text, files("'a-' + email")))).not.toContain('user-ids-differ')
})

for (const [what, file] of [
  ['a script', 'databases: [{ name: a, options: { customScripts: { get_user: a.js } } }]'],
  ['an Action', 'actions: [{ name: a, code: a.js }]'],
  ['a Rule', 'rules: [{ name: a, script: a.js }]'],
] as const) {
  test(`codeOutcomes: ${what} of whose functions none is Auth0's to call is told, not passed over`, () => {
    const code = 'const one = async (email, callback) => {}; const two = () => {}'
    expect(outcomesOf(file, { 'a.js': code })).toMatchObject([
      {
        type: 'not-checked',
        id: 'code',
        because: 'it has no function that is known to be the one that Auth0 calls',
      },
    ])
  })
}

test('codeOutcomes: a script that nobody knows is told, not passed over', () => {
  const text = 'databases: [{ name: a, options: { customScripts: { change_phone_number: a.js } } }]'
  expect(outcomesOf(text, { 'a.js': script })).toMatchObject([
    { type: 'not-checked', id: 'code', because: 'change_phone_number is no script that is known' },
  ])
})
