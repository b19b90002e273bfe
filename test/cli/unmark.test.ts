import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hash } from '@node-rs/bcrypt'
import { createLocalJWKSet } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { createManagementClient } from '../../cli/demo/management-client.ts'
import { type Database, openDatabase } from '../../servers/legacy-api/database.ts'
import { seedUsers } from '../../servers/legacy-api/seed-users.ts'
import { startLegacyApi } from '../../servers/legacy-api/server.ts'
import { type RunningTenant, startTenant } from '../../servers/tenant/server.ts'
import { migration } from './run-migration.ts'

const audience = 'https://legacy-api.example/'
let tenant: RunningTenant
let database: Database
let legacy: Awaited<ReturnType<typeof startLegacyApi>>
let operator: { readonly client_id: string; readonly client_secret: string }

beforeAll(async () => {
  tenant = await startTenant({ runtime: createInProcessRuntime() })
  const management = createManagementClient(tenant)
  const scopes = ['unmark:legacy_users', 'read:legacy_users'].map((value) => ({ value }))
  await management.post('resource-servers', { name: 'Legacy API', identifier: audience, scopes })
  operator = await management.post('clients', {
    name: 'Legacy Operator',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  })
  const grant = { client_id: operator.client_id, audience, scope: ['unmark:legacy_users'] }
  await management.post('client-grants', grant)
  database = await openDatabase({})
  const passwordHash = await hash('a password', 10)
  await seedUsers(
    database,
    ['1', '2', '3', 'a/b?c'].map((legacy_id, index) => ({
      legacy_id,
      email: `user-${index}@legacy.example`,
      email_verified: true,
      blocked: false,
      app_metadata: {},
      user_metadata: {},
      passwordHash,
    })),
  )
  const { issuer, jwks } = tenant.tenant
  const keys = createLocalJWKSet(jwks)
  legacy = await startLegacyApi({ database, audience, issuer, jwks: keys, now: Date.now })
})

afterAll(async () => {
  await legacy.close()
  await database.close()
  await tenant.close()
})

async function mark(legacyId: string, auth0UserId = `auth0|legacy-users|${legacyId}`) {
  await database.query(
    `update legacy_users set migrated_at = now(), auth0_user_id = $2, migrated_metadata = 'complete'
     where legacy_id = $1`,
    [legacyId, auth0UserId],
  )
}

async function isMarked(legacyId: string): Promise<boolean> {
  const rows = await database.query(
    'select 1 from legacy_users where legacy_id = $1 and migrated_at is not null',
    [legacyId],
  )
  return rows.length === 1
}

function unmark(args: readonly string[], more: Readonly<Record<string, string>> = {}, input = '') {
  return migration(['unmark', ...args], {
    input,
    env: {
      LEGACY_API_URL: legacy.url,
      LEGACY_API_AUDIENCE: audience,
      LEGACY_TOKEN_URL: `${tenant.issuer}oauth/token`,
      LEGACY_OPERATOR_CLIENT_ID: operator.client_id,
      LEGACY_OPERATOR_CLIENT_SECRET: operator.client_secret,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
      ...more,
    },
  })
}

test('unmark: takes the mark back, twice without harm, whatever characters an id has', async () => {
  await mark('1')
  await mark('a/b?c')
  const args = ['auth0|legacy-users|1', 'auth0|legacy-users|a/b?c', '--yes', '--json']
  for (const _ of ['marked', 'not marked any more']) {
    const { status, stdout } = await unmark(args)
    expect(JSON.parse(stdout)).toEqual({
      ...{ users: 2, unmarked: 2, notFound: 0, migratedToAnother: 0, failed: 0 },
    })
    expect(status).toBe(0)
  }
  expect([await isMarked('1'), await isMarked('a/b?c')]).toEqual([false, false])
})

test('unmark: leaves the mark of another Auth0 user, and goes on past whom it cannot find', async () => {
  await mark('2', 'auth0|somebody-else')
  await mark('3')
  const input = ['2', '99', '3'].map((id) => `auth0|legacy-users|${id}`).join('\n')
  const { status, stdout } = await unmark(['-', '--yes'], {}, input)
  expect(stdout.trim()).toBe('Unmarked: 1. Not found: 1. Marked for another: 1. Failed: 0.')
  expect(status).toBe(1)
  expect([await isMarked('2'), await isMarked('3')]).toEqual([true, false])
})

test('unmark: of a linked account by the id that --legacy-id gives', async () => {
  await mark('2', 'google-oauth2|7')
  const refused = await unmark(['google-oauth2|7', '--yes'])
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('--legacy-id')
  expect((await unmark(['google-oauth2|7', '--legacy-id', '2', '--yes'])).status).toBe(0)
  expect(await isMarked('2')).toBe(false)
})

test('unmark: does nothing unasked', async () => {
  await mark('1')
  const { status, stderr } = await unmark(['auth0|legacy-users|1', '--json'])
  expect(status).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_confirmed' } })
  expect(await isMarked('1')).toBe(true)
})

test('unmark: a wrong secret ends it, and stands in no message', async () => {
  const secret = 'not-the-secret-of-the-operator'
  const { status, stderr } = await unmark(['auth0|legacy-users|1', '--yes'], {
    LEGACY_OPERATOR_CLIENT_SECRET: secret,
  })
  expect(status).toBe(1)
  expect(stderr).toContain('status 401')
  expect(stderr).not.toContain(secret)
})

async function withGateway(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
  }
}

test("unmark: a gateway's 404 is no missing user", async () => {
  const html = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>')
  }
  await withGateway(html, async (url) => {
    const { status, stdout } = await unmark(['auth0|legacy-users|1', '--yes', '--json'], {
      LEGACY_API_URL: url,
    })
    expect(JSON.parse(stdout)).toMatchObject({ notFound: 0, failed: 1 })
    expect(status).toBe(1)
  })
})
