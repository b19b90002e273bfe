import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/bcrypt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { passwordMatches } from '../../../servers/tenant/users/passwords.ts'
import type { Ended } from '../../cli/run-migration.ts'
import { type ImportTenant, startImportTenant } from './import-tenant.ts'
import { type Fate, type LegacyRow, legacyRows } from './legacy-rows.ts'

/** Of every choice that is left to chance: IMPORT_SEED=… makes the same ones again. */
const seed = Number(process.env.IMPORT_SEED ?? Date.now() % 1_000_000)
const random = mulberry32(seed)
const importRoute = '/api/v2/jobs/users-imports'

let rows: readonly LegacyRow[]
let world: ImportTenant
let source: string

beforeAll(async () => {
  console.info(`IMPORT_SEED=${seed}`)
  rows = legacyRows(10_000, await hash('the password', 10), random)
  world = await startImportTenant(rows)
  source = join(world.folder, 'users.ndjson')
  writeFileSync(source, rows.map(({ line }) => `${line}\n`).join(''))
  fillTenant()
}, 120_000)

afterAll(() => world.close())

const withFate = (...types: readonly Fate['type'][]) =>
  rows.filter(({ fate }) => types.includes(fate.type))

const auth0Id = (id: string) => `auth0|legacy-users|${id}`

/** Whoever is in Auth0 before, seen or not. */
function fillTenant(): void {
  const { activity, state } = world.running.tenant
  const put = (userId: string, email: string) => {
    const [provider = '', ...rest] = userId.split('|')
    const identity = { connection: 'legacy-users', provider, user_id: rest.join('|') }
    const created_at = '2026-02-03T04:05:06.000Z'
    const profile = {
      ...{ user_id: userId, email, email_verified: true, app_metadata: {}, user_metadata: {} },
      identities: [{ ...identity, isSocial: false }],
      ...{ created_at, updated_at: created_at },
    }
    state.users.set(userId, { profile })
  }
  for (const { id } of withFate('there')) put(auth0Id(id), `person.${id}@legacy.example`)
  for (const { id } of withFate('taken')) put(`auth0|own-${id}`, `person.${id}@legacy.example`)
  for (const { id } of withFate('hidden')) {
    const profile = { user_id: `legacy-users|${id}`, email: `person.${id}@legacy.example` }
    const key = `${world.connectionId}\n${profile.user_id}`
    activity.pendingImports.set(key, { profile, passwordHash: 'x' })
  }
}

let letterFiles = 0

function importArgs(from: string, ...more: readonly string[]): readonly string[] {
  letterFiles += 1
  const letters = join(world.folder, `dead-${letterFiles}.ndjson`)
  const state = join(world.folder, 'state.sqlite')
  const files = ['--state', state, '--dead-letters', letters]
  return ['import', from, ...files, '--settle-after', '2', '--yes', '--json', ...more]
}

const reportOf = ({ stdout }: Ended) => JSON.parse(stdout)

test('import: 10,000 users through errors, limits, lost answers and kills are all in the books', async () => {
  planTrouble()
  const kills = Array.from({ length: 5 }, () => Math.ceil(random() * 700))
  let killed = 0
  for (const killAfter of kills) {
    const { status } = await world.start(importArgs(source), killAfter).ended
    if (status === null) killed += 1
  }
  expect(killed, `seed ${seed}`).toBeGreaterThanOrEqual(3)
  let report = await importToItsEnd(source)
  for (let runs = 0; report.unfinished > 0 && runs < 5; runs += 1) {
    report = await importToItsEnd(source)
  }
  const dead = withFate('dead')
  const failed = withFate('hidden', 'taken')
  expect(report, `seed ${seed}`).toMatchObject({
    read: rows.length,
    dead: dead.length,
    failed: failed.length,
    skipped: withFate('there', 'marked').length,
    inserted: withFate('imported').length,
    updated: 0,
    unfinished: 0,
    balances: true,
  })
  expect(report.sent).toBe(report.inserted + report.updated + report.failed)
  expect(report.reasons).toEqual(countsOf(dead, { duplicated_user: failed.length }))
}, 300_000)

test('import: whoever is to be in Auth0 is there, written by one job only, with hash, name and stamp', async () => {
  const { activity, state } = world.running.tenant
  const wanted = withFate('imported', 'there').map(({ id }) => auth0Id(id))
  const own = withFate('taken').map(({ id }) => `auth0|own-${id}`)
  expect([...state.users.keys()].sort()).toEqual([...wanted, ...own].sort())
  const written = activity.profileWrites.filter(({ by }) => by === 'import')
  expect(written).toHaveLength(withFate('imported').length)
  expect(new Set(written.map(({ user_id }) => user_id)).size).toBe(written.length)
  for (const { id, mended } of withFate('imported')) {
    const user = state.users.get(auth0Id(id))
    const row = JSON.parse(mended)
    expect(user?.profile.name).toBe(row.name)
    expect(user?.profile.user_metadata).toEqual(row.user_metadata)
    expect(user?.profile.blocked ?? false).toBe(row.blocked)
    expect(user?.profile.app_metadata.legacy_migration).toMatchObject({ legacy_id: id })
  }
  const [first] = withFate('imported')
  const someone = state.users.get(auth0Id(first?.id ?? ''))
  expect(await passwordMatches('the password', someone?.passwordHash)).toBe(true)
})

test('import: a third job at a time was never asked for', () => {
  expect(world.mostJobs()).toBe(2)
  // Those that the faults below gave, and none for a third job.
  expect(world.answers.get(`POST ${importRoute} 429`) ?? 0).toBe(2)
})

test('import: whoever is in Auth0 is marked in the legacy store, and nobody else is', async () => {
  const marked = await world.database.query<{ legacy_id: string; auth0_user_id: string }>(
    'select legacy_id, auth0_user_id from legacy_users where migrated_at is not null',
  )
  const wanted = withFate('imported', 'there').map(({ id }) => id)
  expect(marked.map(({ legacy_id }) => legacy_id).sort()).toEqual(wanted.sort())
  expect(marked.every((row) => row.auth0_user_id === auth0Id(row.legacy_id))).toBe(true)
})

test('import: the state file holds no address, no hash and no name', () => {
  for (const name of readdirSync(world.folder).filter((one) => one.startsWith('state.sqlite'))) {
    const text = readFileSync(join(world.folder, name)).toString('latin1').toLowerCase()
    expect(text, name).not.toMatch(/legacy\.example|\$2b\$10/)
  }
})

test('import: a second importer is refused while the first is at work, and told who that is', async () => {
  const first = world.start(importArgs(source))
  await new Promise((resolve) => setTimeout(resolve, 100))
  const other = world.start(importArgs(source))
  const ends = await Promise.all([first.ended, other.ended])
  const refused = ends.filter(({ stderr }) => stderr.includes('state_in_use'))
  const done = ends.filter(({ stdout }) => stdout.includes('"balances":true'))
  expect([refused.length, done.length]).toEqual([1, 1])
  expect(refused[0]?.stderr).toMatch(/is in use by process \d+ on /)
}, 120_000)

test('import: dead letters are the lines as they were; mended they are imported, and repair brings the rest', async () => {
  const letters = lettersOf(letterFiles - 1).length > 0 ? letterFiles - 1 : letterFiles
  const written = lettersOf(letters)
  const lines = new Map(rows.map(({ line }, index) => [index + 1, line]))
  const refused = withFate('dead', 'hidden', 'taken')
  expect(written).toHaveLength(refused.length)
  for (const { line, original } of written) expect(original).toBe(lines.get(line))
  const mended = join(world.folder, 'mended.ndjson')
  const byLine = new Map(rows.map((row, index) => [index + 1, row]))
  const mend = (letter: Letter) => ({ ...letter, original: byLine.get(letter.line)?.mended })
  writeFileSync(mended, written.map((letter) => `${JSON.stringify(mend(letter))}\n`).join(''))
  const format = ['--format', 'dead-letters']
  const again = await importToItsEnd(mended, ...format)
  expect(again).toMatchObject({
    read: refused.length,
    inserted: withFate('dead').length,
    failed: withFate('hidden', 'taken').length,
    balances: true,
  })
  const ghosts = join(world.folder, `dead-${letterFiles}.ndjson`)
  const state = ['--state', join(world.folder, 'state.sqlite')]
  const repaired = await world.start([
    'import',
    'repair',
    ghosts,
    '--apply',
    '--yes',
    '--json',
    ...state,
  ]).ended
  expect(reportOf(repaired)).toMatchObject({
    ...{ hidden: withFate('hidden').length, repaired: withFate('hidden').length },
    address_taken: withFate('taken').length,
  })
  const last = await importToItsEnd(mended, ...format)
  expect(last).toMatchObject({ failed: withFate('taken').length, balances: true, unfinished: 0 })
  const { users } = world.running.tenant.state
  for (const { id } of withFate('dead', 'hidden')) expect(users.has(auth0Id(id)), id).toBe(true)
}, 180_000)

test('import: undo is killed half-way, and everybody is in one store at least', async () => {
  const undo = ['import', 'undo', '--state', join(world.folder, 'state.sqlite'), '--yes', '--json']
  const { users } = world.running.tenant.state
  const before = users.size
  const { status } = await world.start(undo, 300 + Math.ceil(random() * 900)).ended
  expect(status).toBe(null)
  const deleted = before - users.size
  expect(deleted).toBeGreaterThan(0)
  const marked = await world.database.query<{ legacy_id: string }>(
    'select legacy_id from legacy_users where migrated_at is not null',
  )
  const nowhere = marked.filter(({ legacy_id }) => !users.has(auth0Id(legacy_id)))
  expect(nowhere).toEqual([])
  // Who was there before, and who signed up.
  for (const { id } of withFate('there')) expect(users.has(auth0Id(id)), id).toBe(true)
  for (const { id } of withFate('taken')) expect(users.has(`auth0|own-${id}`), id).toBe(true)
}, 120_000)

/** What Auth0 does to an import on a bad day. */
function planTrouble(): void {
  const { faults, tenant } = world.running
  const post = { method: 'POST', route: importRoute } as const
  faults.add({ ...post, status: 500, skip: 1, times: 1 })
  faults.add({ ...post, cut: 'after', skip: 4, times: 1 })
  faults.add({ ...post, status: 429, skip: 6, times: 2 })
  faults.add({ ...post, cut: 'before', skip: 9, times: 1 })
  const jobs = { method: 'GET', route: '/api/v2/jobs/{id}' } as const
  faults.add({ ...jobs, status: 500, skip: 2, times: 2 })
  faults.add({ ...jobs, status: 429, skip: 7, times: 1 })
  faults.add({ ...jobs, cut: 'before', skip: 11, times: 1 })
  const errors = { method: 'GET', route: '/api/v2/jobs/{id}/errors' } as const
  faults.add({ ...errors, status: 503, skip: 1, times: 1 })
  const users = { method: 'GET', route: '/api/v2/users/{id}' } as const
  faults.add({ ...users, status: 500, skip: 200, times: 3 })
  faults.add({ ...users, status: 429, skip: 900, times: 3 })
  tenant.activity.conductJob = (job) => ({
    delay: 100 + random() * 400,
    usersPerSecond: 1_500 + random() * 3_000,
    ...(job === 5 && { stop: { after: 200, how: 'fail' as const } }),
  })
}

async function importToItsEnd(from: string, ...more: readonly string[]) {
  const ended = await world.start(importArgs(from, ...more)).ended
  expect(ended.stdout, `seed ${seed}: ${ended.stderr.slice(-500)}`).toContain('{')
  return reportOf(ended)
}

interface Letter {
  readonly line: number
  readonly original: string
}

function lettersOf(number: number): readonly Letter[] {
  try {
    const text = readFileSync(join(world.folder, `dead-${number}.ndjson`), 'utf8')
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  } catch {
    return []
  }
}

function countsOf(dead: readonly LegacyRow[], more: Readonly<Record<string, number>>) {
  const counts: Record<string, number> = { ...more }
  for (const { fate } of dead) {
    if (fate.type === 'dead') counts[fate.reason] = (counts[fate.reason] ?? 0) + 1
  }
  return counts
}

/** Numbers from 0 to 1 that look random, by Tommy Ettinger. */
function mulberry32(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
