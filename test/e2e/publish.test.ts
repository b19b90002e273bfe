import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { buildProject } from '../../build/build.ts'
import {
  boundTo,
  connectionOf,
  foreignActions,
  foreignState,
  makeBusy,
  ourActions,
} from '../cli/publish/busy-tenant.ts'
import { type Publishing, settings, startPublishing } from '../cli/publish/publishing.ts'
import { runDeployCli } from '../servers/tenant/run-deploy-cli.ts'

const open: Publishing[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function started(...options: Parameters<typeof startPublishing>): Promise<Publishing> {
  const one = await startPublishing(...options)
  open.push(one)
  return one
}

/** A command that has to succeed. */
async function done(publishing: Publishing, args: readonly string[]) {
  const { status, stdout, stderr } = await publishing.run([...args, '--json'])
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

function actionNamed({ running }: Publishing, name: string) {
  return [...running.tenant.state.actions.values()].find((action) => action.name === name)
}

test('publish: leaves a busy tenant intact through publish, publish, undo, publish, with 429s and 500s on every request', async () => {
  const busy = await started()
  await makeBusy(busy.running)
  const theirs = structuredClone(foreignState(busy.running))
  const before = structuredClone(connectionOf(busy.running))
  failEverythingTwice(busy)

  await done(busy, ['publish', '--yes'])
  expect(foreignState(busy.running)).toEqual(theirs)
  expect(boundTo(busy.running)).toEqual([...ourActions, ...foreignActions])
  const published = connectionOf(busy.running)
  expect(published?.options).toMatchObject({
    import_mode: true,
    passwordPolicy: 'excellent',
    password_history: { enable: true, size: 5 },
    disable_self_service_change_password: true,
    customScripts: {
      change_email: expect.stringContaining('changeEmail'),
      login: expect.any(String),
    },
    configuration: { FOREIGN_KEY: 'stays', LEGACY_API_URL: settings.LEGACY_API_URL },
  })
  expect(published?.enabled_clients).toEqual(
    expect.arrayContaining([...(before?.enabled_clients ?? [])]),
  )
  expect(published?.enabled_clients).toHaveLength((before?.enabled_clients.length ?? 0) + 1)

  failEverythingTwice(busy)
  const writes = await busy.writesDuring(() => done(busy, ['publish', '--yes']))
  expect(writes).toEqual([])

  failEverythingTwice(busy)
  const undone = await done(busy, ['undo', '--yes'])
  expect(undone).toMatchObject({ conflicts: [], secretsKept: [] })
  expect(foreignState(busy.running)).toEqual(theirs)
  expect(boundTo(busy.running)).toEqual([...foreignActions])
  expect(connectionOf(busy.running)).toEqual(before)

  busy.running.faults.clear()
  await done(busy, ['publish', '--yes'])
  expect(foreignState(busy.running)).toEqual(theirs)
  expect(boundTo(busy.running)).toEqual([...ourActions, ...foreignActions])
  expect(await done(busy, ['plan'])).toMatchObject({ changes: [] })
}, 300_000)

/** Every route that a run asks answers 500 to one request and 429 to another. */
function failEverythingTwice({ running, requests }: Publishing): void {
  const { faults } = running
  faults.clear()
  const usual = [
    'POST /oauth/token',
    ...['clients', 'resource-servers', 'client-grants', 'connections', 'actions/actions'].flatMap(
      (path) => [`GET /api/v2/${path}`, `POST /api/v2/${path}`],
    ),
    ...[
      'clients/{id}',
      'connections/{id}',
      'connections/{id}/clients',
      'actions/triggers/{id}/bindings',
    ].flatMap((path) => [`GET /api/v2/${path}`, `PATCH /api/v2/${path}`]),
    'POST /api/v2/actions/actions/{id}/deploy',
    'GET /api/v2/actions/triggers',
    'GET /api/v2/rules',
    'GET /api/v2/users',
    'GET /api/v2/logs',
    'GET /api/v2/tenants/settings',
    'DELETE /api/v2/actions/actions/{id}',
  ]
  const seen = requests.map((one) => one.replace(/ \d+$/, '')).filter((one) => !one.endsWith('*'))
  for (const one of new Set([...usual, ...seen])) {
    const [method = '', route = ''] = one.split(' ')
    faults.add({ method, route, status: 500, times: 1 })
    faults.add({ method, route, status: 429, skip: 1, times: 1 })
  }
}

test('publish: brings Actions back to their earlier code and secrets, and says which values it could not', async () => {
  const one = await started()
  await done(one, ['publish', '--yes'])
  const first = actionNamed(one, 'backfill-metadata')?.deployed
  const changed = { LEGACY_API_URL: 'https://other.example' }
  const source = join(one.root, 'migration.config.ts')
  writeFileSync(
    source,
    readFileSync(source, 'utf8').replace("since: '2026-11-21'", "since: '2026-11-20'"),
  )
  await buildProject(one.root)
  const { status, stderr } = await one.run(['publish', '--yes'], changed)
  expect(status, stderr).toBe(0)
  expect(actionNamed(one, 'backfill-metadata')?.deployed?.code).not.toBe(first?.code)

  const undone = await done(one, ['undo', '--yes'])
  expect(undone.secretsKept).toEqual(['LEGACY_API_URL of connection legacy-users'])
  const back = actionNamed(one, 'backfill-metadata')?.deployed
  expect(back?.code).toBe(first?.code)
  expect(back?.secrets.map(({ name, value }) => [name, value])).toEqual(
    first?.secrets.map(({ name, value }) => [name, value]),
  )
  // Of what came back with the version the record knows the values still; the rest is set anew.
  const plan = await one.run(['plan', '--json'])
  const sets = JSON.parse(plan.stdout).changes.flatMap(
    ({ secrets = [], configuration = [] }: { secrets?: string[]; configuration?: string[] }) => [
      ...secrets,
      ...configuration,
    ],
  )
  expect(sets).toContain('LEGACY_API_URL')
}, 120_000)

test('publish: shows why a build failed at once, and binds nothing that does not run', async () => {
  const one = await started()
  // deploy-cli would try for two minutes.
  const startedAt = performance.now()
  one.onRequest = ({ method, route }) => {
    if (method !== 'POST' || route !== '/api/v2/actions/actions') return
    for (const [id, action] of one.running.tenant.state.actions) {
      const failed = { id: 'syntax_error', msg: 'SyntaxError: made for a test' }
      const { build_ends_at: _, ...draft } = action
      one.running.tenant.state.actions.set(id, {
        ...{ ...draft, status: 'failed', errors: [failed], failed_version_id: `failed-${id}` },
      })
    }
  }
  const { status, stderr } = await one.run(['publish', '--yes', '--json'])
  expect(status).toBe(1)
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '')
  expect(error.code).toBe('build_failed')
  expect(error.message).toContain('SyntaxError: made for a test')
  expect(performance.now() - startedAt).toBeLessThan(60_000)
  expect(boundTo(one.running)).toEqual([])
}, 120_000)

test('publish: of two at once the second exits 1 and names the first', async () => {
  const one = await started()
  await done(one, ['publish', '--yes'])
  for (const action of one.running.tenant.state.actions.values()) {
    one.running.tenant.state.actions.delete(action.id)
  }
  const first = one.start(['publish', '--yes', '--json'])
  await new Promise<void>((resolve) => {
    one.onRequest = ({ method, route }) => {
      if (method === 'PATCH' && route === '/api/v2/clients/{id}') resolve()
    }
  })
  const other = await one.run(['publish', '--yes', '--json'])
  expect(other.status).toBe(1)
  const { error } = JSON.parse(other.stderr.trim().split('\n').at(-1) ?? '')
  expect(error.code).toBe('publish_under_way')
  expect(error.message).toContain(`process ${first.child.pid}`)
  expect((await first.ended).status).toBe(0)
  expect(await done(one, ['plan'])).toMatchObject({ changes: [], warnings: [] })
}, 120_000)

test('publish: of two machines at once one goes on at most, also on an empty tenant, and nobody is stuck', async () => {
  const one = await started()
  const there = await started()
  // The same tenant from another folder: what another machine would do.
  const other = there.start(['publish', '--yes', '--json'], one.env)
  const first = one.start(['publish', '--yes', '--json'])
  const [mine, theirs] = await Promise.all([first.ended, other.ended])
  // There is no lock before there is an application to keep it: for a moment each may see the other's.
  const lost = [mine, theirs].filter(({ status }) => status !== 0)
  expect(lost.length).toBeGreaterThan(0)
  for (const { status, stderr } of lost) {
    expect(status).toBe(1)
    expect(stderr).toMatch(/publish_under_way|plan_outdated|client_ambiguous/)
  }
  if (lost.length === 2) await done(one, ['publish', '--yes'])
  const clients = [...one.running.tenant.state.clients.values()].map(({ name }) => name)
  expect(clients.filter((name) => name === 'Legacy Migration Actions')).toHaveLength(1)
  expect(await done(one, ['plan'])).toMatchObject({ changes: [] })
}, 120_000)

test('publish: writes no secret to disk or screen, and leaves no folder of its own behind', async () => {
  const one = await started()
  // A folder of its own: in the machine's others publish too, and some of them are killed.
  const temporary = join(one.root, 'temporary')
  mkdirSync(temporary)
  const { status, stdout, stderr } = await one.run(['publish', '--yes'], { TMPDIR: temporary })
  expect(status, stderr).toBe(0)
  const clients = [...one.running.tenant.state.clients.values()]
  const secrets = [settings.LEGACY_API_URL, ...clients.map(({ client_secret }) => client_secret)]
  const folder = join(one.root, '.migration')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile())
  expect(files).toHaveLength(1)
  for (const file of files) expect(statSync(file).mode & 0o077).toBe(0)
  const texts = [stdout, stderr, ...files.map((file) => readFileSync(file, 'utf8'))]
  const metadata = clients.map(({ client_metadata }) => JSON.stringify(client_metadata))
  for (const text of [...texts, ...metadata]) {
    for (const secret of secrets) expect(text ?? '').not.toContain(secret)
  }
  expect(readdirSync(temporary)).toEqual([])
  expect(
    existsSync(join(one.root, '.migration', one.running.domain.replace(':', '_'), 'lock')),
  ).toBe(false)
}, 120_000)

test('publish: fails loudly when something of others’ has changed while it ran', async () => {
  const one = await started()
  await makeBusy(one.running, { connections: 5, actions: 6, applications: 2 })
  one.onRequest = ({ method, route }) => {
    if (method !== 'PATCH' || !route.endsWith('/bindings')) return
    const other = connectionOf(one.running, 'other-store')
    if (other === undefined) return
    const options = { ...other.options, import_mode: true }
    one.running.tenant.state.connections.set(other.id, { ...other, options })
  }
  const { status, stderr } = await one.run(['publish', '--yes', '--json'])
  expect(status).toBe(1)
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '')
  expect(error.code).toBe('proof_failed')
  expect(error.message).toContain('connection other-store differs: options.import_mode')
}, 120_000)

test('plan: after a publish sees what somebody else has set, and that an export of the tenant differs in nothing', async () => {
  const one = await started()
  await makeBusy(one.running, { connections: 30, actions: 8, applications: 60 })
  await done(one, ['publish', '--yes'])
  await mergeExport(one)
  expect((await done(one, ['plan'])).changes).toEqual([])

  const { actions, connections } = one.running.tenant.state
  const action = actionNamed(one, 'copy-metadata')
  const connection = connectionOf(one.running)
  if (action === undefined || connection === undefined) throw new Error('nothing was published')
  const [secret] = action.secrets
  if (secret === undefined) throw new Error('no secret was published')
  const updated_at = '2031-01-01T00:00:00.000Z'
  actions.set(action.id, { ...action, secrets: [{ ...secret, value: 'another', updated_at }] })
  const configuration = {
    ...(connection.options.configuration as object),
    LEGACY_API_URL: 'http://x',
  }
  const options = { ...connection.options, configuration }
  connections.set(connection.id, { ...connection, options })
  const { changes } = await done(one, ['plan'])
  expect(changes).toMatchObject([
    { kind: 'action', name: 'copy-metadata', secrets: ['CLAIM_NAMESPACE'] },
    { kind: 'connection', configuration: expect.arrayContaining(['LEGACY_API_URL']) },
  ])
  await done(one, ['publish', '--yes'])
  expect(actionNamed(one, 'copy-metadata')?.deployed?.secrets).toMatchObject([
    { value: settings.CLAIM_NAMESPACE },
  ])
}, 180_000)

/** What `a0deploy export` makes of the tenant, all that is no code, put into tenant.yaml. */
async function mergeExport({ root, running }: Publishing): Promise<void> {
  const folder = join(root, 'export')
  const types = ['clients', 'resourceServers', 'clientGrants', 'databases']
  const environment = { AUTH0_INCLUDED_ONLY: JSON.stringify(types) }
  const args = ['export', '--format=yaml', '-o', folder]
  const { exitCode, output } = await runDeployCli(running, args, environment)
  expect(exitCode, output).toBe(0)
  const exported = parse(readFileSync(join(folder, 'tenant.yaml'), 'utf8'))
  const file = join(root, 'tenant.yaml')
  const own = parse(readFileSync(file, 'utf8'))
  const names = (list: { name?: string; identifier?: string; client_id?: string }[]) =>
    list.map(({ name, identifier, client_id }) => identifier ?? name ?? client_id)
  for (const type of ['clients', 'resourceServers', 'clientGrants']) {
    const known = [...names(own[type]), settings.LEGACY_API_AUDIENCE]
    const others = exported[type].filter((one: object) => !known.includes(names([one])[0]))
    own[type].push(...others)
  }
  expect(own.clients.length).toBeGreaterThan(60)
  writeFileSync(file, stringify(own))
}
