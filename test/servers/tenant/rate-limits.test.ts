import { expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { limitsOf, type Plan } from '../../../servers/tenant/rate-limit-plans.ts'
import { awaitProfileWrite, createRateLimiter } from '../../../servers/tenant/rate-limits.ts'
import { startTenant } from '../../../servers/tenant/server.ts'
import { addClient, addDatabase, bindActions } from './authentication/tenant-resources.ts'
import { type StartedTenant, startedTenant } from './started-tenant.ts'

const start = Date.UTC(2026, 10, 21)

async function limited(plan: Plan, clock = { now: start }): Promise<StartedTenant> {
  return startedTenant({ plan, now: () => clock.now })
}

/** Requests until one is refused, that one excluded. */
async function burstOf({ call }: StartedTenant, method: string, path: string): Promise<number> {
  for (let count = 0; ; count += 1) {
    if ((await call(method, path)).status === 429) return count
  }
}

// Burst, and requests that a minute adds, as the tables of the plans have them.
// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations
const documented: [Plan, method: string, path: string, burst: number, minute: number][] = [
  ['free', 'GET', '/clients', 2, 120],
  ['free', 'PATCH', '/users/auth0%7C1', 2, 120],
  ['essentials', 'GET', '/users', 40, 500],
  ['essentials', 'GET', '/users-by-email?email=a%40b.example', 40, 500],
  ['essentials', 'PATCH', '/users/auth0%7C1', 20, 200],
  ['essentials', 'DELETE', '/users/auth0%7C1', 20, 200],
  ['professional', 'GET', '/clients', 5, 100],
  ['professional', 'GET', '/connections', 5, 50],
  ['professional', 'GET', '/actions/actions', 10, 150],
  ['professional', 'GET', '/logs', 10, 100],
  ['professional', 'GET', '/emails/provider', 5, 25],
  ['professional', 'PATCH', '/email-templates/verify_email', 5, 25],
  ['enterprise-production', 'GET', '/clients', 50, 960],
  ['enterprise-production', 'GET', '/emails/provider', 15, 150],
  ['enterprise-non-production', 'PATCH', '/users/auth0%7C1', 10, 120],
]

test.each(documented)('rate limits: %s %s %s: %i at once, %i a minute', (...row) => {
  const [plan, method, path, burst, minute] = row
  const limiter = createRateLimiter(plan)
  const takeAll = (now: number) => {
    let count = 0
    while (limiter.take(method, path.replace(/\?.*/, ''), now).every(({ allowed }) => allowed))
      count += 1
    return count
  }
  expect(takeAll(start)).toBe(burst)
  let sustained = 0
  for (let second = 1; second <= 60; second += 1) sustained += takeAll(start + second * 1_000)
  expect(sustained).toBe(minute)
})

test('rate limits: a tenant’s are those of its plan', async () => {
  const tenants: [Plan, path: string, burst: number][] = [
    ['free', '/clients', 2],
    ['essentials', '/clients?page=0', 5],
    ['enterprise-non-production', '/users-by-email?email=a%40b.example', 10],
  ]
  for (const [plan, path, burst] of tenants) {
    const tenant = await limited(plan)
    expect(await burstOf(tenant, 'GET', path), plan).toBe(burst)
    await tenant.close()
  }
})

test('rate limits: each answer says what is left, and when more comes', async () => {
  const tenant = await limited('free')
  const left = async () => {
    const { headers, status } = await tenant.call('GET', '/clients/nobody')
    const named = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`))
    return [status, ...named]
  }
  const reset = String(start / 1_000 + 1)
  expect(await left()).toEqual([404, '2', '1', reset])
  expect(await left()).toEqual([404, '2', '0', reset])
  expect(await left()).toEqual([429, '2', '0', reset])
  await tenant.close()
})

test('rate limits: of two buckets an answer tells of the one that has less left', async () => {
  const tenant = await limited('enterprise-production')
  const limitOf = async (path: string) =>
    (await tenant.call('GET', path)).headers.get('x-ratelimit-limit')
  expect(await limitOf('/emails/provider')).toBe('15')
  expect(await limitOf('/clients')).toBe('50')
  await tenant.close()
})

test('rate limits: one that is refused is told so in Auth0’s words, and does nothing', async () => {
  const tenant = await limited('free')
  await burstOf(tenant, 'GET', '/clients')
  const { status, body } = await tenant.call('POST', '/clients', { name: 'App' })
  expect([status, body]).toEqual([
    429,
    {
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'Global limit has been reached',
      errorCode: 'too_many_requests',
    },
  ])
  const { clients } = tenant.running.tenant.state
  expect([...clients.values()].map(({ name }) => name)).not.toContain('App')
  await tenant.close()
})

test('rate limits: one bucket that is empty leaves the others alone', async () => {
  const tenant = await limited('professional')
  await burstOf(tenant, 'GET', '/clients')
  expect((await tenant.call('GET', '/connections')).status).toBe(200)
  expect((await tenant.call('DELETE', '/users/auth0%7C1')).status).not.toBe(429)
  await tenant.close()
})

test('rate limits: on Enterprise the global limit counts what an endpoint’s own does', async () => {
  const tenant = await limited('enterprise-non-production')
  expect(await burstOf(tenant, 'GET', '/clients')).toBe(10)
  expect((await tenant.call('GET', '/emails/provider')).status).toBe(429)
  await tenant.close()
})

test('rate limits: who has no token is limited too, and the Authentication API is not', async () => {
  const tenant = await limited('free')
  const answers = []
  for (let count = 0; count < 3; count += 1)
    answers.push(await tenant.ask('GET', '/api/v2/clients'))
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 429])
  expect((await tenant.ask('GET', '/.well-known/jwks.json')).status).toBe(200)
  await tenant.close()
})

test('rate limits: without a plan there are none', async () => {
  const tenant = await startedTenant()
  const { headers, status } = await tenant.call('GET', '/clients')
  expect([status, headers.get('x-ratelimit-limit')]).toEqual([200, null])
  await tenant.close()
})

test('rate limits: the logs tell of 80 % and of too many, once a minute and bucket', async () => {
  const clock = { now: start }
  const tenant = await limited('professional', clock)
  const types = () => tenant.running.tenant.activity.logs.map(({ type }) => type)
  for (let count = 0; count < 3; count += 1) await tenant.call('GET', '/clients')
  expect(types()).not.toContain('api_limit_warning')
  await tenant.call('GET', '/clients')
  expect(tenant.running.tenant.activity.logs.at(-1)).toMatchObject({
    type: 'api_limit_warning',
    details: {
      request: { method: 'GET', path: '/api/v2/clients' },
      limit: { bucket: 'read_clients', size: 5, usage: 4, global: false },
    },
  })
  const counted = () => {
    const limitLogs = types().filter((type) => type.startsWith('api_limit'))
    return [limitLogs.filter((type) => type === 'api_limit').length, limitLogs.length]
  }
  await burstOf(tenant, 'GET', '/clients')
  await burstOf(tenant, 'GET', '/clients')
  expect(counted()).toEqual([1, 2])
  clock.now += 60_000
  await burstOf(tenant, 'GET', '/clients')
  expect(counted()).toEqual([2, 4])
  await tenant.close()
})

test('rate limits: a write of Actions waits for its turn among the writes of users', async () => {
  const clock = { now: start }
  const waits: number[] = []
  const running = await startTenant({
    runtime: createInProcessRuntime(),
    plan: 'professional',
    now: () => clock.now,
    wait: async (milliseconds) => {
      waits.push(milliseconds)
      clock.now += milliseconds
    },
  })
  const { size } = limitsOf.professional.endpoints.find(
    ({ bucket }) => bucket === 'write_users',
  ) ?? {
    size: 0,
  }
  for (let count = 0; count < size; count += 1) await awaitProfileWrite(running.tenant)
  expect(waits).toEqual([])
  await awaitProfileWrite(running.tenant)
  expect(waits).toEqual([1_000])
  await running.close()
})

test('rate limits: a login whose Actions write waits for its turn, and is then written and served', async () => {
  const clock = { now: start }
  const waits: number[] = []
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds)
    clock.now += milliseconds
  }
  const now = () => clock.now
  const tenant = await startedTenant({ plan: 'professional', now, wait, passwordHashRounds: 4 })
  const served = tenant.running.tenant
  addClient(served, { client_id: 'trusted', grant_types: ['password'] })
  addDatabase(served, 'people')
  served.state.settings.set('tenant', { default_directory: 'people' })
  bindActions(served, [
    `exports.onExecutePostLogin = async (event, api) => {
      api.user.setAppMetadata('seen', (event.user.app_metadata.seen ?? 0) + 1)
    }`,
  ])
  const user = { email: 'ada@example.com', password: 'Correct horse 1' }
  const { body } = await tenant.call('POST', '/users', { connection: 'people', ...user })
  const logIn = () =>
    tenant.ask('POST', '/oauth/token', {
      grant_type: 'password',
      client_id: 'trusted',
      client_secret: 'secret of trusted',
      username: user.email,
      password: user.password,
    })
  // 20 at once: the creation was one of them.
  for (let count = 1; count <= 20; count += 1) expect((await logIn()).status).toBe(200)
  expect(waits).toEqual([1_000])
  expect(served.state.users.get(body.user_id)?.profile.app_metadata).toEqual({ seen: 20 })
  await tenant.close()
})

test('rate limiter: a request that the global bucket refuses takes from no other', () => {
  const limiter = createRateLimiter('enterprise-non-production')
  const take = () => limiter.take('GET', '/emails/provider', start)
  for (let count = 0; count < 10; count += 1) expect(take()).toHaveLength(2)
  expect(take().map(({ allowed, limit }) => [allowed, limit.bucket])).toEqual([[false, 'global']])
})
