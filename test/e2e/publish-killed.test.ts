import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import {
  boundTo,
  connectionOf,
  foreignActions,
  foreignState,
  makeBusy,
  ourActions,
} from '../cli/publish/busy-tenant.ts'
import { type Publishing, startPublishing } from '../cli/publish/publishing.ts'

let one: Publishing | undefined

afterEach(() => one?.close())

async function busyTenant(): Promise<Publishing> {
  one = await startPublishing()
  await makeBusy(one.running, { connections: 20, actions: 8, applications: 5 })
  return one
}

const writingRoutes = [
  'POST /api/v2/actions/actions',
  'POST /api/v2/actions/actions/{id}/deploy',
  'POST /api/v2/client-grants',
  'POST /api/v2/clients',
  'POST /api/v2/connections',
  'POST /api/v2/resource-servers',
  'PATCH /api/v2/actions/triggers/{id}/bindings',
  'PATCH /api/v2/clients/{id}',
  'PATCH /api/v2/connections/{id}',
  'PATCH /api/v2/connections/{id}/clients',
]

/**
 * Publishes, and is killed as soon as the tenant has answered this request so many times. On a busy
 * machine a kill takes a while to arrive, so that from that answer on nothing is written any more.
 */
async function publishUntil(publishing: Publishing, request: string, times = 1) {
  const { faults } = publishing.running
  let left = times
  const { child, ended } = publishing.start(['publish', '--yes', '--json'])
  publishing.onRequest = ({ method, route, status }) => {
    if (`${method} ${route}` !== request || status >= 300) return
    left -= 1
    if (left !== 0) return
    child.kill('SIGKILL')
    for (const one of writingRoutes) {
      const [verb = '', path = ''] = one.split(' ')
      faults.add({ method: verb, route: path, cut: 'before' })
    }
  }
  const { status, stderr } = await ended
  publishing.onRequest = () => undefined
  // What it started is gone with it.
  const requests = publishing.requests.length
  await setTimeout(1_500)
  expect(publishing.requests.length - requests).toBeLessThan(10)
  faults.clear()
  return { killed: status === null, stderr }
}

async function planOf(publishing: Publishing) {
  const { status, stdout, stderr } = await publishing.run(['plan', '--json'])
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout) as {
    changes: { kind: string; name: string }[]
    warnings: { code: string; message: string }[]
  }
}

/** Every request that changes something, in the order in which a publish comes to it. */
const steps: readonly (readonly [request: string, times: number, stopped: string])[] = [
  ['POST /api/v2/clients', 1, 'its first step'],
  ['POST /api/v2/clients', 1, 'its first step'],
  // The lock is taken, and nothing else is done.
  ['PATCH /api/v2/clients/{id}', 1, 'its first step'],
  ['POST /api/v2/resource-servers', 1, 'deploy-cli'],
  ['POST /api/v2/clients', 1, 'deploy-cli'],
  ['POST /api/v2/actions/actions', 2, 'deploy-cli'],
  ['POST /api/v2/actions/actions/{id}/deploy', 1, 'deploy-cli'],
  ['POST /api/v2/client-grants', 1, 'deploy-cli'],
  ['PATCH /api/v2/actions/triggers/{id}/bindings', 1, 'bindings of post-login'],
  ['PATCH /api/v2/connections/{id}', 1, 'connection legacy-users'],
  ['PATCH /api/v2/connections/{id}/clients', 1, 'connection legacy-users'],
  // The record, after the lock.
  ['PATCH /api/v2/clients/{id}', 2, 'proof'],
]

test('publish: killed by -9 at every step, each next run finishes the step before, and undo takes all of it back', async () => {
  const publishing = await busyTenant()
  const { running } = publishing
  const theirs = structuredClone(foreignState(running))
  const before = structuredClone(connectionOf(running))
  for (const [request, times, stopped] of steps) {
    const { killed, stderr } = await publishUntil(publishing, request, times)
    expect(killed, `${request}: ${stderr}`).toBe(true)
    expect(foreignState(running), request).toEqual(theirs)
    const { warnings } = await planOf(publishing)
    const unfinished = warnings.find(({ code }) => code === 'run_unfinished')
    expect(unfinished?.message, request).toContain(`stopped at ${stopped}`)
    // Whoever is bound runs: a login meets the whole of our Actions or none of them.
    const bound = boundTo(running).filter((name) => ourActions.includes(name))
    expect([[], ourActions], request).toContainEqual(bound)
  }
  const finished = await publishing.run(['publish', '--yes', '--json'])
  expect(finished.status, finished.stderr).toBe(0)
  expect(boundTo(running)).toEqual([...ourActions, ...foreignActions])
  expect(foreignState(running)).toEqual(theirs)
  const last = await planOf(publishing)
  expect(last.changes).toEqual([])
  expect(last.warnings.map(({ code }) => code)).not.toContain('run_unfinished')

  const undone = await publishing.run(['undo', '--yes', '--json'])
  expect(undone.status, undone.stderr).toBe(0)
  expect(boundTo(running)).toEqual(foreignActions)
  expect(connectionOf(running)).toEqual(before)
  expect(foreignState(running)).toEqual(theirs)
}, 400_000)

test.each([
  ['POST /api/v2/actions/actions/{id}/deploy', 2],
  ['PATCH /api/v2/connections/{id}', 1],
] as const)(
  'undo: takes back a publish that was killed at %s, and goes on when it is killed itself',
  async (request, times) => {
    const publishing = await busyTenant()
    const { running } = publishing
    const theirs = structuredClone(foreignState(running))
    const before = structuredClone(connectionOf(running))
    expect((await publishUntil(publishing, request, times)).killed).toBe(true)
    const undo = publishing.start(['undo', '--yes', '--json'])
    publishing.onRequest = ({ method, route }) => {
      if (method === 'DELETE' && route === '/api/v2/actions/actions/{id}')
        undo.child.kill('SIGKILL')
    }
    expect((await undo.ended).status).toBeNull()
    publishing.onRequest = () => undefined
    const again = await publishing.run(['undo', '--yes', '--json'])
    expect(again.status, again.stderr).toBe(0)
    expect(JSON.parse(again.stdout).conflicts).toEqual([])
    expect(boundTo(running)).toEqual(foreignActions)
    expect(connectionOf(running)).toEqual(before)
    expect(foreignState(running)).toEqual(theirs)
    expect([...running.tenant.state.actions.values()].map(({ name }) => name)).not.toContain(
      'mark-migrated',
    )
  },
  120_000,
)

test('publish: after Ctrl-C nothing is locked, and the next run knows where it stopped', async () => {
  const publishing = await busyTenant()
  const { child, ended } = publishing.start(['publish', '--yes', '--json'])
  // Twice, as it comes by way of npm: from the terminal, and passed on. The lock is not free before
  // this process has answered, so that the second comes while there is something to end.
  publishing.onRequest = ({ method, route }) => {
    if (method !== 'POST' || route !== '/api/v2/actions/actions') return
    publishing.onRequest = () => undefined
    child.kill('SIGINT')
    setImmediate(() => child.kill('SIGINT'))
  }
  const { status, stderr } = await ended
  expect(status).toBe(1)
  expect(stderr).toContain('"code":"interrupted"')
  const { warnings } = await planOf(publishing)
  expect(warnings.map(({ code }) => code)).toContain('run_unfinished')
  const clients = [...publishing.running.tenant.state.clients.values()]
  const metadata = clients.find(({ name }) => name === 'Legacy Migration Actions')?.client_metadata
  expect(metadata).toMatchObject({ migration_lock: 'free' })
  const next = await publishing.run(['publish', '--yes', '--json'])
  expect(next.status, next.stderr).toBe(0)
}, 120_000)

test('publish: killed by -9, the deploy-cli that it has started asks for nothing more', async () => {
  // Builds that do not end: deploy-cli tries every two seconds, and from the second time on in silence.
  one = await startPublishing({ buildTime: 600_000 })
  const { child, ended } = one.start(['publish', '--yes', '--json'])
  let tries = 0
  one.onRequest = ({ route }) => {
    if (route === '/api/v2/actions/actions/{id}/deploy') tries += 1
    if (tries === 9) child.kill('SIGKILL')
  }
  expect((await ended).status).toBeNull()
  await setTimeout(2_000)
  const requests = one.requests.length
  await setTimeout(5_000)
  expect(one.requests.slice(requests)).toEqual([])
}, 60_000)
