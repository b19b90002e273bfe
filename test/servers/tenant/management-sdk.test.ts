import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { ManagementClient, ManagementError } from 'auth0'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { log } from '../../../servers/tenant/users/tenant-log.ts'

let tenant: RunningTenant
let auth0: ManagementClient

beforeAll(async () => {
  tenant = await startTenant({
    runtime: createInProcessRuntime(),
    buildTime: 100,
    passwordHashRounds: 4,
  })
  // The SDK takes no fetch and no agent of ours: it trusts what Node trusts.
  setDefaultCACertificates([...getCACertificates('default'), tenant.caCertificate])
  const { client_id, client_secret } = tenant.deployClient
  auth0 = new ManagementClient({
    domain: tenant.domain,
    clientId: client_id,
    clientSecret: client_secret,
  })
})

afterAll(() => tenant.close())

const supported_triggers = [{ id: 'post-login' as const, version: 'v3' }]

async function created(name: string, code: string): Promise<string> {
  const { id = '' } = await auth0.actions.create({
    name,
    supported_triggers,
    code,
    runtime: 'node22',
  })
  const status = async () => (await auth0.actions.get(id)).status
  await expect.poll(status).toMatch(/^(built|failed)$/)
  return id
}

test('auth0 SDK: creates, deploys, binds and rolls back an Action', async () => {
  const code = 'exports.onExecutePostLogin = async () => {}'
  const id = await created('greet', code)
  const first = await auth0.actions.deploy(id)
  expect(first).toMatchObject({ number: 1, deployed: false, status: 'built', code })
  await auth0.actions.triggers.bindings.updateMany('post-login', {
    bindings: [{ ref: { type: 'action_name', value: 'greet' }, display_name: 'Greet' }],
  })
  const bindings = await auth0.actions.triggers.bindings.list('post-login')
  expect(bindings.data).toMatchObject([{ display_name: 'Greet', action: { name: 'greet' } }])
  await auth0.actions.update(id, { code: `${code} // 2` })
  await expect.poll(async () => (await auth0.actions.get(id)).status).toBe('built')
  await auth0.actions.deploy(id)
  await auth0.actions.versions.deploy(id, first.id ?? '', { update_draft: true })
  const versions = await auth0.actions.versions.list(id)
  expect(versions.data.map(({ number }) => number)).toEqual([3, 2, 1])
  expect(tenant.tenant.state.actions.get(id)?.deployed?.code).toBe(code)
  await auth0.actions.delete(id, { force: true })
  await expect(auth0.actions.get(id)).rejects.toMatchObject({ statusCode: 404 })
})

test('auth0 SDK: a build that failed says why', async () => {
  const id = await created('broken', 'export const onExecutePostLogin = 1')
  expect(await auth0.actions.get(id)).toMatchObject({ status: 'failed' })
  const versions = await auth0.actions.versions.list(id)
  expect(versions.data).toMatchObject([
    { errors: [{ id: 'syntax_error', msg: expect.stringContaining('export') }] },
  ])
  const refusal = await auth0.actions.deploy(id).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(ManagementError)
  expect(refusal).toMatchObject({ statusCode: 400 })
})

test('auth0 SDK: manages a database and the applications it is enabled for', async () => {
  const { client_id = '' } = await auth0.clients.create({ name: 'App', app_type: 'spa' })
  const { id = '' } = await auth0.connections.create({
    name: 'legacy-users',
    strategy: 'auth0',
    options: { import_mode: true, enabledDatabaseCustomization: true },
  })
  await auth0.connections.clients.update(id, [{ client_id, status: true }])
  const enabled = await auth0.connections.clients.get(id)
  expect(enabled.data).toEqual([{ client_id }])
  await auth0.connections.update(id, { options: { import_mode: false } })
  expect((await auth0.connections.get(id)).options).toMatchObject({ import_mode: false })
  await expect(
    auth0.connections.create({ name: 'legacy-users', strategy: 'auth0' }),
  ).rejects.toMatchObject({
    statusCode: 409,
  })
  await auth0.connections.delete(id)
  await expect(auth0.connections.get(id)).rejects.toMatchObject({ statusCode: 404 })
})

test('auth0 SDK: grants a machine an API', async () => {
  const identifier = 'https://api.example/'
  await auth0.resourceServers.create({
    identifier,
    scopes: [{ value: 'read:things' }],
    subject_type_authorization: {
      user: { policy: 'deny_all' },
      client: { policy: 'require_client_grant' },
    },
  })
  const { client_id = '' } = await auth0.clients.create({
    name: 'M2M',
    app_type: 'non_interactive',
  })
  const { id = '' } = await auth0.clientGrants.create({
    client_id,
    audience: identifier,
    scope: ['read:things'],
  })
  const found = await auth0.clientGrants.list({ client_id })
  expect(found.data).toMatchObject([{ id, audience: identifier, scope: ['read:things'] }])
  await auth0.clientGrants.update(id, { scope: [] })
  await auth0.clientGrants.delete(id)
  expect((await auth0.clientGrants.list({ client_id })).data).toEqual([])
})

test('auth0 SDK: creates, finds, changes and deletes a user', async () => {
  const connection = 'people'
  await auth0.connections.create({ name: connection, strategy: 'auth0' })
  const email = 'ada@example.com'
  const { user_id = '' } = await auth0.users.create({
    connection,
    email,
    password: 'Correct horse 1',
    app_metadata: { plan: 'pro' },
  })
  await auth0.users.update(user_id, { user_metadata: { locale: 'en' } })
  expect(await auth0.users.get(user_id)).toMatchObject({
    email,
    app_metadata: { plan: 'pro' },
    user_metadata: { locale: 'en' },
  })
  expect(await auth0.users.listUsersByEmail({ email })).toMatchObject([{ user_id }])
  expect((await auth0.users.list({ q: `email:"${email}"` })).data).toMatchObject([{ user_id }])
  await auth0.users.delete(user_id)
  await expect(auth0.users.get(user_id)).rejects.toMatchObject({ statusCode: 404 })
})

test('auth0 SDK: pages through all there is, by number and by checkpoint', async () => {
  for (let index = 0; index < 60; index += 1) {
    await auth0.clients.create({ name: `paged ${index}` })
    await auth0.connections.create({
      name: `paged-${index}`,
      strategy: 'samlp',
      options: {} as never,
    })
  }
  const clients: string[] = []
  for await (const { name = '' } of await auth0.clients.list({ per_page: 25 })) clients.push(name)
  expect(clients.filter((name) => name.startsWith('paged'))).toHaveLength(60)
  expect(new Set(clients).size).toBe(tenant.tenant.state.clients.size)
  const connections: string[] = []
  for await (const { name = '' } of await auth0.connections.list({ take: 25 }))
    connections.push(name)
  expect(connections.filter((name) => name.startsWith('paged'))).toHaveLength(60)
})

test('auth0 SDK: comes back after a 429 when it is told to, and gives up on a 400', async () => {
  tenant.faults.add({ method: 'GET', route: '/api/v2/tenants/settings', status: 429, times: 1 })
  const startedAt = Date.now()
  expect(await auth0.tenants.settings.get()).toMatchObject({ sandbox_version: '22' })
  expect(Date.now() - startedAt).toBeGreaterThan(500)
  const wrong = { name: 'x', surplus: true } as never
  await expect(auth0.clients.create(wrong)).rejects.toMatchObject({ statusCode: 400 })
})

test('auth0 SDK: reads the logs', async () => {
  log(tenant.tenant, { type: 'depnote', description: 'Legacy oauth/ro endpoint' })
  const { data } = await auth0.logs.list({}, { queryParams: { q: 'type:depnote' } })
  expect(data).toMatchObject([{ type: 'depnote' }])
  expect(await auth0.logs.get(data[0]?.log_id ?? '')).toMatchObject({ type: 'depnote' })
})
