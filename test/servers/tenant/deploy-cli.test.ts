import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { isObject } from '../../../servers/tenant/management/request-body.ts'
import type { RequestEntry } from '../../../servers/tenant/request-log.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import type { Json } from '../../../servers/tenant/state.ts'
import { published } from './published.ts'
import { type DeployCliRun, runDeployCli } from './run-deploy-cli.ts'

const fixture = fileURLToPath(new URL('deploy-cli-fixture/tenant.yaml', import.meta.url))
const keywords = { GREETING: 'Hello', WHO: 'world', KEY: 'open sesame' }
const importFixture = ['import', '-i', fixture]

interface Observed {
  readonly tenant: RunningTenant
  readonly requests: RequestEntry[]
}

async function observedTenant(buildTime: number): Promise<Observed> {
  const requests: RequestEntry[] = []
  const tenant = await startTenant({
    runtime: createInProcessRuntime(),
    buildTime,
    onRequest: (entry) => requests.push(entry),
  })
  return { tenant, requests }
}

/** Requests of a run, in an order that does not depend on who was quicker. */
function summary(requests: readonly RequestEntry[]): readonly string[] {
  return requests.map(({ method, route, status }) => `${method} ${route} ${status}`).sort()
}

function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = path.reduce<Json | undefined>(
    (inner, name) => (isObject(inner) ? inner[name] : undefined),
    value,
  )
  return typeof found === 'string' ? found : ''
}

let slow: Observed
let quick: Observed
let folder: string
const runs: Record<string, DeployCliRun> = {}
const states: Record<string, ReturnType<typeof published>> = {}
let ofFirstRun: readonly RequestEntry[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-cli-test-'))
  // Longer than deploy-cli takes from creating an Action to deploying it: it has to wait.
  slow = await observedTenant(1_500)
  quick = await observedTenant(0)
  runs.first = await runDeployCli(slow.tenant, importFixture, keywords)
  states.first = published(slow.tenant.tenant)
  ofFirstRun = [...slow.requests]
  runs.second = await runDeployCli(slow.tenant, importFixture, keywords)
  states.second = published(slow.tenant.tenant)
  const exportAll = ['export', '--format=yaml', '-o', folder]
  runs.export = await runDeployCli(slow.tenant, exportAll)
}, 120_000)

afterAll(async () => {
  await slow.tenant.close()
  await quick.tenant.close()
  await rm(folder, { recursive: true })
})

test('deploy-cli: imports twice and exports, and asks for nothing that is not here', () => {
  for (const [name, { exitCode, output }] of Object.entries(runs)) {
    expect(exitCode, `${name}\n${output}`).toBe(0)
  }
  expect(slow.tenant.unknownRequests).toEqual([])
})

test('deploy-cli: publishes what tenant.yaml says', async () => {
  const greet = await readFile(
    new URL('deploy-cli-fixture/actions/greet.js', import.meta.url),
    'utf8',
  )
  const actions = states.first?.actions ?? []
  expect(actions).toMatchObject([
    { name: 'count', runtime: 'node22', version: 1, secrets: [['KEY', 'open sesame']] },
    { name: 'greet', runtime: 'node22', version: 1, secrets: [['WHO', 'world']] },
  ])
  expect(actions[1]?.code).toBe(greet.replace('##GREETING##', 'Hello'))
  expect(states.first?.bindings).toEqual({
    'post-login': [
      ['count', 'Count first'],
      ['greet', 'Greet then'],
    ],
  })
})

test('deploy-cli: makes a database that imports, with scripts and settings, for one application', () => {
  expect(states.first?.connections).toMatchObject([
    {
      name: 'fixture-users',
      strategy: 'auth0',
      applications: ['Fixture Application'],
      options: {
        enabledDatabaseCustomization: true,
        import_mode: true,
        configuration: { PASSWORD: 'open sesame' },
        customScripts: {
          login: expect.stringContaining('function login'),
          get_user: expect.stringContaining('function getUser'),
        },
      },
    },
  ])
})

test('deploy-cli: closes the API to people and gives two machines their scopes', () => {
  expect(states.first?.resourceServers).toMatchObject([
    {
      identifier: 'https://fixture-api.example/',
      subject_type_authorization: {
        user: { policy: 'deny_all' },
        client: { policy: 'require_client_grant' },
      },
    },
  ])
  const audience = 'https://fixture-api.example/'
  expect(states.first?.clientGrants.filter((grant) => grant.audience === audience)).toEqual([
    { client: 'Fixture Reader', audience, scope: ['read:things'], subject_type: 'client' },
    {
      client: 'Fixture Writer',
      audience,
      scope: ['read:things', 'write:things'],
      subject_type: 'client',
    },
  ])
})

test('deploy-cli: waits for a build that takes its time', () => {
  const deployments = ofFirstRun.filter(({ route }) => route.endsWith('/deploy'))
  const statuses = deployments.map(({ status }) => status)
  expect(statuses).toContain(400)
  expect(statuses.filter((status) => status === 200)).toHaveLength(2)
})

test('deploy-cli: a second import means the same, and deploys the Actions once more', () => {
  const again = states.first?.actions.map((action) => ({ ...action, version: 2 }))
  expect(states.second).toEqual({ ...states.first, actions: again })
})

test('deploy-cli: what was published runs', async () => {
  const runtime = createInProcessRuntime()
  const [database] = states.first?.connections ?? []
  const result = await runtime.runDatabaseScript({
    script: 'login',
    code: textAt(database?.options, 'customScripts', 'login'),
    configuration: { PASSWORD: textAt(database?.options, 'configuration', 'PASSWORD') },
    args: ['ada@example.com', 'open sesame'],
  })
  expect(result.outcome).toMatchObject({ type: 'profile', profile: { user_id: 'fixture|1' } })
})

test('deploy-cli: an export holds the published resources, and no secret', async () => {
  const text = await readFile(join(folder, 'tenant.yaml'), 'utf8')
  expect(text).not.toContain('open sesame')
  for (const { client_secret } of slow.tenant.tenant.state.clients.values()) {
    expect(text).not.toContain(client_secret)
  }
  const exported = parse(text)
  expect(exported.triggers['post-login']).toEqual([
    { action_name: 'count', display_name: 'Count first' },
    { action_name: 'greet', display_name: 'Greet then' },
  ])
  expect(exported.actions).toHaveLength(2)
  expect(exported.actions).toContainEqual(
    expect.objectContaining({ name: 'greet', deployed: true, secrets: [{ name: 'WHO' }] }),
  )
  expect(exported.databases[0]).toMatchObject({ enabled_clients: ['Fixture Application'] })
  expect(exported.databases[0].options).not.toHaveProperty('configuration')
})

test('deploy-cli: a dry run only reads', async () => {
  const before = slow.requests.length
  const state = structuredClone(slow.tenant.tenant.state)
  const run = await runDeployCli(slow.tenant, [...importFixture, '--dry-run'], keywords)
  expect(run.exitCode, run.output).toBe(0)
  const writes = slow.requests.slice(before).filter(({ method }) => method !== 'GET')
  expect(writes).toEqual([{ method: 'POST', route: '/oauth/token', status: 200 }])
  expect(slow.tenant.tenant.state).toEqual(state)
}, 60_000)

test('deploy-cli: sends the same with its prompts schema and without', async () => {
  const without = await observedTenant(0)
  const first = await runDeployCli(without.tenant, importFixture, keywords)
  const second = await runDeployCli(quick.tenant, importFixture, keywords, true)
  await without.tenant.close()
  expect([first.exitCode, second.exitCode], second.output).toEqual([0, 0])
  expect(published(quick.tenant.tenant)).toEqual(published(without.tenant.tenant))
  expect(summary(quick.requests)).toEqual(summary(without.requests))
}, 180_000)
