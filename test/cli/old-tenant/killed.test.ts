import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connection } from '../../../cli/demo/from-tenant/project.ts'
import { startMigration } from '../run-migration.ts'
import { type OldTenantWorld, startOldTenantWorld } from './old-tenant-world.ts'
import { startTargetTenant, type TargetTenant } from './target-tenant.ts'

let old: OldTenantWorld
let target: TargetTenant
/** Requests that the old tenant answered. */
const asked: string[] = []

beforeAll(async () => {
  old = await startOldTenantWorld({
    onRequest: ({ method, route }) => asked.push(`${method} ${route}`),
  })
  expect((await old.run(['publish', '--old-tenant', '--yes'])).status).toBe(0)
  const body = { connection, email: 'one@old.example', password: 'Corr3ct-horse' }
  await old.management.post('users', body)
  target = await startTargetTenant(old)
}, 60_000)

afterAll(async () => {
  await target.running.close()
  await old.close()
})

function folders(): readonly string[] {
  const { root } = old.project
  const names = readdirSync(root).filter((name) => name.startsWith('.import-'))
  return names.map((name) => join(root, name))
}

/** Files with a name in which a run keeps what it was sent. One of nothing was just being made. */
function kept(): readonly string[] {
  const files = folders().flatMap((one) => readdirSync(one).map((name) => join(one, name)))
  return files.filter((file) => statSync(file).size > 0)
}

/** Kills a command once it has asked for `route` so often. */
async function killAt(args: readonly string[], route: string, times: number): Promise<void> {
  asked.length = 0
  const env = { ...target.env, MIGRATION_PHASE: 'complete', TMPDIR: old.project.root }
  const { child, ended } = startMigration(args, { cwd: old.project.root, env })
  await expect
    .poll(() => asked.filter((one) => one === route).length, { timeout: 20_000, interval: 20 })
    .toBeGreaterThanOrEqual(times)
  child.kill('SIGKILL')
  expect((await ended).status).toBe(null)
}

const look = 'GET /api/v2/jobs/{id}'
const download = 'GET /exports/{secret}'

for (const [args, route, times] of [
  [['import', 'old-tenant', '--without-passwords', '--yes'], look, 1],
  [['import', 'old-tenant', '--without-passwords', '--yes'], download, 1],
  [['status', '--no-tenant'], look, 1],
] as const) {
  test(`${args.slice(0, 2).join(' ')}: killed with -9 after ${route}, it leaves no user on the disk`, async () => {
    await killAt(args, route, times)
    expect(kept()).toEqual([])
  }, 60_000)
}

function leave(name: string, file: string, time: Date): string {
  const path = join(old.project.root, name)
  mkdirSync(path)
  writeFileSync(join(path, file), 'a profile')
  utimesSync(path, time, time)
  return path
}

test('import old-tenant: after runs that were killed the next one clears what is left, and brings everybody', async () => {
  const anHourAgo = new Date(Date.now() - 3_600_000)
  for (const path of folders()) utimesSync(path, anHourAgo, anHourAgo)
  leave('.import-abc123', 'rows', anHourAgo)
  const alive = leave('.import-abc124', 'rows', new Date())
  const foreign = leave('.import-abc125', 'notes.txt', anHourAgo)
  const args = ['import', 'old-tenant', '--without-passwords', '--yes', '--json']
  const { status, stdout, stderr } = await old.run(args, {
    ...target.env,
    MIGRATION_PHASE: 'complete',
  })
  expect(status, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ read: 1, dead: 0, failed: 0, balances: true })
  expect(target.running.tenant.state.users.size).toBe(1)
  expect(folders().toSorted()).toEqual([alive, foreign])
}, 60_000)
