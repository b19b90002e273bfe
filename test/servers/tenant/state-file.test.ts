import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { createActivity } from '../../../servers/tenant/activity.ts'
import { newTenantState } from '../../../servers/tenant/new-tenant.ts'
import { startTenant } from '../../../servers/tenant/server.ts'
import { newPrivateKey } from '../../../servers/tenant/signing-keys.ts'
import { readStateFile, stateText } from '../../../servers/tenant/state-file.ts'
import { managementToken, startedTenant } from './started-tenant.ts'

const folder = await mkdtemp(join(tmpdir(), 'state-file-test-'))
let file: string
let count = 0
beforeEach(() => {
  count += 1
  file = join(folder, `tenant-${count}.json`)
})
afterAll(() => rm(folder, { recursive: true }))

const code = 'exports.onExecutePostLogin = async () => {}'
const action = { name: 'kept', supported_triggers: [{ id: 'post-login', version: 'v3' }], code }
const database = { name: 'kept-users', strategy: 'auth0', options: { import_mode: true } }

/** A tenant with one resource of most kinds, saved and stopped; and a token of it. */
async function savedTenant() {
  const tenant = await startedTenant({ stateFile: file, buildTime: 0, passwordHashRounds: 4 })
  const { call, running } = tenant
  const { body } = await call('POST', '/actions/actions', action)
  await call('POST', `/actions/actions/${body.id}/deploy`)
  const ref = { type: 'action_name', value: action.name }
  await call('PATCH', '/actions/triggers/post-login/bindings', { bindings: [{ ref }] })
  await call('POST', '/connections', database)
  const user = { connection: database.name, email: 'ada@example.com', password: 'Correct horse 1' }
  expect((await call('POST', '/users', user)).status).toBe(201)
  await call('POST', '/email-templates', { template: 'verify_email', body: 'Hello' })
  const token = await managementToken(running, tenant.ask)
  await tenant.close()
  return { token, state: running.tenant.state, domain: running.domain, running }
}

test('state file: a tenant goes on where it stopped: resources, keys, port and tokens', async () => {
  const { domain, running, state, token } = await savedTenant()
  const again = await startedTenant({ stateFile: file }, token)
  expect(again.running.tenant.state).toEqual(state)
  expect(again.running.domain).toBe(domain)
  expect(again.running.tenant.jwks).toEqual(running.tenant.jwks)
  expect(again.running.deployClient).toEqual(running.deployClient)
  expect((await again.call('GET', '/actions/actions')).body.actions).toMatchObject([
    { name: 'kept', status: 'built', all_changes_deployed: true },
  ])
  await again.close()
})

test('state file: nobody is logged out by a restart, and no reset, migration or redirect is lost', async () => {
  const kept = [
    'failedLogins',
    'passwordTickets',
    'pendingImports',
    'refreshTokens',
    'sessions',
    'suspendedLogins',
    'usedAssertions',
    'userinfoGrants',
  ] as const
  const tenant = await startedTenant({ stateFile: file })
  for (const name of kept) {
    const map: Map<string, unknown> = tenant.running.tenant.activity[name]
    map.set('digest', { name, expiresAt: null })
  }
  await tenant.close()
  const again = await startedTenant({ stateFile: file })
  for (const name of kept) {
    expect([...again.running.tenant.activity[name]]).toEqual([
      ['digest', { name, expiresAt: null }],
    ])
  }
  await again.close()
})

test('state file: a restart lifts no brute-force block', async () => {
  const realm = 'http://auth0.com/oauth/grant-type/password-realm'
  const tenant = await startedTenant({ stateFile: file, passwordHashRounds: 4 })
  const client = { name: 'Trusted', app_type: 'non_interactive', grant_types: [realm] }
  const { client_id, client_secret } = (await tenant.call('POST', '/clients', client)).body
  await tenant.call('POST', '/connections', { ...database, enabled_clients: [client_id] })
  const ada = { connection: database.name, email: 'ada@example.com', password: 'Correct horse 1' }
  await tenant.call('POST', '/users', ada)
  const grant = { grant_type: realm, realm: database.name, client_id, client_secret }
  const credentials = { username: ada.email, password: ada.password }
  for (let time = 0; time < 10; time += 1) {
    await tenant.ask('POST', '/oauth/token', { ...grant, ...credentials, password: 'wrong' })
  }
  await tenant.close()
  const again = await startedTenant({ stateFile: file })
  const { status, body } = await again.ask('POST', '/oauth/token', { ...grant, ...credentials })
  expect([status, body.error]).toEqual([429, 'too_many_attempts'])
  await again.close()
})

test('state file: it is for its owner only, and nothing is left beside it', async () => {
  await savedTenant()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const beside = await readdir(folder)
  expect(beside.filter((name) => name.includes('draft'))).toEqual([])
})

test('state file: a change is there soon, while the tenant runs', async () => {
  const tenant = await startedTenant({ stateFile: file })
  expect(await readFile(file, 'utf8')).not.toContain('Soon there')
  await tenant.call('POST', '/clients', { name: 'Soon there' })
  await expect.poll(() => readFile(file, 'utf8')).toContain('Soon there')
  await tenant.call('POST', '/email-templates', { template: 'reset_email', body: 'Also there' })
  await expect.poll(() => readFile(file, 'utf8')).toContain('Also there')
  await tenant.close()
})

test('state file: what a version before did not have is as in a new tenant', async () => {
  await savedTenant()
  const text = JSON.parse(await readFile(file, 'utf8'))
  delete text.state.settings
  await writeFile(file, JSON.stringify(text))
  const again = await startedTenant({ stateFile: file })
  const { body } = await again.call('GET', '/tenants/settings')
  expect(body.session_lifetime).toBe(168)
  await again.close()
})

test('state file: a configuration that was shown before a restart may be sent back after it', async () => {
  const options = { configuration: { PASSWORD: 'open sesame' } }
  const tenant = await startedTenant({ stateFile: file })
  const { body } = await tenant.call('POST', '/connections', { ...database, options })
  await tenant.close()
  const again = await startedTenant({ stateFile: file })
  expect(body.options.configuration.PASSWORD).not.toContain('sesame')
  await again.call('PATCH', `/connections/${body.id}`, { options: body.options })
  const kept = again.running.tenant.state.connections.get(body.id)
  expect(kept?.options).toMatchObject(options)
  await again.close()
})

const json = fc.jsonValue()
const maps = fc.dictionary(fc.string(), fc.dictionary(fc.string(), json))

test('state file: whatever JSON the resources are, they come back the same', async () => {
  const identity = {
    port: 4_711,
    signingKey: await newPrivateKey(),
    deployClient: { client_id: 'id', client_secret: 'secret' },
  }
  await fc.assert(
    fc.asyncProperty(maps, fc.dictionary(fc.string(), json), async (others, users) => {
      const state = newTenantState('https://127.0.0.1:4711/', identity.deployClient)
      for (const [id, user] of Object.entries(users)) state.users.set(id, user as never)
      for (const [type, collection] of Object.entries(others)) {
        state.others.set(type, new Map(Object.entries(collection)) as never)
      }
      await writeFile(file, stateText(identity, state, createActivity()))
      // -0 is 0 in JSON.
      const plain = new Map(
        [...state.users].map(([id, user]) => [id, JSON.parse(JSON.stringify(user))]),
      )
      const read = await readStateFile(file)
      expect(read?.state.users).toEqual(plain)
      expect([...(read?.state.others?.keys() ?? [])]).toEqual([...state.others.keys()])
      expect(read?.state.clients).toEqual(state.clients)
      expect(read).toMatchObject(identity)
    }),
    { numRuns: 50 },
  )
})

const spoil: [how: string, change: (text: string) => string, where: string][] = [
  ['cut off', (text) => text.slice(0, -100), 'the whole of it'],
  ['empty', () => '', 'the whole of it'],
  ['of another program', () => '{"name":"something-else"}', 'version'],
  ['of a later version', (text) => text.replace('"version":1', '"version":2'), 'version'],
  ['without a key', (text) => text.replace('"d":', '"x":'), 'signingKey.d'],
  ['of a key that is none', (text) => text.replace(/"n":"[^"]*"/, '"n":"~"'), 'signingKey'],
  [
    'of halves of two keys',
    (text) => text.replace(/"n":"(.)/, (_, first) => `"n":"${first === 'x' ? 'y' : 'x'}`),
    'signingKey',
  ],
  [
    'of clients in no map',
    (text) => text.replace('"clients":["map"', '"clients":["json"'),
    'state.clients',
  ],
  [
    'of clients that are no map',
    (text) => text.replace('"clients":["map"', '"clients":["list"'),
    'state.clients',
  ],
]

test.each(spoil)(
  'state file: one that is %s is refused, in words, and left as it is',
  async (...row) => {
    const [, change, where] = row
    const { running } = await savedTenant()
    const spoilt = change(await readFile(file, 'utf8'))
    await writeFile(file, spoilt)
    const refusal = await startTenant({ runtime: createInProcessRuntime(), stateFile: file }).then(
      () => null,
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({ name: 'StateFileError', code: 'state_file_corrupt' })
    const { message } = refusal as Error
    expect(message).toContain(file)
    expect(message).toContain(`(${where})`)
    expect(message).toContain('move it away')
    expect(message).not.toContain(running.deployClient.client_secret)
    expect(await readFile(file, 'utf8')).toBe(spoilt)
  },
)

test('state file: another port or deploy client than it was saved with is refused', async () => {
  const { domain } = await savedTenant()
  const runtime = createInProcessRuntime()
  const port = Number(domain.split(':')[1])
  const mismatch = { code: 'state_file_mismatch' }
  const other = { stateFile: file, runtime, port: port === 65_535 ? 1 : port + 1 }
  await expect(startTenant(other)).rejects.toMatchObject(mismatch)
  const deployClient = { client_id: 'another', client_secret: 'another' }
  await expect(startTenant({ stateFile: file, runtime, deployClient })).rejects.toMatchObject(
    mismatch,
  )
  await (await startTenant({ stateFile: file, runtime, port })).close()
})

test('state file: a process that is killed leaves its last whole state, whenever that is', async () => {
  const program = fileURLToPath(new URL('busy-tenant.ts', import.meta.url))
  let grown = 0
  for (const pause of [0, 35, 110, 160, 215, 340]) {
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await setTimeout(pause)
    child.kill('SIGKILL')
    await once(child, 'close')
    const { state } = (await readStateFile(file)) ?? {}
    const clients = [...(state?.clients?.keys() ?? [])]
    expect(clients.length).toBeGreaterThanOrEqual(Math.max(grown, 2))
    expect(clients.slice(2)).toEqual(clients.slice(2).map((_, index) => `grown-${index + 2}`))
    grown = clients.length
  }
  expect(grown).toBeGreaterThan(2)
  const again = await startedTenant({ stateFile: file })
  expect(again.running.tenant.state.clients.size).toBe(grown)
  await again.close()
})
