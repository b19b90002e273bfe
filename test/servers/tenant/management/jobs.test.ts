import { gunzipSync } from 'node:zlib'
import { hash } from '@node-rs/bcrypt'
import { Agent, fetch } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { managementToken, type StartedTenant, startedTenant } from '../started-tenant.ts'

const start = Date.UTC(2026, 10, 21)
const clock = { now: start }
let tenant: StartedTenant
let token: string
let connectionId: string

beforeEach(async () => {
  clock.now = start
  tenant = await startedTenant({ now: () => clock.now, passwordHashRounds: 4 })
  token = await managementToken(tenant.running, tenant.ask)
  const made = await tenant.call('POST', '/connections', { name: 'users', strategy: 'auth0' })
  connectionId = made.body.id
})

afterEach(() => tenant.close())

async function post(users: unknown, more: Readonly<Record<string, string>> = {}) {
  const form = new FormData()
  const text = typeof users === 'string' ? users : JSON.stringify(users)
  form.append('users', new Blob([text], { type: 'application/json' }), 'users.json')
  for (const [name, value] of Object.entries({ connection_id: connectionId, ...more })) {
    form.append(name, value)
  }
  const dispatcher = new Agent({ connect: { ca: tenant.running.caCertificate } })
  // Encoded by Node's own, since undici's fetch takes no foreign FormData.
  const request = new Request('https://localhost/', { method: 'POST', body: form })
  const response = await fetch(`${tenant.running.issuer}api/v2/jobs/users-imports`, {
    method: 'POST',
    dispatcher,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': request.headers.get('content-type') ?? '',
    },
    body: new Uint8Array(await request.arrayBuffer()),
  })
  const body = (await response.json()) as Readonly<Record<string, unknown>>
  await dispatcher.close()
  return { status: response.status, body }
}

function user(id: number, more: object = {}) {
  return { email: `user-${id}@legacy.example`, user_id: `legacy|${id}`, ...more }
}

async function run(users: unknown, more?: Readonly<Record<string, string>>) {
  const { body } = await post(users, more)
  clock.now += 60_000
  const job = await tenant.call('GET', `/jobs/${body.id}`)
  const errors = await tenant.call('GET', `/jobs/${body.id}/errors`)
  return { job: job.body, errors: errors.body, errorStatus: errors.status }
}

test('jobs: an import is pending, works at its pace, and ends with a summary', async () => {
  tenant.running.tenant.activity.conductJob = () => ({ delay: 0, usersPerSecond: 2 })
  const users = [1, 2, 3, 4].map((id) => user(id))
  const { status, body } = await post(users, { external_id: 'file-1', upsert: 'false' })
  expect(status).toBe(202)
  expect(body).toMatchObject({
    ...{ status: 'pending', type: 'users_import', connection_id: connectionId },
    ...{ external_id: 'file-1', upsert: false, send_completion_email: true },
  })
  clock.now += 1_000
  const halfway = await tenant.call('GET', `/jobs/${body.id}`)
  expect(halfway.body).toMatchObject({ status: 'pending', percentage_done: 50 })
  expect((await tenant.call('GET', '/users/auth0%7Clegacy%7C2')).status).toBe(200)
  expect((await tenant.call('GET', '/users/auth0%7Clegacy%7C3')).status).toBe(404)
  clock.now += 1_000
  const done = await tenant.call('GET', `/jobs/${body.id}`)
  const summary = { failed: 0, updated: 0, inserted: 4, total: 4 }
  expect(done.body).toMatchObject({ status: 'completed', summary })
  expect((await tenant.call('GET', `/jobs/${body.id}/errors`)).status).toBe(204)
})

test('jobs: a third at a time is refused with 429, until one of the two is over', async () => {
  await post([user(1)])
  await post([user(2)])
  const third = await post([user(3)])
  expect(third.status).toBe(429)
  expect(third.body.message).toBe(
    'There are 2 active import users jobs, please wait until some of them are finished and try again',
  )
  clock.now += 10_000
  expect((await post([user(3)])).status).toBe(202)
})

test('jobs: a file of 500,000 bytes is taken, one byte more is 413', async () => {
  const file = (bytes: number) => `[${' '.repeat(bytes - 2)}]`
  expect((await post(file(500_000))).status).toBe(202)
  expect((await post(file(500_001))).status).toBe(413)
})

test('jobs: a file that is no JSON array makes a job that fails, without a summary', async () => {
  const { job } = await run('{"email":')
  expect(job.status).toBe('failed')
  expect(job).not.toHaveProperty('summary')
})

test('jobs: a job that does not end in two hours fails, and keeps whom it has imported', async () => {
  tenant.running.tenant.activity.conductJob = () => ({
    ...{ delay: 0, usersPerSecond: 10 },
    stop: { after: 1, how: 'stall' },
  })
  const { body } = await post([user(1), user(2)])
  clock.now += 2 * 60 * 60_000 - 1
  expect((await tenant.call('GET', `/jobs/${body.id}`)).body.status).toBe('pending')
  clock.now += 1
  expect((await tenant.call('GET', `/jobs/${body.id}`)).body.status).toBe('failed')
  expect((await tenant.call('GET', '/users/auth0%7Clegacy%7C1')).status).toBe(200)
  expect((await tenant.call('GET', '/users/auth0%7Clegacy%7C2')).status).toBe(404)
})

test('jobs: everything of a job is gone after 24 hours, and what it imported is not', async () => {
  const { body } = await post([user(1), { email: 'no address' }])
  clock.now += 24 * 60 * 60_000
  token = await managementToken(tenant.running, tenant.ask)
  const asked = { authorization: `Bearer ${token}` }
  const dispatcher = new Agent({ connect: { ca: tenant.running.caCertificate } })
  const statusOf = async (path: string) => {
    const url = `${tenant.running.issuer}api/v2/${path}`
    return (await fetch(url, { dispatcher, headers: asked })).status
  }
  expect(await statusOf(`jobs/${body.id}`)).toBe(404)
  expect(await statusOf(`jobs/${body.id}/errors`)).toBe(404)
  expect(await statusOf('users/auth0%7Clegacy%7C1')).toBe(200)
  await dispatcher.close()
})

// https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema
const wrong: readonly [code: string, path: string | undefined, row: unknown][] = [
  ['OBJECT_REQUIRED', 'email', { user_id: '1' }],
  ['INVALID_TYPE', undefined, 'a text'],
  ['INVALID_TYPE', 'blocked', user(1, { blocked: 'yes' })],
  ['FORMAT', 'email', { email: 'nobody' }],
  ['PATTERN', 'password_hash', user(1, { password_hash: '$2b$12$short' })],
  ['PATTERN', 'phone_number', user(1, { phone_number: '0049' })],
  ['ENUM_MISMATCH', 'custom_password_hash.algorithm', custom({ algorithm: 'sha3' })],
  ['MIN_LENGTH', 'username', user(1, { username: '' })],
  ['ARRAY_LENGTH_SHORT', 'mfa_factors', user(1, { mfa_factors: [] })],
  ['ARRAY_LENGTH_LONG', 'mfa_factors', user(1, { mfa_factors: Array(11).fill(totp()) })],
  ['MINIMUM', 'custom_password_hash.keylen', custom({ algorithm: 'scrypt', keylen: 0 })],
  ['NOT_PASSED', undefined, user(1, { unknown: 1 })],
  ['NOT_PASSED', 'app_metadata', user(1, { app_metadata: { email: 'x' } })],
  ['NOT_PASSED', undefined, user(1, { password_hash: bcryptForm(), ...custom({}) })],
]

function totp() {
  return { totp: { secret: 'ABCD2345' } }
}

function bcryptForm() {
  return `$2b$10$${'a'.repeat(53)}`
}

function custom(more: object) {
  const hash = { value: 'deadbeef', encoding: 'hex' }
  return user(1, { custom_password_hash: { algorithm: 'md5', hash, ...more } })
}

test.each(wrong)('jobs: a user with %s at %s fails alone', async (code, path, row) => {
  const { errors, job } = await run([row, user(2)])
  expect(job.summary).toEqual({ failed: 1, updated: 0, inserted: 1, total: 2 })
  expect(errors).toHaveLength(1)
  expect(errors[0].errors[0].code).toBe(code)
  expect(errors[0].errors[0].path).toBe(path)
})

test('jobs: errors repeat the user without hashes and secrets', async () => {
  const { errors } = await run([
    { ...custom({ algorithm: 'no such' }), mfa_factors: [totp()], password_hash: 'x' },
  ])
  expect(JSON.stringify(errors)).not.toMatch(/deadbeef|ABCD2345/)
  expect(errors[0].user.custom_password_hash.hash.value).toBe('*****')
  expect(errors[0].user.user_id).toBe('legacy|1')
})

test('jobs: of two users with one address, name or id in a file the first is imported', async () => {
  const { errors, job } = await run([
    user(1),
    { ...user(2), email: 'USER-1@legacy.example' },
    { ...user(3), user_id: 'legacy|1' },
  ])
  expect(job.summary).toMatchObject({ inserted: 1, failed: 2 })
  expect(errors.map((one: { errors: { code: string }[] }) => one.errors[0]?.code)).toEqual([
    ...['DUPLICATED_USER', 'DUPLICATED_USER'],
  ])
})

test('jobs: a user who is there fails without upsert; with it metadata are replaced', async () => {
  await run([user(1, { app_metadata: { plan: 'gold', team: 7 }, username: 'one' })])
  const changed = user(1, { app_metadata: { plan: 'free' }, username: 'two', blocked: true })
  expect((await run([changed])).job.summary).toMatchObject({ failed: 1 })
  expect((await run([changed], { upsert: 'true' })).job.summary).toMatchObject({ updated: 1 })
  const { body } = await tenant.call('GET', '/users/auth0%7Clegacy%7C1')
  expect(body.app_metadata).toEqual({ plan: 'free' })
  expect(body.username).toBe('one')
  expect(body.blocked).toBeUndefined()
})

test('jobs: GET /users finds an imported user later than GET /users/{id} does', async () => {
  const { body } = await post([user(1)])
  clock.now += 1_000
  expect((await tenant.call('GET', `/jobs/${body.id}`)).body.status).toBe('completed')
  expect((await tenant.call('GET', '/users/auth0%7Clegacy%7C1')).status).toBe(200)
  expect((await tenant.call('GET', '/users')).body).toEqual([])
  clock.now += 5_000
  expect((await tenant.call('GET', '/users')).body).toHaveLength(1)
})

test('jobs: a creation is logged with its external_id, by which its job is found again', async () => {
  const { body } = await post([user(1)], { external_id: 'file-7' })
  const { body: logs } = await tenant.call('GET', '/logs?q=type:sapi')
  expect(logs[0].details).toMatchObject({
    request: { path: '/api/v2/jobs/users-imports', body: { external_id: 'file-7' } },
    response: { body: { id: body.id } },
  })
})

test('jobs: an export is a compressed file behind a link that lasts a minute', async () => {
  await run([user(1, { app_metadata: { plan: 'gold' } }), user(2)])
  const fields = [{ name: 'user_id' }, { name: 'app_metadata.plan', export_as: 'plan' }]
  const order = { connection_id: connectionId, format: 'json', fields }
  const { body } = await tenant.call('POST', '/jobs/users-exports', order)
  expect(body).toMatchObject({ status: 'pending', type: 'users_export' })
  clock.now += 1_000
  const { body: done } = await tenant.call('GET', `/jobs/${body.id}`)
  const dispatcher = new Agent({ connect: { ca: tenant.running.caCertificate } })
  const file = await fetch(done.location, { dispatcher })
  const lines = gunzipSync(await file.arrayBuffer())
    .toString()
    .trim()
    .split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { user_id: 'auth0|legacy|1', plan: 'gold' },
    { user_id: 'auth0|legacy|2' },
  ])
  clock.now += 60_000
  expect((await fetch(done.location, { dispatcher })).status).toBe(403)
  await dispatcher.close()
})

test('jobs: a CSV export escapes texts, and takes metadata field by field only', async () => {
  await run([user(1, { name: '=1+"1"' })])
  const refused = { format: 'csv', fields: [{ name: 'app_metadata' }] }
  expect((await tenant.call('POST', '/jobs/users-exports', refused)).status).toBe(400)
  const order = { format: 'csv', fields: [{ name: 'name' }, { name: 'email_verified' }] }
  const { body } = await tenant.call('POST', '/jobs/users-exports', order)
  clock.now += 1_000
  const { body: done } = await tenant.call('GET', `/jobs/${body.id}`)
  const dispatcher = new Agent({ connect: { ca: tenant.running.caCertificate } })
  const text = gunzipSync(await (await fetch(done.location, { dispatcher })).arrayBuffer())
  expect(text.toString()).toBe(`name,email_verified\n"'=1+""1""",false\n`)
  await dispatcher.close()
})

test('jobs: an imported bcrypt hash opens the account at once', async () => {
  const password_hash = await hash('right', 10)
  await run([user(1, { password_hash: password_hash.replace('$2b$', '$2a$') })])
  const state = tenant.running.tenant.state.users.get('auth0|legacy|1')
  expect(state?.passwordHash).toMatch(/^\$2a\$10\$/)
})
