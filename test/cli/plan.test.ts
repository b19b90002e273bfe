import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createManagementClient, type ManagementClient } from '../../cli/demo/management-client.ts'
import type { TenantLog } from '../../servers/tenant/activity.ts'
import { boundTo, connectionOf, makeBusy } from './publish/busy-tenant.ts'
import { type Publishing, settings, startPublishing } from './publish/publishing.ts'

let one: Publishing
let management: ManagementClient

beforeAll(async () => {
  one = await startPublishing()
  management = createManagementClient(one.running)
  await makeBusy(one.running, { connections: 250, actions: 100, applications: 120 })
})

beforeEach(() => {
  one.onRequest = () => undefined
  one.running.faults.clear()
})

afterAll(() => one.close())

async function plan(env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = await one.run(['plan', '--json'], env)
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

async function codesOf(env?: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await plan(env)).warnings.map(({ code }: { code: string }) => code)
}

/** What a command that fails says. */
async function failure(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stderr } = await one.run([...args, '--json'], env)
  return { status, ...JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error }
}

test('plan: asks a tenant of 250 connections and 100 Actions fewer than 60 times, and writes nothing', async () => {
  const from = one.requests.length
  const writes = await one.writesDuring(() => plan())
  expect(writes).toEqual([])
  expect(one.requests.length - from).toBeLessThan(60)
  expect(one.running.tenant.state.connections.size).toBe(250)
  expect(one.running.tenant.state.actions.size).toBe(100)
})

test('plan: shows code, secrets by name, bindings before and after, and a connection that begins to migrate', async () => {
  const found = await plan()
  const named = (kind: string, name: string) =>
    found.changes.find((change: { kind: string; name: string }) => {
      return change.kind === kind && change.name === name
    })
  expect(named('action', 'copy-metadata')).toMatchObject({
    change: 'create',
    secrets: ['CLAIM_NAMESPACE'],
  })
  expect(named('bindings', 'post-login')).toMatchObject({
    before: boundTo(one.running),
    after: expect.arrayContaining(['protect-legacy-audience', ...boundTo(one.running)]),
  })
  expect(named('connection', 'legacy-users')).toMatchObject({
    ...{ change: 'update', beginsToMigrate: true, enabledClients: ['Sample Application'] },
    members: expect.arrayContaining([{ path: 'options.import_mode', after: true }]),
  })
  const text = (await one.run(['plan'])).stdout
  expect(text).toContain('configuration set: LEGACY_API_URL')
  expect(text + JSON.stringify(found)).not.toContain(settings.LEGACY_API_URL)
})

test('plan: ends as it would when nobody reads along any more', async () => {
  const { child, ended } = one.start(['plan', '--json'])
  child.stderr?.destroy()
  const { status, stdout } = await ended
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toHaveProperty('changes')
})

test('plan: gives 1 on changes with --exit-code, and 0 without', async () => {
  expect((await one.run(['plan', '--exit-code'])).status).toBe(1)
  expect((await one.run(['plan'])).status).toBe(0)
})

test('plan: warns of users whose ids do not fit the prefix', async () => {
  const { warnings } = await plan()
  const warning = warnings.find(({ code }: { code: string }) => code === 'ids_do_not_fit_prefix')
  expect(warning.message).toContain('1 of 1 users of legacy-users')
  expect(JSON.stringify(warnings)).not.toContain('first@people.example')
})

test('plan: warns of people who get tokens for the legacy audience, and of no machine', async () => {
  const { logs } = one.running.tenant.activity
  const date = '2026-11-20T08:00:00.000Z'
  const audience = settings.LEGACY_API_AUDIENCE
  logs.push({ date, type: 'seccft', audience } as TenantLog)
  expect(await codesOf()).not.toContain('people_use_legacy_audience')
  logs.push({ date, type: 'seacft', audience, client_id: 'foreign-application-7' } as TenantLog)
  const { warnings } = await plan()
  const warning = warnings.find(
    ({ code }: { code: string }) => code === 'people_use_legacy_audience',
  )
  expect(warning.message).toContain('Application 7')
  logs.length = 0
})

test('plan: warns of an old sandbox and of a default audience that is the legacy API', async () => {
  expect(await codesOf()).not.toContain('sandbox_version_old')
  const patch = { sandbox_version: '12', default_audience: settings.LEGACY_API_AUDIENCE }
  await management.patch('tenants/settings', patch)
  expect(await codesOf()).toEqual(
    expect.arrayContaining(['sandbox_version_old', 'default_audience_is_legacy_api']),
  )
  await management.patch('tenants/settings', { sandbox_version: '22', default_audience: '' })
})

test('plan: warns of a plan that may have no custom databases', async () => {
  const free = await startPublishing({ plan: 'free' })
  try {
    const { stdout, status, stderr } = await free.run(['plan', '--json'])
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('custom_databases_may_be_missing')
    expect(await codesOf()).not.toContain('custom_databases_may_be_missing')
  } finally {
    await free.close()
  }
})

test('plan: warns of an Action of its name that somebody else has written, without showing it', async () => {
  const { id } = await management
    .post<{ id: string }>('actions/actions', {
      name: 'replaced',
      code: 'exports.onExecutePostLogin = async () => { /* password: hunter2 */ }',
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
    })
    .catch(async () => {
      // A tenant has 100 at most.
      const [unbound] = [...one.running.tenant.state.actions.values()].filter(({ name }) =>
        name.startsWith('unbound'),
      )
      return { id: unbound?.id ?? '' }
    })
  const { actions } = one.running.tenant.state
  const action = actions.get(id)
  if (action === undefined) throw new Error('no Action to rename')
  const code = 'exports.onExecutePostLogin = async () => { /* password: hunter2 */ }'
  actions.set(id, { ...action, name: 'mark-migrated', code, deployed: null })
  const { stdout } = await one.run(['plan'])
  expect(stdout).toContain('[action_not_ours]')
  expect(stdout).not.toContain('hunter2')
  actions.set(id, action)
})

test('plan: refuses to replace an Action of its name that serves another trigger', async () => {
  const { actions } = one.running.tenant.state
  const [id, other] = [...actions].find(([, { name }]) => name.startsWith('unbound')) ?? []
  if (id === undefined || other === undefined) throw new Error('no Action that is not bound')
  const supported_triggers = [{ id: 'post-user-registration', version: 'v2' }]
  actions.set(id, { ...other, name: 'mark-migrated', supported_triggers })
  const found = await failure(['plan'])
  actions.set(id, other)
  expect(found).toMatchObject({ status: 1, code: 'action_unfit' })
  expect(found.message).toMatch(/mark-migrated.*post-user-registration.*post-login/)
})

test('plan: does not begin anew what was over, when the tenant remembers no phase', async () => {
  const { connections } = one.running.tenant.state
  const database = connectionOf(one.running)
  if (database === undefined) throw new Error('no connection')
  const login = '// Sources: databases/legacy-users/no-op/login.ts\nfunction login() {}'
  const options = { ...database.options, customScripts: { login } }
  connections.set(database.id, { ...database, options })
  const found = await failure(['plan'])
  const { phase, changes } = await plan({ MIGRATION_PHASE: 'complete' })
  connections.set(database.id, database)
  expect(found).toMatchObject({ status: 1, code: 'scripts_are_no_op' })
  expect(found.message).toContain('MIGRATION_PHASE')
  expect(phase).toBe('complete')
  const connection = changes.find(({ kind }: { kind: string }) => kind === 'connection')
  expect(connection.scripts.map(({ name }: { name: string }) => name)).not.toContain('login')
})

test('plan: names every setting that is missing, and every one that cannot be', async () => {
  const missing = await failure(['plan'], {
    LEGACY_API_URL: '',
    CLAIM_NAMESPACE: '##CLAIM_NAMESPACE##',
  })
  expect(missing).toMatchObject({ status: 2, code: 'setting_missing' })
  expect(missing.message).toMatch(/CLAIM_NAMESPACE, LEGACY_API_URL/)
  const wrong = await failure(['plan'], {
    ...{ LEGACY_API_URL: 'http://legacy.example', CLAIM_NAMESPACE: 'https://x.auth0.com/' },
    MIGRATION_PHASE: 'lazy',
  })
  expect(wrong).toMatchObject({ status: 2, code: 'setting_invalid' })
  expect(wrong.message).toMatch(/CLAIM_NAMESPACE.*\n.*LEGACY_API_URL/)
  expect(wrong.message).not.toContain('legacy.example')
})

test('plan: warns of an application that there is not, and plans nothing that could not be proved', async () => {
  const { readFileSync, writeFileSync } = await import('node:fs')
  const file = `${one.root}/tenant.yaml`
  const asIs = readFileSync(file, 'utf8')
  const enabled = 'enabled_clients: [Sample Application'
  writeFileSync(file, asIs.replace(enabled, `${enabled}, No Such Application`))
  const { changes, warnings } = await plan()
  writeFileSync(file, asIs)
  expect(warnings).toContainEqual({
    ...{ code: 'no_application_enabled', message: expect.stringContaining('No Such Application') },
  })
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: 'connection', enabledClients: ['Sample Application'] }),
  )
})

test('plan: refuses bundles that were not built from the sources that are here', async () => {
  const { appendFileSync, readFileSync, writeFileSync } = await import('node:fs')
  const file = `${one.root}/dist/actions/mark-migrated.js`
  const built = readFileSync(file)
  appendFileSync(file, '// edited\n')
  expect(await failure(['plan'])).toMatchObject({
    ...{ status: 1, code: 'dist_stale', message: expect.stringContaining('mark-migrated.js') },
  })
  writeFileSync(file, built)
})

test.each([
  [
    'a domain that is not there',
    { AUTH0_DOMAIN: 'no-such-tenant.invalid' },
    'tenant_not_found',
    'AUTH0_DOMAIN',
  ],
  [
    'a certificate that cannot be verified',
    { NODE_EXTRA_CA_CERTS: '' },
    'tenant_not_verified',
    'NODE_EXTRA_CA_CERTS',
  ],
  ['a wrong secret', { AUTH0_CLIENT_SECRET: 'wrong' }, 'token_refused', 'AUTH0_CLIENT_SECRET'],
])('plan: says what to do about %s', async (_, env, code, hint) => {
  const found = await failure(['plan'], env)
  expect(found).toMatchObject({ status: 1, code })
  expect(found.message).toContain(hint)
})

/** What a command says when the deploying application has lost some of its scopes. */
async function failureWithout(lost: readonly string[], args: readonly string[]) {
  const { tenant, issuer, deployClient } = one.running
  const audience = `${issuer}api/v2/`
  const grant = [...tenant.state.clientGrants.values()].find(
    (candidate) =>
      candidate.client_id === deployClient.client_id && candidate.audience === audience,
  )
  if (grant === undefined) throw new Error('the deploying application has no grant')
  const scope = grant.scope.filter((name) => !lost.includes(name))
  tenant.state.clientGrants.set(grant.id, { ...grant, scope })
  const found = await failure(args)
  tenant.state.clientGrants.set(grant.id, grant)
  return found
}

test('publish: names every scope that is missing, before it writes anything', async () => {
  let found = { status: 0, code: '', message: '' }
  const writes = await one.writesDuring(async () => {
    const lost = ['create:actions', 'update:connections_options']
    found = await failureWithout(lost, ['publish', '--yes'])
  })
  expect(found).toMatchObject({ status: 1, code: 'scope_missing' })
  expect(found.message).toContain('create:actions, update:connections_options')
  expect(writes).toEqual([])
})

/** Takes away others' Actions until there is room for ours: a tenant has 100. */
function makeRoom(): void {
  const { actions } = one.running.tenant.state
  for (const { id, name } of [...actions.values()].slice(90)) {
    expect(name).toContain('unbound')
    actions.delete(id)
  }
}

test('plan: warns when the tenant has no room for our Actions', async () => {
  expect(await codesOf()).toContain('too_many_actions')
  makeRoom()
  expect(await codesOf()).not.toContain('too_many_actions')
})

test('publish: of a tenant that stops answering says so, and how to go on', async () => {
  makeRoom()
  one.running.faults.add({
    method: 'PATCH',
    route: '/api/v2/actions/triggers/{id}/bindings',
    cut: 'before',
  })
  const found = await failure(['publish', '--yes'])
  expect(found).toMatchObject({ status: 1, code: 'tenant_unreachable' })
  expect(found.message).toContain('npx migration publish finishes it')
  one.running.faults.clear()
  expect(await codesOf()).toContain('run_unfinished')
  // Without the key to the record every value would count as changed.
  expect(await failureWithout(['read:client_keys'], ['plan'])).toMatchObject({
    ...{ status: 1, code: 'scope_missing', message: expect.stringContaining('read:client_keys') },
  })
  // Without the application that keeps the record nothing can be taken back, and nothing is forgotten.
  const { clients } = one.running.tenant.state
  const keeper = [...clients.values()].find(({ name }) => name === 'Legacy Migration Actions')
  clients.delete(keeper?.client_id ?? '')
  expect(await failure(['undo', '--yes'])).toMatchObject({ status: 1, code: 'not_published' })
  if (keeper === undefined) throw new Error('the publish has made no application')
  // Nor from under a publish of another machine.
  const client_metadata = {
    ...{ migration_phase: 'lazy', migration_phase_since: '2026-11-21T08:00:00.000Z' },
    migration_published: '2026-11-21T08:00:00.000Z ci 0123456789ab',
  }
  clients.set(keeper.client_id, { ...keeper, client_metadata })
  expect(await failure(['undo', '--yes'])).toMatchObject({
    ...{ status: 1, code: 'nothing_to_undo', message: expect.stringContaining('on ci') },
  })
  clients.set(keeper.client_id, keeper)
  const undone = await one.run(['undo', '--yes', '--json'])
  expect(undone.status, undone.stderr).toBe(0)
}, 120_000)
