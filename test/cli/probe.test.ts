import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectTenant } from '../../cli/auth0-tenant.ts'
import { createManagementClient, type ManagementClient } from '../../cli/demo/management-client.ts'
import { neededScopes } from '../../cli/probe/guard.ts'
import type { Probe } from '../../cli/probe/probe.ts'
import { probes } from '../../cli/probe/probes.ts'
import type { Flip } from './flip.ts'
import { type ProbedTenant, startProbedTenant } from './probed-tenant.ts'
import { startMigration } from './run-migration.ts'

let probed: ProbedTenant
let management: ManagementClient
let empty: unknown

beforeAll(async () => {
  probed = await startProbedTenant()
  management = createManagementClient(probed.running)
  empty = resources()
})

afterAll(() => probed.close())

beforeEach(() => expect(resources()).toEqual(empty))

/** Everything that the tenant holds, less when it was last looked at. */
function resources() {
  const {
    actions,
    bindings,
    clientGrants,
    clients,
    connections,
    resourceServers,
    settings,
    users,
  } = probed.running.tenant.state
  const maps = { actions, clientGrants, clients, connections, resourceServers, settings, users }
  return {
    ...Object.fromEntries(Object.entries(maps).map(([kind, map]) => [kind, [...map.entries()]])),
    bound: [...bindings.values()].flat(),
  }
}

function journal(): string | null {
  const file = join(probed.folder, '.migration-probe.jsonl')
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

function start(...more: readonly string[]) {
  const { caFile, deployClient, domain } = probed.running
  return startMigration(['probe', '--domain', domain, '--settle', '0', '--json', ...more], {
    cwd: probed.folder,
    env: {
      AUTH0_CLIENT_ID: deployClient.client_id,
      AUTH0_CLIENT_SECRET: deployClient.client_secret,
      NODE_EXTRA_CA_CERTS: caFile,
    },
  })
}

test('probe: all assumptions hold on the stand-in tenant, and nothing stays on it', {
  timeout: 120_000,
}, async () => {
  const { status, stdout, stderr } = await start('--yes').ended
  const found = JSON.parse(stdout) as { probes: { id: string; verdict: string }[] }
  expect(found.probes.filter(({ verdict }) => verdict !== 'holds')).toEqual([])
  expect(found).toMatchObject({ holds: probes.length, doesNotHold: 0, notProbed: 0 })
  expect(status).toBe(0)
  expect(resources()).toEqual(empty)
  expect(journal()).toBeNull()
  expect(stdout + stderr).not.toMatch(/@example\.com|eyJ/)
})

test('probe: does nothing unasked', async () => {
  const { status, stderr } = await start().ended
  expect(status).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_confirmed' } })
})

/** Resolves when the run has something on the tenant. */
async function untilItWrites(child: ChildProcess): Promise<void> {
  while (probed.running.tenant.state.actions.size === 0) {
    if (child.exitCode !== null) throw new Error('the run has ended')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('probe: is interrupted by Ctrl-C, and removes what it has made', async () => {
  const { child, ended } = start('--yes')
  await untilItWrites(child)
  child.kill('SIGINT')
  const { status, stderr } = await ended
  expect(status).toBe(1)
  expect(stderr).toContain('"code":"interrupted"')
  expect(resources()).toEqual(empty)
  expect(journal()).toBeNull()
})

test('probe: after kill -9 the next run in the folder removes what was left, first', async () => {
  const { child, ended } = start('--yes')
  await untilItWrites(child)
  child.kill('SIGKILL')
  await ended
  expect(resources()).not.toEqual(empty)
  expect(journal()).not.toBeNull()
  const verdicts = await probed.probe({}, { probes: [] })
  expect(verdicts).toEqual([])
  expect(resources()).toEqual(empty)
  expect(journal()).toBeNull()
})

test('probe: a journal that names what no probe made has none of it removed', async () => {
  const { domain, tenant } = probed.running
  const [client] = tenant.state.clients.values()
  const note = { note: { kind: 'client', name: client?.name } }
  const lines = [{ domain }, note].map((line) => `${JSON.stringify(line)}\n`)
  writeFileSync(join(probed.folder, '.migration-probe.jsonl'), lines.join(''))
  expect(await probed.probe({}, { probes: [] })).toEqual([])
  expect(resources()).toEqual(empty)
  expect(journal()).toBeNull()
})

const breaking: Probe = {
  id: 'breaking',
  assumption: 'A probe may break.',
  async run({ api, bindActions, user }) {
    await user()
    await api()
    await bindActions('exports.onExecutePostLogin = async () => {}')
    throw new Error('it broke')
  },
}

test('probe: one that breaks is not probed because of what broke it, and leaves nothing', async () => {
  const verdicts = await probed.probe({}, { probes: [breaking] })
  expect(verdicts).toEqual([{ id: 'breaking', verdict: 'not-probed', because: 'it broke' }])
  expect(resources()).toEqual(empty)
})

test('probe: on a plan without organizations, what is about them is not probed, and nothing stays', async () => {
  const http: Flip['http'] = (inner) => async (url, init) =>
    url.includes('/api/v2/organizations')
      ? Response.json({ statusCode: 403, errorCode: 'feature_not_enabled' }, { status: 403 })
      : inner(url, init)
  const about = probes.filter(({ id }) => /membership/.test(id))
  const verdicts = await probed.probe({ http }, { probes: about })
  expect(verdicts).toEqual(
    about.map(({ id }) => ({
      id,
      verdict: 'not-probed',
      because: 'organization for a probe: the tenant answered 403 feature_not_enabled.',
    })),
  )
  expect(verdicts).toHaveLength(2)
  expect(journal()).toBeNull()
})

test('probe: what cannot be removed stays in the journal for the next run', async () => {
  const { client_id: clientId, client_secret: clientSecret } = probed.running.deployClient
  const { domain } = probed.running
  const refuseDeletion = connectTenant({
    ...{ domain, clientId, clientSecret },
    fetch: (url, init) =>
      init?.method === 'DELETE' && url.includes('/connections/')
        ? Promise.resolve(new Response('{}', { status: 503 }))
        : probed.fetch(url, init),
  })
  const said: string[] = []
  const say = (line: string) => said.push(line)
  await probed.probe({}, { probes: [breaking], tenantToCleanUp: refuseDeletion, say })
  expect(said.join()).toContain('503')
  expect(journal()).toContain('"connection"')
  await probed.probe({}, { probes: [] })
  expect(journal()).toBeNull()
})

/** What shows that a tenant is in use: how it comes about, and what the refusal says. */
const uses: readonly (readonly [
  why: string,
  make: () => Promise<() => Promise<unknown>>,
  says: RegExp,
])[] = [
  [
    'has a user',
    async () => {
      const { id } = await management.post<{ id: string }>('connections', {
        name: 'people',
        strategy: 'auth0',
      })
      await management.post('users', {
        connection: 'people',
        // A name like a probe's makes nobody a probe's user.
        email: 'migration-probe-1@example.com',
        password: 'Aa1-of-a-person',
      })
      return () => management.delete(`connections/${id}`)
    },
    /it has users: 1/,
  ],
  [
    'has a connection to a user store',
    async () => {
      const { id } = await management.post<{ id: string }>('connections', {
        name: 'legacy-users',
        strategy: 'auth0',
        options: { enabledDatabaseCustomization: true, import_mode: true },
      })
      return () => management.delete(`connections/${id}`)
    },
    /legacy-users asks a user store/,
  ],
  [
    'has an Action bound, to whatever trigger',
    async () => {
      const supported_triggers = [{ id: 'credentials-exchange', version: 'v2' }]
      const code = 'exports.onExecuteCredentialsExchange = async () => {}'
      const body = { name: 'ours', code, supported_triggers }
      const { id } = await management.post<{ id: string }>('actions/actions', body)
      await management.get(`actions/actions/${id}`)
      await management.post(`actions/actions/${id}/deploy`, {})
      const bindings = [{ ref: { type: 'action_name', value: 'ours' } }]
      await management.patch('actions/triggers/credentials-exchange/bindings', { bindings })
      return () => management.delete(`actions/actions/${id}?force=true`)
    },
    /credentials-exchange: ours/,
  ],
  [
    'has what another run made',
    async () => {
      const body = { name: 'migration-probe-elsewhere-1' }
      const { client_id } = await management.post<{ client_id: string }>('clients', body)
      return () => management.delete(`clients/${client_id}`)
    },
    /another run.*migration-probe-elsewhere-1/,
  ],
]

for (const [why, make, says] of uses) {
  test(`probe: refuses a tenant that ${why}, and writes nothing`, async () => {
    const remove = await make()
    try {
      const before = resources()
      await expect(probed.probe()).rejects.toMatchObject({
        code: 'tenant_in_use',
        exitStatus: 1,
        message: expect.stringMatching(says),
      })
      expect(resources()).toEqual(before)
      expect(journal()).toBeNull()
    } finally {
      await remove()
    }
  })
}

for (const scope of neededScopes) {
  test(`probe: refuses to begin without the scope ${scope}`, async () => {
    const { clientGrants } = probed.running.tenant.state
    const [grant] = clientGrants.values()
    if (grant === undefined) throw new Error('there is no grant')
    clientGrants.set(grant.id, { ...grant, scope: grant.scope.filter((one) => one !== scope) })
    try {
      await expect(probed.probe()).rejects.toThrow(`lacks scopes: ${scope}`)
    } finally {
      clientGrants.set(grant.id, grant)
    }
  })
}

test('probe: runs with the scopes that its usage names, and no more', {
  timeout: 60_000,
}, async () => {
  const { clientGrants } = probed.running.tenant.state
  const [grant] = clientGrants.values()
  if (grant === undefined) throw new Error('there is no grant')
  clientGrants.set(grant.id, { ...grant, scope: neededScopes })
  try {
    const verdicts = await probed.probe()
    expect(verdicts.filter(({ verdict }) => verdict !== 'holds')).toEqual([])
  } finally {
    clientGrants.set(grant.id, grant)
  }
})
