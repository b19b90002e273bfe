import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import type { Auth0Tenant } from '../../../cli/auth0-tenant.ts'
import {
  connectManaged,
  createManagementClient,
  type ManagementClient,
} from '../../../cli/demo/management-client.ts'
import { actionNamed, bindingsOf, databaseNamed } from '../../../cli/publish/actual.ts'
import type {
  ActionBefore,
  ConnectionBefore,
  MembersBefore,
} from '../../../cli/publish/before-states.ts'
import { valueDigest } from '../../../cli/publish/changed-since.ts'
import type { Before, Journal } from '../../../cli/publish/journal.ts'
import { readClient } from '../../../cli/publish/migration-clients.ts'
import { codeDigest, noteBefore } from '../../../cli/publish/note-before.ts'
import type { Prepared } from '../../../cli/publish/prepare.ts'
import { assertUndoScopes } from '../../../cli/publish/scopes.ts'
import { undoAction } from '../../../cli/publish/undo-action.ts'
import { undoMembers } from '../../../cli/publish/undo-members.ts'
import { undoConnection, undoEnabledClients } from '../../../cli/publish/undo-resources.ts'
import { changeBindings } from '../../../cli/publish/write-lists.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'

let running: RunningTenant
let management: ManagementClient
let tenant: Auth0Tenant

beforeAll(async () => {
  running = await startTenant({
    ...{ runtime: createInProcessRuntime(), buildTime: 0, passwordHashRounds: 4 },
  })
  management = createManagementClient(running)
  tenant = connectManaged(running)
})

afterAll(() => running.close())

const codeOf = (text: string) => `exports.onExecutePostLogin = async () => {} // ${text}`

/** An Action that ran `theirs`, with a draft of theirs or none, and runs `ours` now. */
async function published(name: string, draft?: string): Promise<ActionBefore> {
  const { id } = await management.post<{ id: string }>('actions/actions', {
    ...{ name, code: codeOf('theirs'), runtime: 'node22' },
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  })
  const deploy = () => management.post(`actions/actions/${id}/deploy`, {})
  await deploy()
  const versionId = (await actionNamed(tenant, name))?.deployed_version?.id ?? null
  await management.patch(`actions/actions/${id}`, { code: codeOf('ours') })
  await deploy()
  const whole = { id, versionId, code: codeOf('theirs'), runtime: 'node22', dependencies: [] }
  const left = { code: codeOf(draft ?? ''), runtime: 'node22', dependencies: [] }
  return { ...whole, secretNames: [], ...(draft !== undefined && { draft: left }) }
}

async function shown(name: string) {
  const action = await actionNamed(tenant, name)
  return { runs: action?.deployed_version?.code, draft: action?.code }
}

const made = codeDigest(codeOf('ours'))

test('undoAction: brings back what ran, and the draft that somebody had left', async () => {
  const before = await published('drafted', 'their draft')
  expect(await undoAction(tenant, 'drafted', before, made)).not.toHaveProperty('conflicts')
  expect(await shown('drafted')).toEqual({ runs: codeOf('theirs'), draft: codeOf('their draft') })
  const again = await undoAction(tenant, 'drafted', before, made)
  expect(again).not.toHaveProperty('conflicts')
})

test('undoAction: keeps what somebody has drafted since, and says so', async () => {
  const before = await published('drafted-since')
  await management.patch(`actions/actions/${before.id}`, { code: codeOf('of today') })
  const { conflicts } = await undoAction(tenant, 'drafted-since', before, made)
  expect(conflicts).toEqual([expect.stringContaining('The draft of Action drafted-since')])
  expect(await shown('drafted-since')).toEqual({
    runs: codeOf('theirs'),
    draft: codeOf('of today'),
  })

  const { conflicts: ofMade } = await undoAction(tenant, 'drafted-since', null, made)
  expect(ofMade).toHaveLength(1)
  expect(await actionNamed(tenant, 'drafted-since')).not.toBeNull()
})

test('undoConnection: takes back what the publish did, and nothing that somebody has changed since', async () => {
  const customScripts = { login: '// edited since', get_user: '// of the publish' }
  const options = { import_mode: true, requires_username: true, passwordPolicy: 'good' }
  const { id } = await management.post<{ id: string }>('connections', {
    ...{ name: 'edited', strategy: 'auth0', options: { ...options, customScripts } },
  })
  const before: ConnectionBefore = {
    ...{ id, members: {}, configuration: {} },
    options: { import_mode: false, requires_username: null },
    scripts: { login: null, get_user: null },
  }
  const after = {
    'connection edited options.import_mode': valueDigest(true),
    'connection edited options.requires_username': valueDigest(false),
    'connection edited script login': valueDigest('// of the publish'),
    'connection edited script get_user': valueDigest('// of the publish'),
  }
  const { conflicts = [] } = await undoConnection(tenant, 'edited', before, { after, record: null })
  expect(conflicts.map((one) => one.split(' was ')[0])).toEqual([
    'options.requires_username of connection edited',
    'script login of connection edited',
  ])
  const there = (await databaseNamed(tenant, 'edited'))?.options
  expect(there).toMatchObject({ ...options, import_mode: false })
  expect(there?.customScripts).toEqual({ login: '// edited since' })
})

test('changeBindings: an answer that was lost is no failure, though every change makes new bindings', async () => {
  await published('bound')
  await published('bound-too')
  const one = { id: null, action: 'bound', displayName: 'bound' }
  const two = { id: null, action: 'bound-too', displayName: 'bound-too' }
  await changeBindings(tenant, 'post-login', () => [one])
  running.faults.add({
    ...{ method: 'PATCH', route: '/api/v2/actions/triggers/{id}/bindings' },
    ...{ cut: 'after', times: 1 },
  })
  const changed = await changeBindings(tenant, 'post-login', (current) => {
    return [two, current.find(({ action }) => action === 'bound') ?? one]
  })
  expect(changed).toBe(true)
  running.faults.clear()
  const names = (await bindingsOf(tenant, 'post-login')).map(({ action }) => action)
  expect(names).toEqual(['bound-too', 'bound'])
})

test('undoEnabledClients: closes a connection again, and names whom it cannot find', async () => {
  const ids: string[] = []
  for (const name of ['App one', 'App two', 'App three']) {
    ids.push((await management.post<{ client_id: string }>('clients', { name })).client_id)
  }
  const { id } = await management.post<{ id: string }>('connections', {
    ...{ name: 'opened', strategy: 'auth0', enabled_clients: ids.slice(0, 2) },
  })
  await management.patch(`clients/${ids[1]}`, { name: 'App of another name' })
  const names = ['App one', 'App two', 'App three']
  expect(await undoEnabledClients(tenant, 'opened', names)).toEqual({
    restored: ['connection opened: no more enabled for App one'],
    conflicts: [expect.stringContaining('enabled for App two, which')],
  })
  expect(running.tenant.state.connections.get(id)?.enabled_clients).toEqual([ids[1]])
})

test('undoMembers: of an API keeps the scopes that somebody has added since', async () => {
  const [ours, theirs] = [
    { value: 'ours', description: '' },
    { value: 'theirs', description: '' },
  ]
  const { id } = await management.post<{ id: string }>('resource-servers', {
    ...{ name: 'An API', identifier: 'https://an.api/', scopes: [ours, theirs] },
    token_lifetime: 100,
  })
  const before = { id, members: { scopes: [], token_lifetime: 200 } }
  const one = { kind: 'resource-server', name: 'https://an.api/' } as const
  const after = {
    'resource-server https://an.api/ scopes': valueDigest([ours]),
    'resource-server https://an.api/ token_lifetime': valueDigest(100),
  }
  const { conflicts, restored } = await undoMembers(tenant, one, before, after)
  expect(restored).toEqual(['API https://an.api/'])
  expect(conflicts).toEqual([
    expect.stringMatching(/^scopes of API https:\/\/an\.api\/ was changed/),
  ])
  expect(await management.get(`resource-servers/${id}`)).toMatchObject({
    ...{ scopes: [ours, theirs], token_lifetime: 200 },
  })
})

test('undoMembers: of the application that keeps lock and record takes back all but these', async () => {
  const { client_id: id } = await management.post<{ client_id: string }>('clients', {
    name: 'A keeper',
    client_metadata: { ours: 'new', migration_lock: 'now', theirs: 'kept' },
  })
  const before = { id, members: { client_metadata: { ours: 'old', migration_lock: 'then' } } }
  const one = { kind: 'client', name: 'A keeper' } as const
  const own = valueDigest({ ours: 'new', theirs: 'kept' })
  const undone = await undoMembers(tenant, one, before, { 'client A keeper client_metadata': own })
  expect(undone).toEqual({ restored: ['application A keeper'], conflicts: [], secretsKept: [] })
  expect(await management.get(`clients/${id}`)).toMatchObject({
    ...{ client_metadata: { ours: 'old', migration_lock: 'now', theirs: 'kept' } },
  })
})

test('noteBefore, undoMembers: keep no secret of an application, and name it', async () => {
  const { client_id: id } = await management.post<{ client_id: string }>('clients', {
    name: 'An app',
  })
  const client = await readClient(tenant, id)
  const changed = ['client_secret', 'callbacks'].map((path) => ({ path, before: 1, after: 2 }))
  const change = { kind: 'client', change: 'update', name: 'An app', members: changed } as const
  const noted: Before[] = []
  noteBefore(
    { before: (one: Before) => noted.push(one) } as unknown as Journal,
    {
      ...{ plan: { changes: [change] }, desired: { actions: [], clientGrants: [] } },
      ...{ actual: { clients: new Map([['An app', client]]) }, record: null },
    } as unknown as Prepared,
  )
  expect(client.secret).toMatch(/./)
  expect(JSON.stringify(noted)).not.toContain(client.secret)
  const state = noted[0]?.state as MembersBefore
  expect(state.members).toEqual({ callbacks: null })
  const undone = await undoMembers(tenant, { kind: 'client', name: 'An app' }, state, {})
  expect(undone.secretsKept).toEqual(['client_secret of application An app'])
})

test('undoMembers: what cannot be taken away again stays and is told, a list is emptied', async () => {
  const name = 'A late app'
  const { client_id: id } = await management.post<{ client_id: string }>('clients', {
    ...{ name, app_type: 'regular_web', callbacks: ['https://app.example/'] },
    organization_usage: 'allow',
  })
  const members = { app_type: null, callbacks: null, organization_usage: null }
  const undone = await undoMembers(tenant, { kind: 'client', name }, { id, members }, {})
  expect(undone).toMatchObject({ restored: [`application ${name}`] })
  expect(undone.left).toEqual([expect.stringContaining(`app_type of application ${name}`)])
  const shown = await management.get(`clients/${id}`)
  expect(shown).toMatchObject({ app_type: 'regular_web', callbacks: [] })
  expect(shown).not.toHaveProperty('organization_usage')
  const alone = { id, members: { app_type: null } }
  const again = await undoMembers(tenant, { kind: 'client', name }, alone, {})
  expect(again).not.toHaveProperty('restored')
})

test('assertUndoScopes: names what an undo takes before it begins', async () => {
  const granting = (scopes: string) => ({ scopes: async () => new Set(scopes.split(' ')) })
  const read =
    'read:actions read:clients read:client_grants read:client_keys read:connections read:connections_options read:resource_servers update:clients'
  const before = [
    { kind: 'action', name: 'made', id: null, state: null },
    { kind: 'action', name: 'there', id: 'a', state: {} },
    { kind: 'client', name: 'made', id: null, state: null },
    { kind: 'connection', name: 'there', id: 'c', state: {} },
  ] as const
  const asked = (scopes: string, removesMade: boolean) =>
    assertUndoScopes(granting(scopes) as unknown as Auth0Tenant, before, removesMade)
  await expect(asked(read, false)).rejects.toMatchObject({
    code: 'scope_missing',
    message: expect.stringContaining(
      ': create:actions, delete:actions, update:actions, update:connections, update:connections_options.',
    ),
  })
  const all = `${read} create:actions delete:actions update:actions update:connections update:connections_options`
  await asked(all, false)
  await expect(asked(all, true)).rejects.toMatchObject({
    message: expect.stringContaining(': delete:clients.'),
  })
})

test('valueDigest: knows a value whatever the order of its keys, and of its texts', () => {
  const one = { scopes: ['b', 'a'], x: { y: 1, z: [2, 1] } }
  expect(valueDigest({ x: { z: [2, 1], y: 1 }, scopes: ['a', 'b'] })).toBe(valueDigest(one))
  expect(valueDigest({ ...one, x: { y: 1, z: [1, 2] } })).not.toBe(valueDigest(one))
  expect(valueDigest(undefined)).toBe(valueDigest(null))
})
