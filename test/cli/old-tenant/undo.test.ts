import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMigration } from '../run-migration.ts'
import { everything, type OldTenantWorld, startOldTenantWorld } from './old-tenant-world.ts'
import { startTargetTenant } from './target-tenant.ts'

/** These tests are one life, in order: each ends as it began. */
let world: OldTenantWorld
let before: Awaited<ReturnType<typeof everything>>

/** Requests that the tenant answered. */
const asked: string[] = []

beforeAll(async () => {
  world = await startOldTenantWorld({
    onRequest: ({ method, route }) => asked.push(`${method} ${route}`),
  })
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
  const { stdout } = await world.run(['undo', '--old-tenant', '--dry-run'])
  expect(stdout).toContain('Users who have not moved cannot log in to the new tenant any more.')
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

test(
  'undo --old-tenant: takes back a publish that was killed with -9, as the plan says',
  wanted,
  async () => {
    asked.length = 0
    const { child, ended } = startMigration(['publish', '--old-tenant', '--yes'], {
      ...{ cwd: world.project.root, env: world.env },
    })
    const isThere = () => asked.includes('POST /api/v2/client-grants')
    await expect.poll(isThere, { timeout: 30_000, interval: 5 }).toBe(true)
    child.kill('SIGKILL')
    expect((await ended).status).toBe(null)
    const { stdout } = await world.run(['plan', '--old-tenant'])
    expect(stdout).toContain('npx migration undo --old-tenant takes it back')
    const { status, found } = await undo('--old-tenant')
    expect([status, found.conflicts]).toEqual([0, []])
    expect(await everything(world)).toEqual(before)
  },
)

test(
  'undo --old-tenant: leaves an application that was there as it was, to the last key',
  wanted,
  async () => {
    const { management } = world
    const { client_id } = await management.post<{ client_id: string }>('clients', {
      name: 'Tenant Migration',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
      client_metadata: { team: 'identity' },
    })
    const own = await everything(world)
    await publish()
    const shown = await management.clientNamed('Tenant Migration')
    expect(shown).toMatchObject({ client_metadata: { hand_over_users: 'true', team: 'identity' } })
    const { status, found } = await undo('--old-tenant')
    expect([status, found.conflicts]).toEqual([0, []])
    expect(await everything(world)).toEqual(own)
    await management.delete(`clients/${client_id}`)
  },
)

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
