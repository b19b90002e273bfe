import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { migration } from './run-migration.ts'
import { createStatusWorld, type StatusWorld } from './status-world.ts'

let world: StatusWorld

beforeAll(async () => {
  world = await createStatusWorld()
  await world.addUsers([
    ...([['waits-1'], ['waits-2'], ['waits-3']] as const),
    ...([
      ['whole-1', 'complete'],
      ['whole-2', 'complete'],
      ['whole-3', 'complete'],
    ] as const),
    ['large-1', 'too-large'],
    ['lost-1', 'not-found'],
    ['twin-1', 'complete', { mark: 'conflict' }],
  ])
  const [connection] = await world.management.get<{ id: string }[]>('connections')
  for (const id of ['whole-1', 'twin-1', 'twin-1']) {
    const place = { connection_id: connection?.id ?? '', user_id: `auth0|legacy-users|${id}` }
    world.tenant.tenant.activity.logs.push({
      date: '2026-11-20T09:00:00.000Z',
      type: 's',
      ...place,
    })
  }
  const failed = { date: '2026-11-20T09:00:00.000Z', connection_id: connection?.id ?? '' }
  world.tenant.tenant.activity.logs.push({ ...failed, type: 'f' }, { ...failed, type: 'fp' })
}, 60_000)

afterAll(() => world.close())

function status(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return migration(['status', ...args], { env: { ...world.env, ...env } })
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'status-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('status: says what the store and the logs say', async () => {
  const { status: exit, stdout, stderr } = await status(['--json'])
  expect(stderr).not.toMatch(/error/)
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ connection: 'legacy-users', phase: null, total: 9, migrated: 6, remaining: 3 },
    ...{ complete: 4, tooLarge: 1, notFound: 1, projection: null, verification: null },
    logs: { logins: 2, conflicts: ['twin-1'], troubles: { f: 1, w: 0 } },
  })
  expect(exit).toBe(0)
})

test('status: is a table with a bar, and names nobody', async () => {
  const { status: exit, stdout } = await status([])
  expect(exit).toBe(0)
  expect(stdout).toContain('66.6 %')
  expect(stdout).toMatch(/█{26}░{14}/)
  for (const line of ['migrated   6', 'remaining  3', 'too large  1', 'conflict   1']) {
    expect(stdout).toContain(line)
  }
  expect(stdout).not.toMatch(/@|twin-1|large-1/)
})

test('status: --list gives legacy ids by cause, as lines or as lines of JSON', async () => {
  const { stdout } = await status(['--list'])
  expect(stdout).toBe('too-large\tlarge-1\nnot-found\tlost-1\nconflict\ttwin-1\n')
  const lines = (await status(['--list', '--json'])).stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { cause: 'too-large', legacyId: 'large-1' },
    { cause: 'not-found', legacyId: 'lost-1' },
    { cause: 'conflict', legacyId: 'twin-1' },
    { end: true, count: 3 },
  ])
})

test('status: --verify finds who is missing, unstamped, another or in conflict, and exits 1', async () => {
  const later = await createStatusWorld()
  onTestFinished(() => later.close())
  await later.addUsers([
    ['whole', 'complete'],
    ['told-by-import', 'complete', { mark: undefined, marked_at: undefined }],
  ])
  const agree = await migration(['status', '--verify', '50', '--json'], { env: later.env })
  expect(JSON.parse(agree.stdout)).toMatchObject({ verification: { agree: 2, missing: [] } })
  expect(agree.status).toBe(0)
  await later.addUsers([
    ['gone', 'complete', null],
    ['twin', 'complete', { mark: 'conflict' }],
    ['other', 'complete', { legacy_id: 'somebody' }],
    ['plain', 'complete'],
  ])
  const path = `users/${encodeURIComponent('auth0|legacy-users|plain')}`
  await later.management.patch(path, { app_metadata: { legacy_migration: null } })
  const { status: exit, stdout } = await migration(['status', '--verify', '50', '--json'], {
    env: later.env,
  })
  expect(JSON.parse(stdout).verification).toEqual({
    ...{ agree: 2, missing: ['gone'], unstamped: ['plain'] },
    ...{ disagree: ['other'], conflict: ['twin'] },
  })
  expect(exit).toBe(1)
}, 60_000)

test('status: never searches users, and writes nothing', async () => {
  const before = world.requests.length
  await status(['--verify', '3'])
  const asked = new Set(world.requests.slice(before))
  expect([...asked].sort()).toEqual([
    ...['GET /api/v2/clients', 'GET /api/v2/logs', 'GET /api/v2/users/{id}', 'POST /oauth/token'],
  ])
})

test('status: --html writes one page that asks nothing of anybody and names nobody', async () => {
  const file = join(folder(), 'status.html')
  expect((await status(['--html', file, '--json'])).status).toBe(0)
  const page = readFileSync(file, 'utf8')
  expect(page).toContain('66.6 %')
  expect(page).toContain("default-src 'none'")
  expect(page).not.toMatch(/<script|https?:|legacy\.example|twin-1|large-1/)
  expect((await status(['--html', file, '--json'])).status).toBe(0)
})

test('status: --html overwrites no file of somebody else, and asks nobody before it says so', async () => {
  const place = folder()
  const file = join(place, 'notes.html')
  writeFileSync(file, 'my notes')
  const { status: exit, stderr } = await status(['--html', file, '--json'], {
    LEGACY_API_URL: 'http://127.0.0.1:1',
  })
  expect(exit).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'file_not_writable' } })
  expect(readFileSync(file, 'utf8')).toBe('my notes')
  expect(readdirSync(place)).toEqual(['notes.html'])
  const nowhere = await status(['--html', join(place, 'no', 'status.html')])
  expect(nowhere.stderr).toContain('no folder')
  expect(existsSync(join(place, 'no'))).toBe(false)
})

test('status: with --no-tenant asks the legacy API alone', async () => {
  const { status: exit, stdout } = await status(['--no-tenant', '--json'], { AUTH0_DOMAIN: '' })
  expect(JSON.parse(stdout)).toMatchObject({ total: 9, logs: null, phase: null })
  expect(exit).toBe(0)
})

test('status: an operator without export:legacy_users is told so, and no secret is', async () => {
  const { client_id, client_secret } = await world.management.post<{
    client_id: string
    client_secret: string
  }>('clients', { name: 'weak', app_type: 'non_interactive', grant_types: ['client_credentials'] })
  const audience = world.env.LEGACY_API_AUDIENCE ?? ''
  await world.management.post('client-grants', {
    ...{ client_id, audience, scope: ['read:legacy_users'] },
  })
  const env = {
    LEGACY_OPERATOR_CLIENT_ID: client_id,
    LEGACY_OPERATOR_CLIENT_SECRET: client_secret,
  }
  expect((await status(['--no-tenant', '--json'], env)).status).toBe(0)
  const { status: exit, stderr } = await status(['--no-tenant', '--list', '--json'], env)
  expect(exit).toBe(1)
  expect(stderr).toContain('export:legacy_users')
  expect(stderr).not.toContain(client_secret)
})

for (const [why, args, says] of [
  ['--list and --html', ['--list', '--html', 'a.html'], '--list'],
  ['--verify of nobody', ['--verify', '0'], 'from 1 to'],
  ['--verify without a tenant', ['--verify', '5', '--no-tenant'], '--no-tenant'],
  ['--logins that are no number', ['--logins', 'many'], '--logins'],
] as const) {
  test(`status: refuses ${why}`, async () => {
    const { status: exit, stderr } = await status(args)
    expect(exit).toBe(2)
    expect(stderr).toContain(says)
  })
}
