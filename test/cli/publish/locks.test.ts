import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Auth0Tenant } from '../../../cli/auth0-tenant.ts'
import { lockFolder } from '../../../cli/publish/folder-lock.ts'
import type { RunIdentity } from '../../../cli/publish/journal.ts'
import { markerOf, staleAfter } from '../../../cli/publish/lock-marker.ts'
import { lockTenant } from '../../../cli/publish/tenant-lock.ts'

const at = '2026-11-21T08:00:00.000Z'
const now = () => Date.parse(at) + 60_000

function run(id: string, more: Partial<RunIdentity> = {}): RunIdentity {
  return { id, command: 'publish', domain: 'd', at, host: hostname(), pid: process.pid, ...more }
}

/** A process that has ended. */
const gone = spawnSync('true').pid

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locks-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

test('lockFolder: of two the second is refused, and told who the first is', () => {
  const release = lockFolder(folder, run('a'))
  expect(() => lockFolder(folder, run('b'))).toThrow(
    expect.objectContaining({
      code: 'publish_under_way',
      message: expect.stringContaining(`process ${process.pid}, since ${at}`),
    }),
  )
  release()
  lockFolder(folder, run('b'))()
  expect(readdirSync(folder)).toEqual([])
})

test('lockFolder: takes over from a process of this machine that is gone, and from no other', () => {
  writeFileSync(join(folder, 'lock'), markerOf(run('a', { pid: gone })))
  lockFolder(folder, run('b'))()
  writeFileSync(join(folder, 'lock'), markerOf(run('a', { pid: gone, host: 'another' })))
  expect(() => lockFolder(folder, run('b'))).toThrow(/of another, process/)
  writeFileSync(join(folder, 'lock'), 'something else')
  expect(() => lockFolder(folder, run('b'))).toThrow(/it is no lock/)
})

/** A tenant of one application. */
function tenantWith(marker: string | undefined) {
  const metadata: Record<string, string> = marker === undefined ? {} : { migration_lock: marker }
  const tenant = {
    async manage(method: string, _: string, body?: unknown) {
      if (method === 'PATCH')
        Object.assign(metadata, (body as { client_metadata: object }).client_metadata)
      return { status: 200, body: { client_metadata: { ...metadata } }, headers: new Headers() }
    },
  } as unknown as Auth0Tenant
  return { tenant, metadata }
}

const say = () => undefined

test('lockTenant: holds, and is free again afterwards', async () => {
  const { tenant, metadata } = tenantWith(undefined)
  const lock = await lockTenant(tenant, 'id', { run: run('a'), now, say })
  expect(metadata.migration_lock).toContain(`pid ${process.pid} run a`)
  await lock.assertHeld()
  await lock.release()
  expect(metadata.migration_lock).toBe('free')
  await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'publish_under_way' })
})

test('lockTenant: refuses while another machine holds it, and writes nothing', async () => {
  const marker = markerOf(run('a', { host: 'ci-7', pid: 12 }))
  const { tenant, metadata } = tenantWith(marker)
  const taken = lockTenant(tenant, 'id', { run: run('b'), now, say })
  await expect(taken).rejects.toMatchObject({
    code: 'publish_under_way',
    message: expect.stringMatching(/publish of ci-7, process 12, since .*--take-over/),
  })
  expect(metadata.migration_lock).toBe(marker)
})

test.each([
  ['a run of this folder whose process is gone', { pid: gone }, { ownRuns: ['a'] }],
  ['one that began too long ago', { host: 'ci-7' }, { now: () => Date.parse(at) + staleAfter }],
  ['anybody, when told so', { host: 'ci-7' }, { takeOver: true }],
] as const)('lockTenant: takes over from %s', async (_, holder, options) => {
  const { tenant, metadata } = tenantWith(markerOf(run('a', holder)))
  const said: string[] = []
  await lockTenant(tenant, 'id', { run: run('b'), now, say: (line) => said.push(line), ...options })
  expect(metadata.migration_lock).toContain('run b')
  expect(said.join()).toContain('is taken over')
})

test('lockTenant: does not take a process of the same name on another machine for one that is gone', async () => {
  const { tenant } = tenantWith(markerOf(run('a', { pid: gone })))
  await expect(lockTenant(tenant, 'id', { run: run('b'), now, say })).rejects.toMatchObject({
    code: 'publish_under_way',
  })
})

test('lockTenant: of two who write at once the one who was overwritten gives way', async () => {
  const { tenant, metadata } = tenantWith(undefined)
  const mine = lockTenant(tenant, 'id', { run: run('a'), now, say })
  setTimeout(() => {
    metadata.migration_lock = markerOf(run('b', { host: 'ci-7' }))
  }, 100)
  await expect(mine).rejects.toMatchObject({ message: expect.stringContaining('ci-7') })
})
