import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { runJobs } from '../../../../cli/import/jobs/run-jobs.ts'
import { markImported } from '../../../../cli/import/marks/mark-imported.ts'
import { openImportState } from '../../../../cli/import/state/import-state.ts'
import { undoImport } from '../../../../cli/import/undo/undo-import.ts'
import { undoCommand } from '../../../../cli/import/undo.ts'
import { type Database, openDatabase } from '../../../../servers/legacy-api/database.ts'
import { connectionName, fileOf, filesOf, pack } from '../import-world.ts'
import { createLegacyWorld, type LegacyWorld } from '../legacy-world.ts'

let database: Database
let world: LegacyWorld

beforeAll(async () => {
  database = await openDatabase({})
})

afterAll(() => database.close())

beforeEach(async () => {
  world = await createLegacyWorld(database, 12)
  // In Auth0 before: what an import finds there is not its own.
  await world.auth0.manage('POST', 'users', {
    ...{ connection: connectionName, email: 'user-1@legacy.example', password: 'a Pass-word 1' },
    user_id: 'legacy|1',
  })
  const state = world.open()
  const run = world.run(state)
  await runJobs(run, pack(state, filesOf(2, 6)))
  const { operator } = world
  await markImported({ ...run, operator, connection: connectionName })
  state.close()
})

afterEach(() => world.close())

const users = () => [...world.running.tenant.state.users.keys()].sort()

function logIn(userId: string) {
  const known = world.running.tenant.state.users
  const user = known.get(userId)
  if (user === undefined) throw new Error('nobody to log in')
  const profile = { ...user.profile, logins_count: 1, last_login: new Date().toISOString() }
  known.set(userId, { ...user, profile })
}

test('undo: deletes whom the import has created and takes their marks back; who was there stays', async () => {
  expect(users()).toHaveLength(12)
  const args = ['--state', statePath(), '--yes']
  const { exitStatus, found } = await world.command(undoCommand, args)
  expect(found).toEqual({ users: 11, deleted: 11, gone: 0, loggedIn: 0, existed: 0, failed: 0 })
  expect(exitStatus).toBe(0)
  expect(users()).toEqual(['auth0|legacy|1'])
  expect(await world.isMarked('1')).toBe(true)
  expect(await world.isMarked('2')).toBe(false)
})

test('undo: who has logged in since stays, unless forced', async () => {
  logIn('auth0|legacy|5')
  const kept = await world.command(undoCommand, ['--state', statePath(), '--yes'])
  expect(kept.found).toMatchObject({ deleted: 10, loggedIn: 1 })
  expect(kept.exitStatus).toBe(1)
  expect(users()).toEqual(['auth0|legacy|1', 'auth0|legacy|5'])
  expect(await world.isMarked('5')).toBe(true)
  const forced = await world.command(undoCommand, ['--state', statePath(), '--yes', '--force'])
  expect(forced.found).toMatchObject({ users: 1, deleted: 1 })
  expect(users()).toEqual(['auth0|legacy|1'])
})

test('undo: who was made before the job, or anew since it ended, is not the import’s, and stays', async () => {
  const known = world.running.tenant.state.users
  const made = (userId: string, milliseconds: number) => {
    const user = known.get(userId)
    if (user === undefined) throw new Error('nobody')
    const created_at = new Date(Date.now() + milliseconds).toISOString()
    known.set(userId, { ...user, profile: { ...user.profile, created_at } })
  }
  made('auth0|legacy|5', -60 * 60_000)
  made('auth0|legacy|6', 60 * 60_000)
  const args = ['--state', statePath(), '--yes', '--force']
  const { exitStatus, found } = await world.command(undoCommand, args)
  expect(found).toMatchObject({ deleted: 9, existed: 2 })
  expect(exitStatus).toBe(1)
  expect(users()).toEqual(['auth0|legacy|1', 'auth0|legacy|5', 'auth0|legacy|6'])
  expect([await world.isMarked('5'), await world.isMarked('6')]).toEqual([true, true])
})

test('undo: asks first, and does nothing without a yes', async () => {
  const args = ['--state', statePath()]
  await expect(world.command(undoCommand, args)).rejects.toMatchObject({ code: 'not_confirmed' })
  const no = world.command(undoCommand, args, 'no')
  await expect(no).rejects.toMatchObject({ code: 'not_confirmed' })
  expect(users()).toHaveLength(12)
  expect((await world.command(undoCommand, args, 'undo')).exitStatus).toBe(0)
})

test('undo: whose mark cannot be taken back stays in Auth0, and nobody is ever in neither store', async () => {
  const state = world.open()
  const { manage, progress } = world.run(state)
  const order: string[] = []
  const watched: typeof manage = async (method, path, body) => {
    if (method === 'DELETE') order.push(decodeURIComponent(path))
    return manage(method, path, body)
  }
  const counts = await undoImport({
    ...{ manage: watched, state, progress, force: false },
    operator: {
      unmark: async (legacyId, userId) => {
        order.push(`unmark ${legacyId}`)
        return legacyId === '4' ? 'failed' : world.operator.unmark(legacyId, userId)
      },
    },
  })
  expect(counts).toMatchObject({ deleted: 10, failed: 1 })
  expect(users()).toEqual(['auth0|legacy|1', 'auth0|legacy|4'])
  for (const [place, entry] of order.entries()) {
    const [, legacyId] = /^users\/auth0\|legacy\|(.+)$/.exec(entry) ?? []
    if (legacyId !== undefined) expect(order.slice(0, place)).toContain(`unmark ${legacyId}`)
  }
  state.close()
})

test('undo: without the scope to delete users not one mark is taken back', async () => {
  const { clientGrants } = world.running.tenant.state
  const own = [...clientGrants].find(([, { client_id }]) => client_id === world.env.AUTH0_CLIENT_ID)
  const [id, grant] = own ?? expect.fail()
  clientGrants.set(id, { ...grant, scope: grant.scope.filter((one) => one !== 'delete:users') })
  const undone = world.command(undoCommand, ['--state', statePath(), '--yes'])
  await expect(undone).rejects.toMatchObject({ code: 'scope_missing' })
  for (let user = 1; user <= 12; user += 1) expect(await world.isMarked(`${user}`)).toBe(true)
})

test('undo: of an import that marked nobody it needs no legacy store, and of another it refuses', async () => {
  const args = ['--state', statePath(), '--yes', '--no-marks']
  const refused = world.command(undoCommand, args)
  await expect(refused).rejects.toMatchObject({ code: 'command_line_invalid' })
  expect(users()).toHaveLength(12)
  const other = `${statePath()}-unmarked`
  const { auth0, connectionId, env, running } = world
  const identity = { domain: running.domain, connectionId, idPrefix: 'legacy|' }
  const state = openImportState(other, identity, 'later.ndjson', { now: Date.now })
  const run = world.run(state)
  await runJobs(run, pack(state, [fileOf(9, [{ id: 'later' }])]))
  state.close()
  for (const name of Object.keys(env)) if (name.startsWith('LEGACY_')) delete env[name]
  const { found } = await world.command(undoCommand, ['--state', other, '--yes', '--no-marks'])
  expect(found).toMatchObject({ users: 1, deleted: 1 })
  expect((await auth0.manage('GET', 'users/auth0%7Clegacy%7Clater')).status).toBe(404)
  expect(users()).toHaveLength(12)
})

test('undo: of what nobody knows is nothing taken back', async () => {
  const missing = world.command(undoCommand, ['--state', `${statePath()}.not`, '--yes'])
  await expect(missing).rejects.toMatchObject({ code: 'state_missing' })
  const state = world.open()
  state.jobs.sending(state.jobs.prepare(filesOf(9, 6)[8] as never), Date.now())
  state.close()
  const unfinished = world.command(undoCommand, ['--state', statePath(), '--yes'])
  await expect(unfinished).rejects.toMatchObject({ code: 'unfinished_run' })
  expect(users()).toHaveLength(12)
})

function statePath(): string {
  return world.statePath
}
