import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { runJobs } from '../../../../cli/import/jobs/run-jobs.ts'
import { type MarkRun, markImported } from '../../../../cli/import/marks/mark-imported.ts'
import { importCommand } from '../../../../cli/import.ts'
import { type Database, openDatabase } from '../../../../servers/legacy-api/database.ts'
import { legacyRow } from '../checks/rows.ts'
import { connectionName, filesOf, pack } from '../import-world.ts'
import { createLegacyWorld, type LegacyWorld } from '../legacy-world.ts'

let database: Database
let world: LegacyWorld

beforeAll(async () => {
  database = await openDatabase({})
})

afterAll(() => database.close())

beforeEach(async () => {
  world = await createLegacyWorld(database, 40)
})

afterEach(() => world.close())

async function imported(users = 20) {
  const state = world.open()
  await runJobs(world.run(state), pack(state, filesOf(1, users)))
  return state
}

function mark(state: MarkRun['state'], more: Partial<MarkRun> = {}) {
  const { manage, progress, signal } = world.run(state)
  const { operator } = world
  return markImported({
    ...{ manage, state, operator, progress, signal, connection: connectionName },
    ...more,
  })
}

test('marks: whom Auth0 shows is marked, with what the stamp says, and only once', async () => {
  const state = await imported()
  expect(await mark(state)).toEqual({
    ...{ marked: 20, conflict: 0, notFound: 0, notShown: 0, failed: 0 },
  })
  expect(await world.isMarked('20')).toBe(true)
  expect(await world.isMarked('21')).toBe(false)
  const rows = await database.query<{ auth0_user_id: string; migrated_metadata: string }>(
    "select auth0_user_id, migrated_metadata from legacy_users where legacy_id = '7'",
  )
  expect(rows).toEqual([{ auth0_user_id: 'auth0|legacy|7', migrated_metadata: 'complete' }])
  expect((await mark(state)).marked).toBe(0)
  state.close()
})

test('marks: a user whose profile Auth0 does not show stays unmarked, and can log in by the old store', async () => {
  const state = await imported()
  await world.auth0.manage('DELETE', 'users/auth0%7Clegacy%7C3')
  expect(await mark(state)).toMatchObject({ marked: 19, notShown: 1 })
  expect(await world.isMarked('3')).toBe(false)
  state.close()
})

test('marks: a user whom Auth0 shows in another connection only stays unmarked', async () => {
  const state = await imported()
  expect(await mark(state, { connection: 'another' })).toMatchObject({ marked: 0, notShown: 20 })
  expect(await world.isMarked('3')).toBe(false)
  state.close()
})

test('marks: one of another Auth0 user, and one whom the store does not know, are told apart', async () => {
  await database.query(
    "update legacy_users set migrated_at = now(), auth0_user_id = 'auth0|x', migrated_metadata = 'complete' where legacy_id = '2'",
  )
  await database.query("delete from legacy_users where legacy_id = '4'")
  const state = await imported()
  expect(await mark(state)).toMatchObject({ marked: 18, conflict: 1, notFound: 1 })
  // Nobody has looked at them yet: the next run may not say that all is well.
  expect(await mark(state)).toMatchObject({ marked: 0, conflict: 1, notFound: 1 })
  await database.query(
    "update legacy_users set migrated_at = null, auth0_user_id = null, migrated_metadata = null where legacy_id = '2'",
  )
  expect(await mark(state)).toMatchObject({ marked: 1, conflict: 0, notFound: 1 })
  expect(await world.isMarked('2')).toBe(true)
  state.close()
})

test('marks: an outage of the legacy API costs nothing but another run', async () => {
  const state = await imported()
  let calls = 0
  const operator: MarkRun['operator'] = {
    mark: async (...args) => {
      calls += 1
      return calls % 3 === 0 ? 'failed' : world.operator.mark(...args)
    },
  }
  expect(await mark(state, { operator })).toMatchObject({ marked: 14, failed: 6 })
  expect(await mark(state)).toMatchObject({ marked: 6, failed: 0 })
  state.close()
})

test('marks: an interruption keeps those that were made', async () => {
  const state = await imported()
  const interruption = new AbortController()
  let calls = 0
  const operator: MarkRun['operator'] = {
    mark: async (...args) => {
      calls += 1
      if (calls === 5) interruption.abort()
      return world.operator.mark(...args)
    },
  }
  const { signal } = interruption
  await expect(mark(state, { operator, signal })).rejects.toMatchObject({ code: 'interrupted' })
  const { marked } = await mark(state)
  expect(marked).toBe(20 - calls)
  state.close()
})

test('marks: an import that could not mark everybody is not over, and says so by its exit status', async () => {
  const path = join(world.folder, 'users.ndjson')
  const client = { client_id: world.env.AUTH0_CLIENT_ID, status: true }
  await world.auth0.manage('PATCH', `connections/${world.connectionId}/clients`, [client])
  await writeFile(
    path,
    JSON.stringify(legacyRow({ legacy_id: '1', email: 'user-1@legacy.example' })),
  )
  const args = [path, '--state', `${path}.sqlite`, '--while-lazy', '--yes']
  const api = world.env.LEGACY_API_URL ?? ''
  world.env.LEGACY_API_URL = 'http://127.0.0.1:9'
  const first = await world.command(importCommand, args)
  expect(first.found).toMatchObject({ inserted: 1, marks: { marked: 0, failed: 1 } })
  expect(first.exitStatus).toBe(1)
  world.env.LEGACY_API_URL = api
  const second = await world.command(importCommand, args)
  expect(second.found).toMatchObject({ inserted: 1, marks: { marked: 1, failed: 0 } })
  expect(second.exitStatus).toBe(0)
})
