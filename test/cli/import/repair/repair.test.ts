import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runJobs } from '../../../../cli/import/jobs/run-jobs.ts'
import { repairCommand } from '../../../../cli/import/repair.ts'
import {
  connectionName,
  createImportWorld,
  fileOf,
  type ImportWorld,
  pack,
} from '../import-world.ts'

let world: ImportWorld
let letters: string

/** The sample of migration.config.ts has the prefix `legacy-users|`. */
const prefix = 'legacy-users|'
const ids = ['hidden', 'taken', 'there', 'fine']

beforeEach(async () => {
  world = await createImportWorld()
  const { activity } = world.running.tenant
  const profile = { user_id: `${prefix}hidden`, email: 'user-hidden@legacy.example' }
  // A reset that was confirmed before the first login.
  activity.pendingImports.set(`${world.connectionId}\n${profile.user_id}`, {
    ...{ profile, passwordHash: 'x' },
  })
  await world.auth0.manage('POST', 'users', {
    ...{ connection: connectionName, password: 'a Pass-word 1', user_id: 'signed-up' },
    email: 'user-taken@legacy.example',
  })
  const state = world.open()
  await runJobs(world.run(state), pack(state, [sent()]))
  expect(state.users.counts()).toMatchObject({ inserted: 2, failed: 2 })
  state.close()
  letters = join(world.folder, 'dead-letters.ndjson')
  const lines = ['hidden', 'taken'].map((id, index) =>
    JSON.stringify({
      ...{ reason: 'duplicated_user', message: '', line: index + 1, format: 'ndjson' },
      original: JSON.stringify({ legacy_id: id, email: `user-${id}@legacy.example` }),
    }),
  )
  const other = JSON.stringify({
    reason: 'email_invalid',
    line: 9,
    format: 'ndjson',
    original: '{}',
  })
  await writeFile(letters, `${lines.join('\n')}\n${other}\n`)
})

afterEach(() => world.close())

function sent() {
  const file = fileOf(
    1,
    ids.map((id) => ({ id, more: { user_id: `${prefix}${id}` } })),
  )
  return {
    ...file,
    users: file.users.map((user) => ({ ...user, userId: `${prefix}${user.legacyId}` })),
  }
}

const users = () => [...world.running.tenant.state.users.keys()].sort()

test('repair: tells who is in the way, and changes nothing', async () => {
  const before = users()
  const { exitStatus, found } = await world.command(repairCommand, [
    letters,
    '--state',
    world.statePath,
  ])
  expect(found).toEqual({
    ...{ letters: 2, unreadable: 0, hidden: 1, the_user: 0, address_taken: 1, username_taken: 0 },
    repaired: 0,
    lines: [
      { line: 1, in_the_way: 'hidden' },
      { line: 2, in_the_way: 'address_taken' },
    ],
  })
  expect(exitStatus).toBe(1)
  expect(users()).toEqual(before)
  expect(world.running.tenant.activity.pendingImports.size).toBe(1)
})

test('repair: letters of a CSV are read as the import read them', async () => {
  const at = (name: string) => join(world.folder, name)
  const [header, original] = ['id;mail', 'hidden;user-hidden@legacy.example']
  const letter = {
    reason: 'duplicated_user',
    message: '',
    line: 2,
    format: 'csv',
    header,
    original,
  }
  await writeFile(at('csv.ndjson'), JSON.stringify(letter))
  await writeFile(at('mapping.json'), JSON.stringify({ legacy_id: 'id', email: 'mail' }))
  const args = [at('csv.ndjson'), '--state', world.statePath]
  const without = await world.command(repairCommand, args)
  expect(without.found).toMatchObject({ unreadable: 1, hidden: 0 })
  const csv = ['--csv-mapping', at('mapping.json'), '--csv-delimiter', ';']
  const { found } = await world.command(repairCommand, [...args, ...csv])
  expect(found).toMatchObject({ unreadable: 0, hidden: 1, lines: [{ line: 2 }] })
})

test('repair: --apply deletes the hidden record alone, and the next run brings its user', async () => {
  const args = [letters, '--apply', '--state', world.statePath]
  await expect(world.command(repairCommand, args)).rejects.toMatchObject({ code: 'not_confirmed' })
  expect(world.running.tenant.activity.pendingImports.size).toBe(1)
  const { found } = await world.command(repairCommand, args, 'repair')
  expect(found).toMatchObject({ hidden: 1, repaired: 1, address_taken: 1 })
  // Whoever signed up with the address is there as before.
  expect(users()).toContain('auth0|signed-up')
  const state = world.open()
  await runJobs(world.run(state), pack(state, [sent()]))
  expect(state.users.counts()).toMatchObject({ inserted: 3, failed: 1 })
  state.close()
  expect(users()).toContain(`auth0|${prefix}hidden`)
  const again = await world.command(repairCommand, [letters, '--state', world.statePath])
  expect(again.found).toMatchObject({ hidden: 0, the_user: 1, address_taken: 1 })
  // The import has made that user, and undo has to know it.
  const after = world.open()
  expect(after.users.counts()).toMatchObject({ inserted: 3, alreadyMigrated: 0 })
  after.close()
})
