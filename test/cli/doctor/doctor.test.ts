import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../../cli/demo/world.ts'
import { allKinds } from '../../../cli/doctor/all-kinds.ts'
import { migrations } from '../../../cli/doctor/migrations/find-migration.ts'
import { migration } from '../run-migration.ts'
import { foundBy, foundIds, runDoctor } from './run-doctor.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-command-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('doctor: finds nothing in the kit’s own tenant.yaml, with what it builds', async () => {
  // A copy: somebody may build while this runs.
  const copy = join(folder, 'kit')
  for (const name of ['tenant.yaml', 'migration.config.ts', 'dist']) {
    cpSync(join(projectRoot, name), join(copy, name), { recursive: true })
  }
  const result = await runDoctor([], { cwd: copy })
  expect(foundBy(result).findings).toEqual([])
  expect(result.exitStatus).toBe(0)
  // Nor are its codes or bundles among what could not be looked at.
  const told = foundBy(result).notChecked.map(({ id }) => id)
  for (const id of ['action-differs-from-dist', 'script-differs-from-dist', 'code', 'parse']) {
    expect(told).not.toContain(id)
  }
})

test('doctor: refuses a file with a name twice in one object, which deploy-cli refuses too', async () => {
  const file = fileOf('twice.yaml', 'tenant:\n  flags: {}\ntenant:\n  default_audience: a\n')
  await expect(runDoctor([file])).rejects.toThrow(/an object has a name twice \(line 3\)/)
})

const rule =
  'rules:\n  - { name: guard, script: "function (a, b, c) { c(null, a, b); }", enabled: true }\nhooks: []\n'

test('doctor: Rules were a warning until the day, and are an error since', async () => {
  const file = fileOf('rules.yaml', rule)
  const before = await runDoctor([file], { today: '2026-11-17' })
  const after = await runDoctor([file], { today: '2026-11-18' })
  expect(foundBy(before).findings).toMatchObject([{ severity: 'warning', daysLeft: 1 }])
  expect(foundBy(after).findings).toMatchObject([{ severity: 'error', daysLeft: 0 }])
  expect([before.exitStatus, after.exitStatus]).toEqual([0, 1])
})

test('doctor: --fail-on says from where on it fails', async () => {
  const file = fileOf('note.yaml', 'clients: [{ name: Partner, is_first_party: false }]')
  const statuses = []
  for (const word of ['error', 'warning', 'note', 'never']) {
    statuses.push((await runDoctor([file, '--fail-on', word])).exitStatus)
  }
  expect(statuses).toEqual([0, 0, 1, 0])
})

test('doctor: reads several exports, sources and users at once, and says so', async () => {
  const source = join(folder, 'src')
  mkdirSync(source, { recursive: true })
  writeFileSync(
    join(source, 'client.js'),
    "fetch('https://example.auth0.com/tokeninfo', { method: 'POST' })\n",
  )
  const users = fileOf(
    'users.ndjson',
    `${JSON.stringify({ email: 'a@b.example', app_metadata: { x: 'x'.repeat(11_000) } })}\n`,
  )
  const args = [
    fileOf('rules.yaml', rule),
    fileOf('note.yaml', 'clients: [{ name: P, is_first_party: false }]'),
  ]
  const result = await runDoctor([...args, '--source', source, '--users', users])
  expect(foundIds(result)).toEqual([
    'rules-and-hooks',
    'third-party-enhanced-security',
    'tokeninfo-validation',
    'uncapped-user-profiles',
  ])
  expect(result.steps.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['scanned', 'measured']),
  )
  expect(result.text).not.toContain('a@b.example')
})

test('doctor: a broken placeholder, bundle or script is told, and the rest is checked', async () => {
  const file = fileOf(
    'broken.yaml',
    'actions:\n  - { name: a, code: nowhere.js, runtime: node16 }\n  - { name: b, code: "exports.(;", runtime: node22 }\n',
  )
  const result = await runDoctor([file])
  expect(foundIds(result)).toEqual(['node-12-and-16'])
  expect(foundBy(result).notChecked.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['code', 'parse']),
  )
})

const misuse: readonly (readonly [why: string, args: readonly string[], message: RegExp])[] = [
  ['a file that is not there', ['nowhere.yaml'], /There is no nowhere\.yaml\./],
  ['a source that is a file', ['--source', 'package.json'], /package\.json is no folder\./],
  ['another severity', ['--fail-on', 'bad'], /--fail-on: error, warning, note, never, not bad\./],
  ['two outputs', ['--json', '--sarif'], /give one of them/],
  ['an unknown option', ['--deep'], /Unknown option '--deep'/],
  ['an unknown name', ['--explain', 'nothing'], /There is no nothing\. There are: /],
  ['an unknown policy', ['--legacy-password-policy', 'x'], /--legacy-password-policy: none, low/],
  ['what is no deploy file', ['package.json'], /package\.json: it is no deploy file/],
]

for (const [why, args, message] of misuse) {
  test(`doctor: refuses ${why}`, async () => {
    await expect(runDoctor(args, { cwd: projectRoot })).rejects.toMatchObject({
      code: 'command_line_invalid',
      exitStatus: 2,
      message: expect.stringMatching(message),
    })
  })
}

test('doctor: an export of users that cannot be read is named', async () => {
  const file = fileOf('broken.json.gz', 'no gzip')
  await expect(runDoctor(['--users', file])).rejects.toMatchObject({
    code: 'command_line_invalid',
    message: expect.stringMatching(/broken\.json\.gz: it cannot be read \(Z_DATA_ERROR\)\./),
  })
})

test('doctor: code that is no file is told, and not waited for', async () => {
  const file = fileOf('device.yaml', 'actions:\n  - { name: a, code: /dev/zero }\n')
  const { notChecked } = foundBy(await runDoctor([file]))
  expect(notChecked).toContainEqual(expect.objectContaining({ because: '/dev/zero is no file' }))
})

test('doctor: a YAML that would not fit is refused, with what to do', async () => {
  const file = fileOf('large.yaml', 'clients: []\n')
  truncateSync(file, 25_000_000)
  await expect(runDoctor([file])).rejects.toMatchObject({
    code: 'command_line_invalid',
    message: expect.stringMatching(
      /large\.yaml: it is over 20 MB: export it in the format directory/,
    ),
  })
  await expect(runDoctor(['/dev/zero'])).rejects.toThrow('/dev/zero: it is no file.')
})

test('doctor: --live without its settings says which', async () => {
  await expect(runDoctor(['--live'])).rejects.toMatchObject({
    code: 'setting_missing',
    message: 'Set in the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET.',
  })
})

test('doctor: --explain prints every migration and every kind in full', async () => {
  for (const { id, title, why, link } of [...allKinds, ...migrations]) {
    const { text } = await runDoctor(['--explain', id])
    const plain = text.replaceAll(/\s+/g, ' ')
    for (const part of [title, why, link]) expect(plain).toContain(part)
  }
})

test('doctor: --explain of a migration tells dates, those before them, and how Auth0 goes about it', async () => {
  const { text } = await runDoctor(['--explain', 'vulnerable-password-flow'])
  const plain = text.replaceAll(/\s+/g, ' ')
  for (const part of [
    'error (Auth0 said: Medium)',
    'since 2016-03-22',
    'until 2017-02-01, 3,580 days ago',
    'superseded TBD: mandatory opt-in',
    'not affected Tenants where change_pwd_flow_v1 is off or absent.',
    '30 or 90 days',
    'told by e-mail and in the Dashboard',
  ]) {
    expect(plain).toContain(part)
  }
})

test('doctor: runs as a command, with JSON alone on standard output', async () => {
  const file = fileOf('rules.yaml', rule)
  const { status, stdout, stderr } = await migration(['doctor', file, '--json'])
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ counts: { error: 1 }, failOn: 'error' })
  expect(stderr).not.toContain('Error')
})

test('doctor: --sarif prints SARIF and the same exit status', async () => {
  const { status, stdout } = await migration(['doctor', fileOf('rules.yaml', rule), '--sarif'])
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    version: '2.1.0',
    runs: [{ results: [{ level: 'error' }] }],
  })
})
