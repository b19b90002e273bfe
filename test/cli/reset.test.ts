import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { createManagementClient, type ManagementClient } from '../../cli/demo/management-client.ts'
import { type RunningTenant, startTenant } from '../../servers/tenant/server.ts'
import { migration } from './run-migration.ts'

let tenant: RunningTenant
let management: ManagementClient

beforeAll(async () => {
  tenant = await startTenant({ runtime: createInProcessRuntime(), passwordHashRounds: 4 })
  management = createManagementClient(tenant)
  await management.post('connections', { name: 'people', strategy: 'auth0' })
})

afterAll(() => tenant.close())

const stamp = { legacy_id: '1', backfilled_at: '2026-11-21T08:00:00.000Z', backfill: 'arrived' }

async function addUser(id: string, app_metadata: object): Promise<string> {
  const { user_id } = await management.post<{ user_id: string }>('users', {
    connection: 'people',
    user_id: id,
    email: `${id}@people.example`,
    password: 'Aa1-of-a-person',
    app_metadata,
  })
  return user_id
}

async function metadataOf(id: string): Promise<unknown> {
  const path = `users/${encodeURIComponent(id)}`
  return (await management.get<{ app_metadata?: unknown }>(path)).app_metadata ?? {}
}

function reset(args: readonly string[], input?: string) {
  const { client_id, client_secret } = tenant.deployClient
  const env = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: client_id,
    AUTH0_CLIENT_SECRET: client_secret,
    NODE_EXTRA_CA_CERTS: tenant.caFile,
  }
  return migration(['reset', ...args], { env, ...(input !== undefined && { input }) })
}

test('reset: clears the stamp, and nothing else of a user', async () => {
  const id = await addUser('one', { legacy_migration: stamp, plan: 'gold' })
  const { status, stdout } = await reset([id, '--yes', '--json'])
  expect(JSON.parse(stdout)).toEqual({
    ...{ dryRun: false, users: 1, cleared: 1, unstamped: 0, notFound: 0, failed: 0 },
  })
  expect(status).toBe(0)
  expect(await metadataOf(id)).toEqual({ plan: 'gold' })
})

test('reset: with --dry-run counts and changes nothing', async () => {
  const id = await addUser('two', { legacy_migration: stamp })
  const writes = tenant.tenant.activity.profileWrites.length
  const { status, stdout } = await reset([id, '--dry-run', '--json'])
  expect({ status, found: JSON.parse(stdout) }).toMatchObject({
    status: 0,
    found: { dryRun: true, users: 1, cleared: 1 },
  })
  expect(await metadataOf(id)).toEqual({ legacy_migration: stamp })
  expect(tenant.tenant.activity.profileWrites.length).toBe(writes)
})

test('reset: takes ids from standard input, each once, and names nobody', async () => {
  const stamped = await addUser('three', { legacy_migration: stamp })
  const other = await addUser('four', {})
  const input = `${stamped}\n${other}\n\n${stamped}\r\nauth0|nobody\n`
  const { status, stdout, stderr } = await reset(['-', '--yes'], input)
  expect(stdout).toContain('Cleared: 1. Without a stamp: 1. Not found: 1. Failed: 0.\n')
  expect(status).toBe(1)
  expect(stdout + stderr).not.toMatch(/@|three|four/)
  expect(await metadataOf(stamped)).toEqual({})
})

test('reset: of a linked account it says whose id has the stamp, and takes that', async () => {
  const primary = await addUser('first', { legacy_migration: stamp })
  const linked = await addUser('second', { legacy_migration: stamp })
  const path = `users/${encodeURIComponent(primary)}/identities`
  await management.post(path, { provider: 'auth0', user_id: linked })
  const { status, stdout } = await reset([linked, '--yes'])
  expect([status, stdout]).toEqual([1, expect.stringContaining('by the id of the other')])
  const done = await reset([primary, '--yes'])
  expect([done.status, done.stdout]).toEqual([0, expect.not.stringContaining('linked')])
  expect(await metadataOf(primary)).toEqual({})
})

test('reset: does nothing unasked', async () => {
  const id = await addUser('five', { legacy_migration: stamp })
  const { status, stderr } = await reset([id, '--json'])
  expect(status).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_confirmed' } })
  expect(await metadataOf(id)).toEqual({ legacy_migration: stamp })
})

test('reset: repeats nothing that is no user id, since it may be an address', async () => {
  const { status, stderr } = await reset(['auth0|1', 'somebody@people.example', '--yes'])
  expect(status).toBe(2)
  expect(stderr).toContain('User 2')
  expect(stderr).not.toContain('somebody')
})

test('reset: stops at once where the application may not', async () => {
  const { client_id, client_secret } = await management.post<{
    client_id: string
    client_secret: string
  }>('clients', { name: 'weak', app_type: 'non_interactive', grant_types: ['client_credentials'] })
  const audience = `${tenant.issuer}api/v2/`
  await management.post('client-grants', { client_id, audience, scope: ['read:clients'] })
  const { status, stderr } = await migration(['reset', 'auth0|1', '--yes', '--json'], {
    env: {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: client_id,
      AUTH0_CLIENT_SECRET: client_secret,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
    },
  })
  expect(status).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: 'scope_missing', message: expect.stringContaining('read:users') },
  })
  expect(stderr).not.toContain(client_secret)
})
