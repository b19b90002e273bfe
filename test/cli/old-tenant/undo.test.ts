import { afterAll, beforeAll, expect, test } from 'vitest'
import { everything, type OldTenantWorld, startOldTenantWorld } from './old-tenant-world.ts'
import { startTargetTenant } from './target-tenant.ts'

/** These tests are one life, in order: each ends as it began. */
let world: OldTenantWorld
let before: Awaited<ReturnType<typeof everything>>

beforeAll(async () => {
  world = await startOldTenantWorld()
  before = await everything(world)
}, 60_000)

afterAll(() => world.close())

const wanted = { timeout: 60_000 }

async function publish() {
  const { status, stderr } = await world.run(['publish', '--old-tenant', '--yes'])
  expect(status, stderr).toBe(0)
}

async function undo(...args: readonly string[]) {
  const { status, stdout, stderr } = await world.run(['undo', '--yes', '--json', ...args])
  return { status, found: JSON.parse(stdout || (stderr.trim().split('\n').at(-1) ?? '')) }
}

test('undo --old-tenant: goes back publish by publish, to nothing', wanted, async () => {
  await publish()
  await world.management.patch('actions/triggers/post-login/bindings', { bindings: [] })
  const unbound = await everything(world)
  await publish()
  expect((await undo('--old-tenant')).status).toBe(0)
  expect((await everything(world)).bindings).toEqual(unbound.bindings)
  expect((await undo('--old-tenant')).status).toBe(0)
  expect(await everything(world)).toEqual(before)
})

test('undo --old-tenant: takes the Action away from logins where somebody has deleted the application', {
  timeout: 60_000,
}, async () => {
  await publish()
  const { client_id } = await world.management.clientNamed('Tenant Migration')
  await world.management.delete(`clients/${client_id}`)
  const { status, found } = await undo('--old-tenant')
  expect([status, found.restored]).toEqual([
    0,
    ['bindings of post-login', 'Action hand-over-user is deleted'],
  ])
  expect(await everything(world)).toEqual(before)
})

test('undo: takes no publish of the other kind for its own, and leaves it to be undone', {
  timeout: 90_000,
}, async () => {
  await publish()
  const published = await everything(world)
  const { status, found } = await undo()
  expect([status, found.error.code]).toEqual([1, 'nothing_to_undo'])
  expect(found.error.message).toContain('with --old-tenant')
  expect(await everything(world)).toEqual(published)
  const { env, running } = await startTargetTenant(world)
  try {
    const there = { ...env, CLAIM_NAMESPACE: 'https://claims.example/', OLD_TENANT_DOMAIN: '' }
    const settings = { ...there, OLD_TENANT_DOMAIN: env.OLD_TENANT_DOMAIN ?? '' }
    expect((await world.run(['publish', '--yes'], settings)).status).toBe(0)
    for (const [args, wanted] of [
      [['undo', '--old-tenant', '--yes'], 1],
      [['undo', '--yes'], 0],
    ] as const) {
      expect([args, (await world.run(args, there)).status]).toEqual([args, wanted])
    }
    expect(running.tenant.state.actions.size).toBe(0)
  } finally {
    await running.close()
  }
  expect((await undo('--old-tenant')).status).toBe(0)
  expect(await everything(world)).toEqual(before)
})
