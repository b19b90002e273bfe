import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type PublishRecord, recordIn } from '../../cli/publish/record.ts'
import { connectionOf } from '../cli/publish/busy-tenant.ts'
import { createLifeWorld, type LifeWorld } from './life-world.ts'

let world: LifeWorld

beforeAll(async () => {
  world = await createLifeWorld()
}, 180_000)

afterAll(() => world.close())

afterEach(async () => {
  world.tenant.faults.clear()
  world.publishing.onRequest = () => undefined
  await world.run(['rollback', '--yes'])
}, 60_000)

/** Everything of ours as GET shows it, but what is encrypted and what tells the time. */
function shown() {
  const { state } = world.tenant.tenant
  const actions = [...state.actions.values()].map(({ name, deployed, supported_triggers }) => {
    const { code, dependencies, runtime, secrets } = deployed ?? {}
    const names = secrets?.map((secret) => [secret.name, secret.value])
    return { name, code, dependencies, runtime, supported_triggers, names }
  })
  const bindings = [...state.bindings].map(([trigger, list]) => [trigger, list])
  return structuredClone({ actions, bindings, connection: connectionOf(world.tenant) })
}

function withoutPhase(state: ReturnType<typeof shown>): unknown {
  return JSON.parse(JSON.stringify(state).replaceAll(/"(?:lazy|off|complete)"/g, '"phase"'))
}

test('phase: switches Actions and connection, and nothing else', async () => {
  const before = shown()
  for (const phase of ['off', 'complete', 'lazy']) {
    expect(await world.done(['phase', phase, '--yes'])).toMatchObject({ phase, changed: true })
    expect(world.phases()).toEqual([phase, phase, phase])
    expect(withoutPhase(shown())).toEqual(withoutPhase(before))
  }
  expect(shown()).toEqual(before)
}, 60_000)

test('phase: in force already it writes nothing, and keeps the day on which it began', async () => {
  const { since } = await world.done(['phase', 'off', '--yes'])
  const writes = await world.publishing.writesDuring(async () => {
    expect(await world.done(['phase', 'off', '--yes'])).toMatchObject({ changed: false, since })
  })
  expect(writes).toEqual([])
  expect(await world.done(['status'])).toMatchObject({ phase: { phase: 'off', since } })
}, 30_000)

test('phase: is what publish takes the tenant to have, so that its plan is empty', async () => {
  await world.done(['phase', 'off', '--yes'])
  expect(await world.done(['plan'])).toMatchObject({ phase: 'off', changes: [] })
}, 30_000)

test('phase: lazy logins end before the Actions stop, and begin after these have begun', async () => {
  const order = async (phase: string) => {
    const writes = await world.publishing.writesDuring(() => world.done(['phase', phase, '--yes']))
    return writes.flatMap((one) => /PATCH .*\/(actions|connections)\//.exec(one)?.[1] ?? [])
  }
  expect(await order('complete')).toEqual(['connections', 'actions', 'actions'])
  expect(await order('lazy')).toEqual(['actions', 'actions', 'connections'])
}, 30_000)

/** What the tenant itself remembers. */
function record(): PublishRecord | null {
  const clients = [...world.tenant.tenant.state.clients.values()]
  const client = clients.find(({ name }) => name === 'Legacy Migration Actions')
  return recordIn({ metadata: (client?.client_metadata ?? {}) as Record<string, string> })
}

/** The record as it is when a phase has just written to this route for the first time. */
async function recordAt(phase: string, route: string): Promise<PublishRecord | null> {
  let found: PublishRecord | null = null
  world.publishing.onRequest = (entry) => {
    if (`${entry.method} ${entry.route}` === route) found ??= record()
  }
  await world.done(['phase', phase, '--yes'])
  world.publishing.onRequest = () => undefined
  return found
}

test('phase: the record says complete only while all of it is, and knows nothing of what is being changed', async () => {
  const before = record()
  const ending = await recordAt('complete', 'PATCH /api/v2/connections/{id}')
  expect(ending).toMatchObject({ phase: 'lazy', since: before?.since })
  expect(Object.keys(ending?.digests ?? {}).sort()).toEqual([
    ...['copy-metadata', 'protect-legacy-audience'],
  ])
  expect(record()?.phase).toBe('complete')
  const beginning = await recordAt('lazy', 'PATCH /api/v2/actions/actions/{id}')
  expect(beginning?.phase).toBe('lazy')
  expect(Date.parse(beginning?.since ?? '')).toBeGreaterThan(Date.parse(before?.since ?? ''))
  expect(Object.keys(record()?.digests ?? {}).sort()).toEqual(
    Object.keys(before?.digests ?? {}).sort(),
  )
}, 60_000)

test('phase: people of the store get in while it is lazy or off, those who have moved always', async () => {
  const [first, second, third] = [1, 2, 3].map(() => world.legacy.takeUser())
  if (!first || !second || !third) throw new Error('no users')
  expect(await world.canLogIn(first)).toBe(true)
  expect(await world.legacy.markOf(first.legacy_id)).not.toBeNull()
  await world.done(['phase', 'off', '--yes'])
  expect(await world.canLogIn(second)).toBe(true)
  expect(await world.legacy.markOf(second.legacy_id)).toBeNull()
  await world.done(['phase', 'complete', '--yes'])
  expect(await world.canLogIn(third)).toBe(false)
  expect(await world.canLogIn(first)).toBe(true)
  await world.done(['phase', 'lazy', '--yes'])
  expect(await world.canLogIn(third)).toBe(true)
  expect(await world.canLogIn(second)).toBe(true)
  expect(await world.legacy.markOf(second.legacy_id)).not.toBeNull()
}, 60_000)

test('phase: asks, says what publish would undo, and refuses other words', async () => {
  const unasked = await world.run(['phase', 'off', '--json'], { MIGRATION_PHASE: 'lazy' })
  expect(unasked.status).toBe(1)
  expect(unasked.stderr).toContain('"not_confirmed"')
  expect(unasked.stderr).toContain('MIGRATION_PHASE is lazy in this environment')
  expect(world.phases()).toEqual(['lazy', 'lazy', 'lazy'])
  expect((await world.run(['phase', 'done', '--yes'])).status).toBe(2)
  expect((await world.run(['phase', '--yes'])).status).toBe(2)
}, 30_000)

test('phase: sends no other value than those that were published', async () => {
  const before = shown()
  const other = { LEGACY_API_URL: 'https://somewhere.example' }
  const { status, stderr } = await world.run(['phase', 'off', '--yes', '--json'], other)
  expect(status).toBe(1)
  expect(stderr).toContain('"settings_differ"')
  expect(stderr).toContain('LEGACY_API_URL')
  expect(stderr).not.toContain('somewhere.example')
  expect(shown()).toEqual(before)
}, 30_000)

test('phase: does not deploy what somebody drafts in an Action of ours', async () => {
  const before = shown()
  const action = [...world.tenant.tenant.state.actions.values()].find(
    ({ name }) => name === 'mark-migrated',
  )
  await world.management.patch(`actions/actions/${action?.id}`, {
    code: 'exports.onExecutePostLogin = async (event, api) => api.access.deny("draft")',
  })
  await world.done(['phase', 'off', '--yes'])
  expect(withoutPhase(shown())).toEqual(withoutPhase(before))
}, 30_000)

test('phase: a tenant that refuses half-way is told of, and the same command finishes', async () => {
  world.tenant.faults.add({ method: 'PATCH', route: '/api/v2/actions/actions/{id}', status: 503 })
  const { status, stderr } = await world.run(['phase', 'complete', '--yes'])
  expect(status).toBe(1)
  expect(stderr).toContain('npx migration phase complete finishes it')
  expect(world.phases()).toEqual(['lazy', 'lazy', 'complete'])
  world.tenant.faults.clear()
  expect(await world.done(['phase', 'complete', '--yes'])).toMatchObject({ changed: true })
  expect(world.phases()).toEqual(['complete', 'complete', 'complete'])
}, 60_000)

test('phase: of two at once the second exits 1 and names the first', async () => {
  let second: Promise<{ status: number | null; stderr: string }> | undefined
  world.publishing.onRequest = ({ method }) => {
    if (method === 'PATCH') second ??= world.run(['phase', 'complete', '--yes', '--json'])
  }
  const { child, ended } = world.publishing.start(['phase', 'off', '--yes'], world.env)
  expect((await ended).status).toBe(0)
  const { status, stderr } = (await second) ?? { status: null, stderr: '' }
  expect(status).toBe(1)
  expect(stderr).toContain('"publish_under_way"')
  expect(stderr).toContain(`process ${child.pid}`)
  expect(world.phases()).toEqual(['off', 'off', 'off'])
}, 60_000)

test('phase: Ctrl-C leaves the tenant to whoever is next', async () => {
  const { child, ended } = world.publishing.start(['phase', 'complete', '--yes'], world.env)
  world.publishing.onRequest = ({ method, route }) => {
    if (method === 'PATCH' && route.includes('connections')) child.kill('SIGINT')
  }
  const { status, stderr } = await ended
  expect(status).toBe(1)
  expect(stderr).toContain('npx migration phase complete finishes it')
  world.publishing.onRequest = () => undefined
  const next = await world.run(['phase', 'complete', '--yes'])
  expect(next.status).toBe(0)
  expect(next.stderr).not.toContain('taken over')
  expect(world.phases()).toEqual(['complete', 'complete', 'complete'])
}, 60_000)

/** Where it is killed: after so many answers to a write of this kind. */
const kills: readonly (readonly [route: string, answers: number])[] = [
  ['PATCH /api/v2/clients/{id}', 2],
  ['PATCH /api/v2/connections/{id}', 1],
  ['PATCH /api/v2/actions/actions/{id}', 1],
  ['POST /api/v2/actions/actions/{id}/deploy', 2],
  ['PATCH /api/v2/clients/{id}', 3],
]

/** Runs a command that is killed, with no chance to clean up. */
async function runKilled(args: readonly string[], route: string, answers: number): Promise<void> {
  const { child, ended } = world.publishing.start(args, world.env)
  let seen = 0
  world.publishing.onRequest = (entry) => {
    if (`${entry.method} ${entry.route}` === route) seen += 1
    if (seen === answers) child.kill('SIGKILL')
  }
  await ended
  world.publishing.onRequest = () => undefined
  expect(child.signalCode).toBe('SIGKILL')
}

for (const [route, answers] of kills) {
  test(`phase: killed after ${route} ${answers}, another phase takes it back whole, the same one finishes`, async () => {
    const before = shown()
    await runKilled(['phase', 'complete', '--yes'], route, answers)
    await world.done(['phase', 'lazy', '--yes'])
    expect(shown()).toEqual(before)
    await runKilled(['phase', 'complete', '--yes'], route, answers)
    await world.done(['phase', 'complete', '--yes'])
    expect(world.phases()).toEqual(['complete', 'complete', 'complete'])
  }, 60_000)
}
