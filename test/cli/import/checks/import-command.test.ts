import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CommandContext } from '../../../../cli/command.ts'
import { importCommand } from '../../../../cli/import.ts'
import { connectionName, contextOf, createImportWorld, type ImportWorld } from '../import-world.ts'
import { bcryptHash, legacyRow } from './rows.ts'

let world: ImportWorld
let files = 0

beforeAll(async () => {
  world = await createImportWorld()
})

afterAll(() => world.close())

const rows = [
  legacyRow({ legacy_id: '1', email: 'one@legacy.example' }),
  legacyRow({ legacy_id: '2', email: 'two@legacy.example' }),
  legacyRow({ legacy_id: '3', email: 'TWO@legacy.example' }),
  legacyRow({ legacy_id: '4', email: 'four@legacy.example', password_hash: 'plain text' }),
  legacyRow({ legacy_id: '5', email: 'five@legacy.example', migrated_at: '2026-01-01T00:00:00Z' }),
]

/** Runs the command on a file of rows, with a state and dead letters of its own. */
async function run(
  options: readonly string[],
  answer?: string,
  content: readonly object[] = rows,
  more: Partial<CommandContext> = {},
) {
  files += 1
  const at = (name: string) => join(world.folder, `${files}-${name}`)
  await writeFile(at('users.ndjson'), content.map((row) => JSON.stringify(row)).join('\n'))
  const args = [
    at('users.ndjson'),
    ...['--state', at('state.sqlite'), '--dead-letters', at('dead.ndjson'), '--no-marks'],
    ...options,
  ]
  const result = importCommand.run(args, { ...contextOf(world.env, answer ?? null), ...more })
  return { result, letters: at('dead.ndjson') }
}

async function enable(clientIds: readonly string[], status: boolean): Promise<void> {
  const path = `connections/${world.connectionId}/clients`
  const changes = clientIds.map((client_id) => ({ client_id, status }))
  expect((await world.auth0.manage('PATCH', path, changes)).status).toBe(204)
}

async function madeClient(name: string, metadata: Readonly<Record<string, string>> = {}) {
  const made = { name, app_type: 'non_interactive', client_metadata: metadata }
  const { body } = await world.auth0.manage('POST', 'clients', made)
  return (body as { readonly client_id: string }).client_id
}

test('import: a dry run checks and packs everything, and sends nothing', async () => {
  const application = await madeClient('An application')
  await enable([application], true)
  const asked = world.requests.length
  const { result, letters } = await run(['--dry-run', '--while-lazy'])
  const { exitStatus, found, text } = await result
  expect(exitStatus).toBe(1)
  expect(found).toMatchObject({
    ...{ dry_run: true, read: 5, users: 1, migrated: 1, dead: 3, jobs: 1, dead_letters: letters },
    reasons: { duplicate_email: 2, password_hash_invalid: 1 },
  })
  expect(text).toContain('Dry run: nothing was sent.')
  const changing = world.requests.slice(asked).filter(({ method }) => method !== 'GET')
  expect(changing.map(({ method, route }) => `${method} ${route}`)).toEqual(['POST /oauth/token'])
  const lines = (await readFile(letters, 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(JSON.parse(line).original).legacy_id)).toEqual([
    '4',
    '2',
    '3',
  ])
  expect((await stat(letters)).mode & 0o777).toBe(0o600)
})

test('import: sends who is well, says who is not, and the books balance', async () => {
  const { result } = await run(['--while-lazy', '--yes'])
  const { exitStatus, found } = await result
  expect(found).toMatchObject({
    ...{ read: 5, sent: 1, inserted: 1, updated: 0, failed: 0, skipped: 1, dead: 3, unfinished: 0 },
    balances: true,
  })
  expect(exitStatus).toBe(1)
  const shown = await world.auth0.manage(
    'GET',
    `users/${encodeURIComponent('auth0|legacy-users|1')}`,
  )
  expect(shown.body).toMatchObject({
    email: 'one@legacy.example',
    app_metadata: { plan: 'gold', legacy_migration: { legacy_id: '1', backfill: 'arrived' } },
  })
})

test('import: the same file with other options is another source, and its books balance too', async () => {
  const path = join(world.folder, 'two-ways.ndjson')
  const hashless = legacyRow({ legacy_id: '52', email: '52@x.example', password_hash: undefined })
  const whole = legacyRow({ legacy_id: '51', email: '51@x.example' })
  await writeFile(path, `${JSON.stringify(whole)}\n${JSON.stringify(hashless)}`)
  const again = async (name: string, ...options: readonly string[]) => {
    const files = ['--state', `${path}.sqlite`, '--dead-letters', `${path}.${name}`]
    const args = [path, ...files, '--no-marks', '--while-lazy', '--yes', ...options]
    return (await world.command(importCommand, args)).found
  }
  expect(await again('first', '--without-passwords')).toMatchObject({ sent: 2, balances: true })
  const strict = { read: 2, sent: 0, skipped: 1, dead: 1, balances: true }
  expect(await again('second')).toMatchObject(strict)
  expect(await again('third', '--without-passwords')).toMatchObject({ sent: 2, balances: true })
})

test('import: asks before it sends, and takes no other word than import', async () => {
  let asked = ''
  const ask = async (question: string) => {
    asked = question
    return 'yes'
  }
  const { result } = await run(['--while-lazy'], undefined, rows, { ask })
  await expect(result).rejects.toMatchObject({ code: 'not_confirmed' })
  // Those among them who share an address.
  expect(asked).toContain('Sends up to 1 user into ')
  expect(asked).toContain('; 3 rows to the dead letters.')
})

test('import: of standard input it says at once, and not at the end, that nobody can be asked', async () => {
  const asked = world.requests.length
  const refused = world.command(importCommand, ['-', '--while-lazy'])
  await expect(refused).rejects.toMatchObject({
    code: 'command_line_invalid',
    message: expect.stringContaining('- goes with --yes'),
  })
  expect(world.requests).toHaveLength(asked)
})

test('import: never writes over dead letters that are there', async () => {
  const { result, letters } = await run(['--dry-run', '--while-lazy'])
  await result
  const before = await readFile(letters, 'utf8')
  const again = importCommand.run(
    [letters, '--format', 'dead-letters'].concat([
      '--dry-run',
      '--while-lazy',
      '--dead-letters',
      letters,
      '--state',
      `${letters}.sqlite`,
    ]),
    {
      ...{ env: {}, cwd: process.cwd(), signal: new AbortController().signal },
      ...{ say: () => undefined, print: async () => undefined, ask: async () => null },
      ...{ readInput: async () => '', progress: { report: () => undefined, end: () => undefined } },
    },
  )
  await expect(again).rejects.toMatchObject({ code: 'setting_invalid' })
  expect(await readFile(letters, 'utf8')).toBe(before)
})

test('import: an upsert is refused where nobody says what becomes of metadata', async () => {
  const { result } = await run(['--while-lazy', '--on-existing', 'upsert', '--yes'])
  await expect(result).rejects.toMatchObject({
    code: 'command_line_invalid',
    message: expect.stringContaining('--metadata merge'),
  })
})

test('import: an upsert that merges keeps what Auth0 has, and fills what it lacks', async () => {
  const one = legacyRow({ legacy_id: '21', email: 'twenty-one@legacy.example' })
  await (await run(['--while-lazy', '--yes'], undefined, [one])).result
  const user = `users/${encodeURIComponent('auth0|legacy-users|21')}`
  await world.auth0.manage('PATCH', user, { app_metadata: { plan: 'platinum' } })
  const later = { ...one, app_metadata: { plan: 'free', since: 2019 } }
  const upsert = ['--while-lazy', '--yes', '--on-existing', 'upsert', '--metadata', 'merge']
  // Auth0 finds users by address some time after they were made.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const { found } = await (await run(upsert, undefined, [later])).result
  expect(found).toMatchObject({ read: 1, updated: 1, balances: true })
  const { body } = await world.auth0.manage('GET', user)
  expect(body).toMatchObject({ app_metadata: { plan: 'platinum', since: 2019 } })
})

test('import: refuses while the phase is lazy, by the record on the tenant before the environment', async () => {
  const { result } = await run(['--yes'])
  await expect(result).rejects.toMatchObject({ code: 'import_while_lazy', exitStatus: 1 })
  const since = '2026-11-21T12:00:00.000Z'
  const metadata = { migration_phase: 'complete', migration_phase_since: since }
  const id = await madeClient('Legacy Migration Actions', metadata)
  const thirty = legacyRow({
    legacy_id: '30',
    email: 'thirty@legacy.example',
    password_hash: bcryptHash,
  })
  const { found } = await (await run(['--yes'], undefined, [thirty])).result
  expect(found).toMatchObject({ inserted: 1 })
  await world.auth0.manage('DELETE', `clients/${id}`)
})

test('import: refuses a connection that is enabled for nobody, or has nowhere to put users', async () => {
  const { body } = await world.auth0.manage('GET', `connections/${world.connectionId}/clients`)
  const ids = (body as { clients: { client_id: string }[] }).clients.map((one) => one.client_id)
  await enable(ids, false)
  const lazy = ['--while-lazy', '--dry-run']
  await expect((await run(lazy)).result).rejects.toMatchObject({
    code: 'connection_unfit',
    message: `The connection ${connectionName} is enabled for no application: enable it for one.`,
  })
  await enable(ids, true)
  const path = `connections/${world.connectionId}`
  const shown = await world.auth0.manage('GET', path)
  const { options } = shown.body as { readonly options: object }
  const scripts = { login: 'function login() {}' }
  const custom = { ...options, enabledDatabaseCustomization: true, customScripts: scripts }
  await world.auth0.manage('PATCH', path, { options: { ...custom, import_mode: false } })
  await expect((await run(lazy)).result).rejects.toMatchObject({ code: 'connection_unfit' })
  await world.auth0.manage('PATCH', path, { options })
})

/** Does something while the tenant grants all scopes but one. */
async function without(scope: string, what: () => Promise<void>): Promise<void> {
  const { clientGrants } = world.running.tenant.state
  const own = [...clientGrants].find(([, { client_id }]) => client_id === world.env.AUTH0_CLIENT_ID)
  const [id, grant] = own ?? expect.fail()
  clientGrants.set(id, { ...grant, scope: grant.scope.filter((one) => one !== scope) })
  try {
    await what()
  } finally {
    clientGrants.set(id, grant)
  }
}

test.each(['create:users', 'read:users', 'read:connections', 'read:clients'])(
  'import: without the scope %s not one row is read',
  async (scope) => {
    await without(scope, async () => {
      await expect((await run(['--while-lazy', '--yes'])).result).rejects.toMatchObject({
        code: 'scope_missing',
        message: `An import takes ${scope}: grant it to the application of AUTH0_CLIENT_ID.`,
      })
    })
  },
)

test('import: while the phase is lazy, it says what an import without hashes ends', async () => {
  const said: string[] = []
  const say = (line: string) => said.push(line)
  const options = ['--while-lazy', '--dry-run']
  await (await run(options, undefined, rows, { say })).result
  expect(said).toEqual([])
  await (await run([...options, '--without-passwords'], undefined, rows, { say })).result
  expect(said).toEqual([expect.stringContaining('their old password ends')])
})

test('import: dead letters that cannot be written are found before anything is read or asked', async () => {
  const asked = world.requests.length
  const there = join(world.folder, 'there.ndjson')
  await writeFile(there, '')
  for (const path of [there, join(world.folder, 'no folder', 'dead.ndjson')]) {
    const { result } = await run(['--while-lazy', '--yes', '--dead-letters', path], undefined, [
      legacyRow({ legacy_id: '40', email: 'forty@legacy.example' }),
    ])
    await expect(result).rejects.toMatchObject({
      code: 'setting_invalid',
      message: expect.stringContaining('name another one with --dead-letters'),
    })
  }
  expect(world.requests).toHaveLength(asked)
})

test.each(['"', '\n', ';;'])('import: %j is no delimiter of CSV', async (delimiter) => {
  const { result } = await run(['--csv-delimiter', delimiter, '--dry-run', '--while-lazy'])
  await expect(result).rejects.toMatchObject({ code: 'command_line_invalid', exitStatus: 2 })
})

test('import: a Ctrl-C while jobs are at work says that they go on, and that the same command does', async () => {
  const { activity } = world.running.tenant
  const { conductJob } = activity
  activity.conductJob = () => ({ delay: 60_000, usersPerSecond: 1 })
  const interruption = new AbortController()
  const progress = {
    report: ({ what }: { readonly what: string }) => {
      if (what === 'imported') setTimeout(() => interruption.abort(), 300)
    },
    end: () => undefined,
  }
  const more = { signal: interruption.signal, progress }
  const fifty = legacyRow({ legacy_id: '50', email: 'fifty@legacy.example' })
  const { result } = await run(['--while-lazy', '--yes'], undefined, [fifty], more)
  await expect(result).rejects.toMatchObject({
    code: 'interrupted',
    message:
      'Interrupted. Jobs that Auth0 has go on there: the same command brings the import to its end.',
  })
  if (conductJob !== undefined) activity.conductJob = conductJob
})
