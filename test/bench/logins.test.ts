import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LegacySide, startLegacySide } from '../../bench/legacy-side/start.ts'
import type { Job, JobReport } from '../../bench/logins/job.ts'
import { startInstance } from '../../bench/logins/start.ts'

const folder = mkdtempSync(join(tmpdir(), 'migration-bench-test-'))
let side: LegacySide
let files = 0

beforeAll(async () => {
  side = await startLegacySide()
})
afterAll(async () => {
  await side.stop()
  rmSync(folder, { recursive: true })
})

/** Runs a flow of Actions with these bodies through one job after another. */
async function logIn(bodies: readonly string[], ...jobs: readonly Job[]) {
  const target = { name: 'flow', files: bodies.map(action) }
  const instance = await startInstance({ target, addresses: side.addresses })
  try {
    const reports: JobReport[] = []
    for (const job of jobs) reports.push(await instance.logIn(job))
    return reports
  } finally {
    await instance.stop()
  }
}

function action(body: string): string {
  files += 1
  const file = join(folder, `action-${files}.cjs`)
  writeFileSync(file, `exports.onExecutePostLogin = async (event, api) => {\n${body}\n}`)
  return file
}

const arrived: Job = { who: 'arrived', logins: 10, atOnce: 3 }
const mark = `api.user.setAppMetadata('migrated', true)`

test.each([
  ['an Action that throws', `${mark}; throw new Error('x')`],
  ['an Action that denies', `${mark}; api.access.deny('no')`],
])('logins: %s fails every login, and nothing is written', async (_, body) => {
  const [report] = await logIn([body], arrived)
  expect(report).toMatchObject({ failed: 10, unmigrated: 10, incomplete: 0 })
  expect(report?.milliseconds).toHaveLength(10)
})

test('logins: an Action that does nothing leaves everybody unmigrated but those who are done', async () => {
  const jobs = (['done', 'arrived', 'interrupted'] as const).map((who) => ({ ...arrived, who }))
  const reports = await logIn([''], ...jobs)
  expect(reports.map(({ unmigrated }) => unmigrated)).toEqual([0, 10, 10])
  expect(reports.map(({ failed }) => failed)).toEqual([0, 0, 0])
})

test('logins: who is called migrated without the metadata of the legacy store is incomplete', async () => {
  const reports = await logIn([mark], arrived, { ...arrived, who: 'interrupted' })
  expect(reports).toMatchObject([
    { unmigrated: 0, incomplete: 0 },
    { unmigrated: 0, incomplete: 10 },
  ])
})

test('logins: an Action finds what an earlier one of the same login wrote', async () => {
  const reader = `if (event.user.app_metadata.seen !== 1) throw new Error('not seen')\n${mark}`
  const [report] = await logIn([`api.user.setAppMetadata('seen', 1)`, reader], arrived)
  expect(report).toMatchObject({ failed: 0, unmigrated: 0 })
})

test('logins: the cache and the module last from login to login, and the clock moves on when told', async () => {
  const body = `
    globalThis.count = (globalThis.count ?? 0) + 1
    const found = api.cache.get('a')?.value
    if (globalThis.count > 1 && found !== 'b') console.log(JSON.stringify({ code: 'gone' }))
    else console.log(JSON.stringify({ code: 'there' }))
    api.cache.set('a', 'b', { ttl: 60_000 })`
  const one: Job = { who: 'arrived', logins: 2, atOnce: 1 }
  const [first, second] = await logIn([body], one, { ...one, logins: 1, later: 61_000 })
  expect(first?.logged).toEqual({ there: 2 })
  expect(second?.logged).toEqual({ gone: 1 })
})

test('logins: those who are not migrated come again, and nobody else', async () => {
  const even = `
    const id = Number(event.user.user_id.split('|').at(-1))
    globalThis.times = (globalThis.times ?? 0) + 1
    if (id % 2 === 0 || globalThis.times > 10) ${mark}`
  const [first, again] = await logIn([even], arrived, { who: 'unmigrated', atOnce: 2 })
  expect(first?.unmigrated).toBe(5)
  expect(again).toMatchObject({ unmigrated: 0, incomplete: 0 })
  expect(again?.milliseconds).toHaveLength(5)
})
