import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectRoot } from '../../cli/demo/world.ts'
import { migration } from './run-migration.ts'

const commands = [
  ...['complete', 'demo', 'doctor', 'import', 'init', 'phase', 'plan', 'probe', 'publish', 'reset'],
  ...['rollback', 'rollout', 'status', 'undo', 'unmark'],
]

test('migration: --help lists every command, and each has a --help that says its exit statuses', async () => {
  const { status, stdout } = await migration(['--help'])
  expect(status).toBe(0)
  const listed = await migration(['--help', '--json'])
  const { commands: found } = JSON.parse(listed.stdout) as { commands: { name: string }[] }
  expect(found.map(({ name }) => name).sort()).toEqual(commands)
  for (const command of commands) {
    expect(stdout).toContain(`\n  ${command} `)
    const help = await migration([command, '--help'])
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toContain(`Usage: npx migration ${command}`)
    expect(help.stdout).toContain('Exit status')
  }
}, 60_000)

const misuses: [why: string, args: string[], code: string, says: string][] = [
  ['no command', [], 'command_line_invalid', 'Name a command'],
  ['an unknown command', ['frobnicate'], 'command_line_invalid', 'no command frobnicate'],
  ['a name that objects have', ['constructor'], 'command_line_invalid', 'no command constructor'],
  ['an unknown option', ['reset', '--frob', 'auth0|1'], 'command_line_invalid', '--frob'],
  ['probe without a tenant', ['probe', '--yes'], 'command_line_invalid', '--domain'],
  ['probe of a URL', ['probe', '--domain', 'https://a.b/'], 'setting_invalid', '--domain'],
  ['reset of nobody', ['reset'], 'command_line_invalid', 'Name a user'],
  ['unmark of nobody', ['unmark', '--yes'], 'command_line_invalid', 'Name a user'],
]

for (const [why, args, code, says] of misuses) {
  test(`migration: ends with 2 on ${why}, and says so in text and in JSON`, async () => {
    const inText = await migration(args)
    expect(inText).toMatchObject({ status: 2, stdout: '' })
    expect(inText.stderr).toContain(says)
    const inJson = await migration([...args, ...(args.length > 0 ? ['--json'] : [])])
    expect(inJson).toMatchObject({ status: 2, stdout: '' })
    if (args.length === 0) return
    const { error } = JSON.parse(inJson.stderr) as { error: { code: string; message: string } }
    expect(error.code).toBe(code)
    expect(error.message).toContain(says)
  })
}

test('migration: names every setting that is missing, an unset placeholder among them', async () => {
  const env = { AUTH0_CLIENT_ID: '##AUTH0_CLIENT_ID##', AUTH0_DOMAIN: 'a.example' }
  const reset = await migration(['reset', 'auth0|1'], { env })
  expect(reset).toMatchObject({ status: 2, stdout: '' })
  expect(reset.stderr).toContain('AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET')
  expect(reset.stderr).not.toContain('AUTH0_DOMAIN')
  const unmark = await migration(['unmark', 'auth0|1'])
  for (const name of ['LEGACY_API_URL', 'LEGACY_TOKEN_URL', 'LEGACY_OPERATOR_CLIENT_SECRET']) {
    expect(unmark.stderr).toContain(name)
  }
})

/** A folder with the command and its sources, and no Node of its own unless told. */
function copyOfCommand(): string {
  const folder = mkdtempSync(join(tmpdir(), 'migration-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(projectRoot, 'cli/migration.js'), join(folder, 'cli/migration.js'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

/** Runs the file as an old Node would, by what it calls itself. */
function runAsNode20(folder: string) {
  const pretend =
    'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.19.0" })'
  const args = ['--import', pretend, join(folder, 'cli/migration.js'), '--help']
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}

test('migration: on an old Node runs on the one that npm brought', () => {
  const { status, stdout } = runAsNode20(projectRoot)
  expect({ status, first: stdout.split('\n')[0] }).toEqual({
    status: 0,
    first: 'Usage: npx migration COMMAND [OPTION…]',
  })
})

test('migration: on an old Node without another ends with 2, and says what to do', () => {
  const { status, stderr, stdout } = runAsNode20(copyOfCommand())
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('npm ci')
})

test('migration: is what npx runs', () => {
  const output = execFileSync('npx', ['--offline', 'migration', '--help'], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
  expect(output).toContain('Usage: npx migration COMMAND')
})
