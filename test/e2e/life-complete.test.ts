import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningTenant } from '../../servers/tenant/server.ts'
import { connectionOf, foreignState, makeBusy } from '../cli/publish/busy-tenant.ts'
import { createLifeWorld, type LifeWorld } from './life-world.ts'

/** These tests are one life, in order. */
let world: LifeWorld
/** Of others, before the kit came. */
let untouched: ReturnType<typeof furniture>
const [moved, later, tooLarge] = [0, 1, 2].map(() => ({ email: '', password: '', legacy_id: '' }))

beforeAll(async () => {
  world = await createLifeWorld({
    users: 6,
    furnish: async (tenant) => {
      await makeBusy(tenant, { connections: 250, actions: 10, applications: 3 })
      untouched = furniture(tenant)
    },
  })
  for (const command of ['publish', 'undo', 'publish']) await world.done([command, '--yes'])
  expect(furniture(world.tenant)).toEqual(untouched)
  for (const user of [moved, later, tooLarge]) Object.assign(user ?? {}, world.legacy.takeUser())
}, 400_000)

afterAll(() => world.close())

/** All of ours on the tenant, secrets and all, but what tells the time or a version. */
function ours() {
  const { state } = world.tenant.tenant
  const actions = [...state.actions.values()].map(({ name, deployed }) => ({
    name,
    code: deployed?.code,
    secrets: deployed?.secrets.map((secret) => [secret.name, secret.value]),
  }))
  return structuredClone({ actions, connection: connectionOf(world.tenant) })
}

/** What others have that no test here adds to. */
function furniture(tenant: RunningTenant) {
  const { actions, bindings, connections } = foreignState(tenant)
  return structuredClone({ actions, bindings, connections })
}

/** All that is others', but the users: they log in here. */
function others() {
  return structuredClone({ ...foreignState(world.tenant), users: [] })
}

/** Every route that the commands ask answers 500 to one request and 429 to another. */
function failEverything(): void {
  const { tenant, publishing } = world
  tenant.faults.clear()
  const routes = publishing.requests
    .map((one) => one.replace(/ \d+$/, ''))
    .filter((one) => one.includes('/api/v2/') || one === 'POST /oauth/token')
  for (const one of new Set(routes.filter((route) => !route.endsWith('*')))) {
    const [method = '', route = ''] = one.split(' ')
    tenant.faults.add({ method, route, status: 500, times: 1 })
    tenant.faults.add({ method, route, status: 429, skip: 1, times: 1 })
  }
}

async function complete(args: readonly string[] = []) {
  const { status, stdout, stderr } = await world.run(['complete', '--yes', '--json', ...args])
  expect(stderr).not.toContain('"error"')
  const found = JSON.parse(stdout) as { readonly reasons: readonly { readonly code: string }[] }
  return { status, found, reasons: found.reasons.map(({ code }) => code) }
}

/** Lets the phase have begun so many seconds ago. */
async function phaseSince(seconds: number): Promise<void> {
  const { client_id } = await world.management.clientNamed('Legacy Migration Actions')
  const path = `clients/${client_id}`
  const { client_metadata } = await world.management.get<{ client_metadata: object }>(path)
  const migration_phase_since = new Date(Date.now() - seconds * 1_000).toISOString()
  const metadata = { ...client_metadata, migration_phase_since }
  await world.management.patch(path, { client_metadata: metadata })
}

const user = (one: typeof moved) => one ?? { email: '', password: '', legacy_id: '' }

test('complete: refuses while lazy logins go on, users are left, or came without metadata', async () => {
  expect(await world.canLogIn(user(moved))).toBe(true)
  await world.mark(user(tooLarge).legacy_id, 'too-large')
  const before = ours()
  expect(await complete()).toMatchObject({
    status: 1,
    reasons: ['lazy_logins_go_on', 'users_remaining', 'users_not_whole'],
    found: { complete: false, changed: false, remaining: 4 },
  })
  expect(ours()).toEqual(before)
}, 60_000)

test('complete: waives by id, from the command line or a list, and allows so many to be left', async () => {
  const { legacy_id } = user(tooLarge)
  const allowed = ['--allow-remaining', '4', '--waive', legacy_id]
  expect((await complete(allowed)).reasons).toEqual(['lazy_logins_go_on'])
  expect((await complete(['--allow-remaining', '3', '--waive', legacy_id])).reasons).toEqual([
    ...['lazy_logins_go_on', 'users_remaining'],
  ])
  expect((await complete(['--allow-remaining', '4', '--waive', 'another'])).reasons).toEqual([
    ...['lazy_logins_go_on', 'users_not_whole'],
  ])
  const listed = await world.run(['status', '--list', '--no-tenant'])
  const file = join(world.publishing.root, 'waived.txt')
  for (const text of [
    listed.stdout,
    `${legacy_id}\n`,
    JSON.stringify({ cause: 'x', legacyId: legacy_id }),
  ]) {
    writeFileSync(file, text)
    const found = await complete(['--allow-remaining', '4', '--waive-from', 'waived.txt'])
    expect(found.reasons).toEqual(['lazy_logins_go_on'])
  }
  rmSync(file)
  expect((await world.run(['complete', '--waive-from', 'waived.txt'])).status).toBe(2)
}, 120_000)

const limits = () => ['--allow-remaining', '4', '--waive', user(tooLarge).legacy_id]

test('complete: waits until every link to set a password has run out', async () => {
  await world.done(['phase', 'complete', '--yes'])
  expect((await complete(limits())).reasons).toEqual(['reset_links_alive'])
  await phaseSince(432_000 - 3_600)
  expect((await complete(limits())).reasons).toEqual(['reset_links_alive'])
  await phaseSince(432_000 + 3_600)
  expect(await complete([...limits(), '--dry-run'])).toMatchObject({
    ...{ status: 0, reasons: [], found: { complete: true, changed: false } },
  })
  const mail = {
    template: 'reset_email',
    body: '',
    from: 'a@b.example',
    subject: '',
    syntax: 'liquid',
    enabled: true,
  }
  await world.management.post('email-templates', { ...mail, urlLifetimeInSeconds: 864_000 })
  expect((await complete([...limits(), '--dry-run'])).reasons).toEqual(['reset_links_alive'])
  const shorter = ['--reset-link-lifetime', '3600', '--dry-run']
  expect((await complete([...limits(), ...shorter])).reasons).toEqual([])
  await phaseSince(864_000 + 3_600)
}, 120_000)

test('complete, rollback: a busy tenant is intact, after publish, publish, undo, publish, with 429s and 500s on every request', async () => {
  const theirs = others()
  const before = ours()
  failEverything()
  expect(await complete(limits())).toMatchObject({
    status: 0,
    found: { complete: true, changed: true },
  })
  world.tenant.faults.clear()
  const { options } = connectionOf(world.tenant) ?? {}
  expect(options).toMatchObject({
    ...{ import_mode: true, enabledDatabaseCustomization: true, passwordPolicy: 'excellent' },
    customScripts: {
      login: expect.stringContaining('/no-op/'),
      get_user: expect.stringContaining('/no-op/'),
    },
  })
  expect({ ...before, connection: null }).toEqual({ ...ours(), connection: null })
  expect(others()).toEqual(theirs)
  expect(await world.canLogIn(user(moved))).toBe(true)
  expect(await world.canLogIn(user(later))).toBe(false)

  const again = await world.publishing.writesDuring(async () => {
    expect(await complete(limits())).toMatchObject({ status: 0, found: { changed: false } })
  })
  expect(again).toEqual([])
  expect(await world.done(['plan'])).toMatchObject({ phase: 'complete', changes: [] })
  const alone = await world.run(['phase', 'lazy', '--yes', '--json'])
  expect(alone.stderr).toContain('"scripts_are_no_op"')

  failEverything()
  expect(await world.done(['rollback', '--yes'])).toMatchObject({ phase: 'lazy', changed: true })
  world.tenant.faults.clear()
  expect(JSON.stringify(ours())).toBe(JSON.stringify(before).replaceAll('"complete"', '"lazy"'))
  expect(others()).toEqual(theirs)
  expect(furniture(world.tenant)).toEqual(untouched)
  expect(await world.canLogIn(user(later))).toBe(true)
  expect(await world.done(['plan'])).toMatchObject({ phase: 'lazy', changes: [] })
}, 240_000)

test('rollback: where nothing was completed it writes nothing', async () => {
  const writes = await world.publishing.writesDuring(async () => {
    expect(await world.done(['rollback', '--yes'])).toMatchObject({ changed: false })
  })
  expect(writes).toEqual([])
}, 30_000)

/** Completes, whatever the day. */
async function completeNow(): Promise<void> {
  await world.done(['phase', 'complete', '--yes'])
  await phaseSince(864_000 + 3_600)
  expect((await complete(limits())).status).toBe(0)
}

test('rollback: on another machine the build has to be the one that was published', async () => {
  const before = ours()
  await completeNow()
  const journals = join(world.publishing.root, '.migration')
  rmSync(journals, { recursive: true })
  mkdirSync(journals)
  expect(await world.done(['rollback', '--yes'])).toMatchObject({ changed: true })
  expect(ours()).toEqual(before)
}, 120_000)

for (const route of ['PATCH /api/v2/clients/{id}', 'PATCH /api/v2/connections/{id}'] as const) {
  test(`complete, rollback: killed after ${route}, the same command finishes`, async () => {
    const before = ours()
    await world.done(['phase', 'complete', '--yes'])
    await phaseSince(864_000 + 3_600)
    await runKilled(['complete', '--yes', ...limits()], route)
    expect((await complete(limits())).status).toBe(0)
    await runKilled(['rollback', '--yes'], route)
    await world.done(['rollback', '--yes'])
    expect(ours()).toEqual(before)
  }, 120_000)
}

/** Runs a command that is killed once a change of its own is done: the lock is the first. */
async function runKilled(args: readonly string[], route: string): Promise<void> {
  const { child, ended } = world.publishing.start(args, world.env)
  let seen = route.includes('clients') ? -1 : 0
  world.publishing.onRequest = (entry) => {
    if (`${entry.method} ${entry.route}` === route) seen += 1
    if (seen === 1) child.kill('SIGKILL')
  }
  await ended
  world.publishing.onRequest = () => undefined
  expect(child.signalCode).toBe('SIGKILL')
}
