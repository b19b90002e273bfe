import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { published } from './published.ts'
import { runDeployCli } from './run-deploy-cli.ts'
import { type StartedTenant, startedTenant } from './started-tenant.ts'

const fixture = fileURLToPath(new URL('deploy-cli-fixture/tenant.yaml', import.meta.url))
const keywords = { GREETING: 'Hello', WHO: 'world', KEY: 'open sesame' }
const importFixture = ['import', '-i', fixture]
/** What the kit publishes. */
const included = {
  AUTH0_INCLUDED_ONLY: JSON.stringify([
    'actions',
    'clientGrants',
    'clients',
    'databases',
    'resourceServers',
    'triggers',
  ]),
}

let folder: string
let first: StartedTenant

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-cli-again-'))
  first = await startedTenant({ buildTime: 0 })
  const run = await runDeployCli(first.running, importFixture, keywords)
  expect(run.exitCode, run.output).toBe(0)
}, 60_000)

afterAll(async () => {
  await first.close()
  await rm(folder, { recursive: true })
})

test('deploy-cli: an export makes a second tenant like the first, once its secrets are added back', async () => {
  const exported = await runDeployCli(
    first.running,
    ['export', '--format=yaml', '-o', folder],
    included,
  )
  expect(exported.exitCode, exported.output).toBe(0)
  const file = join(folder, 'tenant.yaml')
  const assets = parse(await readFile(file, 'utf8'))
  const values: Record<string, string> = { WHO: 'world', KEY: 'open sesame' }
  for (const { secrets } of assets.actions) {
    for (const secret of secrets) secret.value = values[secret.name]
  }
  assets.databases[0].options.configuration = { PASSWORD: 'open sesame' }
  await writeFile(file, stringify(assets))
  const second = await startedTenant({ buildTime: 0 })
  const run = await runDeployCli(second.running, ['import', '-i', file], included)
  expect(run.exitCode, run.output).toBe(0)
  expect(published(second.running.tenant)).toEqual(published(first.running.tenant))
  expect(second.running.unknownRequests).toEqual([])
  await second.close()
}, 60_000)

test('deploy-cli: an export without its secrets makes no second tenant', async () => {
  const bare = await mkdtemp(join(folder, 'bare-'))
  await runDeployCli(first.running, ['export', '--format=yaml', '-o', bare], included)
  const second = await startedTenant({ buildTime: 0 })
  const run = await runDeployCli(
    second.running,
    ['import', '-i', join(bare, 'tenant.yaml')],
    included,
  )
  expect(run.exitCode).toBe(1)
  expect(run.output).toContain('Missing required property: secrets/0/value')
  await second.close()
}, 60_000)

/** What the fixture makes, and not what tests add to the first tenant. */
function namesOf({ running }: StartedTenant) {
  const { actions, clientGrants, clients, connections } = published(running.tenant)
  const names = (list: readonly { readonly name: string }[]) =>
    list.map(({ name }) => name).filter((name) => !/^foreign/i.test(name))
  const grants = clientGrants.map(({ client }) => client).filter((client) => client !== 'Foreign')
  return [names(actions), names(clients), names(connections), grants]
}

/** An Action of somebody else, deployed; bound after those that are bound already. */
async function bindForeignAction({ call }: StartedTenant): Promise<void> {
  const supported_triggers = [{ id: 'post-login', version: 'v3' }]
  const code = 'exports.onExecutePostLogin = async () => {}'
  const { body } = await call('POST', '/actions/actions', {
    name: 'foreign',
    supported_triggers,
    code,
  })
  await call('POST', `/actions/actions/${body.id}/deploy`)
  const path = '/actions/triggers/post-login/bindings'
  const bound = (await call('GET', path)).body.bindings.map(({ id }: { id: string }) => ({
    ref: { type: 'binding_id', value: id },
  }))
  const bindings = [...bound, { ref: { type: 'action_name', value: 'foreign' } }]
  expect((await call('PATCH', path, { bindings })).status).toBe(200)
}

test('deploy-cli: keeps what is others’, but takes their Actions out of the triggers that it binds', async () => {
  const { call, running } = first
  const identifier = 'https://foreign.example/'
  const { client_id } = (await call('POST', '/clients', { name: 'Foreign' })).body
  await call('POST', '/connections', {
    name: 'foreign',
    strategy: 'auth0',
    enabled_clients: [client_id],
  })
  await call('POST', '/resource-servers', { identifier, scopes: [{ value: 'read:it' }] })
  await call('POST', '/client-grants', { client_id, audience: identifier, scope: ['read:it'] })
  await bindForeignAction(first)
  const before = published(running.tenant)
  expect(before.bindings['post-login']).toHaveLength(3)
  const run = await runDeployCli(running, importFixture, keywords)
  expect(run.exitCode, run.output).toBe(0)
  const after = published(running.tenant)
  for (const kind of ['clients', 'connections', 'resourceServers', 'clientGrants'] as const) {
    expect(after[kind], kind).toEqual(before[kind])
  }
  const foreign = (one: typeof before) => one.actions.find(({ name }) => name === 'foreign')
  expect(foreign(after)).toEqual(foreign(before))
  expect(after.bindings['post-login']?.map(([name]) => name)).toEqual(['count', 'greet'])
}, 60_000)

test('deploy-cli: tries 61 times to deploy a build that failed, and never says why', async () => {
  const broken = join(folder, 'broken.yaml')
  await writeFile(join(folder, 'broken.js'), 'exports.onExecutePostLogin = async () => {')
  const action = {
    name: 'broken',
    code: './broken.js',
    runtime: 'node22',
    deployed: true,
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  }
  await writeFile(broken, stringify({ actions: [action] }))
  let deployments = 0
  const tenant = await startedTenant({
    buildTime: 0,
    onRequest: ({ route }) => {
      if (route.endsWith('/deploy')) deployments += 1
    },
  })
  const quick = fileURLToPath(new URL('deploy-cli-without-sleeps.cjs', import.meta.url))
  const run = await runDeployCli(tenant.running, ['import', '-i', broken], {}, false, [quick])
  expect(run.exitCode).toBe(1)
  // Two seconds each, without the preload.
  expect(deployments).toBe(61)
  expect(run.output).toContain("A draft must be in the 'built' state before it can be deployed.")
  expect(run.output).not.toContain('SyntaxError')
  const { body } = await tenant.call('GET', '/actions/actions')
  expect(body.actions).toMatchObject([{ status: 'failed' }])
  const path = `/actions/actions/${body.actions[0].id}/versions`
  expect((await tenant.call('GET', path)).body.versions).toMatchObject([
    { errors: [{ id: 'syntax_error', msg: expect.stringMatching(/^SyntaxError/) }] },
  ])
  await tenant.close()
}, 60_000)

test('deploy-cli: publishes through 429s and 500s that end', async () => {
  const tenant = await startedTenant({ buildTime: 0 })
  const { faults } = tenant.running
  faults.add({ method: 'POST', route: '/api/v2/actions/actions', status: 429, times: 2 })
  faults.add({ method: 'POST', route: '/api/v2/resource-servers', status: 500, times: 1 })
  faults.add({ method: 'GET', route: '/api/v2/clients', status: 503, times: 1 })
  const run = await runDeployCli(tenant.running, importFixture, keywords)
  expect(run.exitCode, run.output).toBe(0)
  expect(namesOf(tenant)).toEqual(namesOf(first))
  await tenant.close()
}, 120_000)

test('deploy-cli: stops where a connection is cut, and what it had made stays', async () => {
  const cut = { method: 'POST', route: '/api/v2/clients', cut: 'after', skip: 1, times: 1 } as const
  const tenant = await startedTenant({ buildTime: 0, faults: [cut] })
  const run = await runDeployCli(tenant.running, importFixture, keywords)
  expect(run.exitCode).toBe(1)
  expect(run.output).toContain('processing type clients')
  const { resourceServers, actions } = published(tenant.running.tenant)
  expect([resourceServers.length, actions.length]).toEqual([1, 0])
  const again = await runDeployCli(tenant.running, importFixture, keywords)
  expect(again.exitCode, again.output).toBe(0)
  // Also the one whose answer was lost: it is found by its name, and made no second time. How many of
  // the others were made before the stop is chance, since deploy-cli sends three requests at once.
  expect(namesOf(tenant)).toEqual(namesOf(first))
  await tenant.close()
}, 120_000)

test('deploy-cli: publishes to a tenant of the free plan, which keeps it waiting', async () => {
  let refused = 0
  const tenant = await startedTenant({
    buildTime: 0,
    plan: 'free',
    onRequest: ({ status }) => {
      if (status === 429) refused += 1
    },
  })
  const run = await runDeployCli(tenant.running, importFixture, keywords)
  expect(run.exitCode, run.output).toBe(0)
  expect(refused).toBeGreaterThan(0)
  expect(namesOf(tenant)).toEqual(namesOf(first))
  await tenant.close()
}, 120_000)
