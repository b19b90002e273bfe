import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createActionCache } from '../../actions-testing/action-cache.ts'
import { accessTokenCacheKey } from '../../core/access-token.ts'
import { backfillMetadata, markMigrated } from '../../runtimes/action.ts'
import { actionsClient } from '../../runtimes/client-secret.ts'
import { json, type LegacyServer, problem, startLegacyServer } from './legacy-server.ts'
import {
  legacyUser,
  listen,
  logIn,
  config as sampleConfig,
  secretsFor,
  workingCache,
} from './post-login.ts'

// These cases count requests: on a busy machine nothing in them may end for want of time.
const config = {
  ...sampleConfig,
  backfill: { ...sampleConfig.backfill, budget: 8_000 },
  mark: { budget: 8_000 },
}

let server: LegacyServer
let lines: string[]

beforeAll(async () => {
  server = await startLegacyServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  server.api = () => json(legacyUser)
  lines = listen()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const cacheKey = () =>
  accessTokenCacheKey({
    apiUrl: server.url,
    audience: 'https://legacy-api.example',
    tokenUrl: `${server.url}/oauth/token`,
    clientId: 'actions-client',
    credential: secretsFor('').LEGACY_ACTIONS_CLIENT_SECRET,
    client: actionsClient,
  })
const bearers = () => server.apiRequests().map(({ authorization }) => authorization)
const isFilled = (metadata: Record<string, unknown>) => 'plan' in metadata

test('token: asked for once, then held by the instance; another instance finds it in the cache', async () => {
  const { cache, records } = workingCache()
  const login = { secrets: secretsFor(server.url), cache }
  const first = backfillMetadata(config)
  await logIn(first, login)
  await logIn(first, login)
  await logIn(backfillMetadata(config), login)
  expect(server.tokenRequests()).toBe(1)
  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1'])
  const [[key, record] = []] = records
  expect([key, record?.value]).toEqual([cacheKey(), 'token-1'])
  expect(record?.expires_at).toBeLessThanOrEqual(Date.now() + 86_400_000)
})

test('token: fifty logins at once, and nothing in memory or cache: one token request', async () => {
  server.token = (count) => ({ ...Object(json({ access_token: `token-${count}` })), delay: 100 })
  const action = backfillMetadata(config)
  const login = { secrets: secretsFor(server.url), cache: workingCache().cache }
  const results = await Promise.all(Array.from({ length: 50 }, () => logIn(action, login)))
  expect(results.map(({ appMetadata }) => isFilled(appMetadata))).toEqual(Array(50).fill(true))
  expect([server.tokenRequests(), server.apiRequests().length]).toEqual([1, 50])
})

test('token: one that has run out is not used', async () => {
  let now = Date.now()
  const { cache } = workingCache(() => now)
  const action = backfillMetadata(config, () => now)
  const login = { secrets: secretsFor(server.url), cache }
  await logIn(action, login)
  now += 86_400_000 - 59_000
  await logIn(action, login)
  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('token: however fast the legacy API is, a token endpoint 200 ms away is asked once', {
  retry: 3,
}, async () => {
  server.token = (count) => ({ ...Object(json({ access_token: `token-${count}` })), delay: 200 })
  const action = backfillMetadata(config)
  await logIn(action, { secrets: secretsFor(server.url) })
  await logIn(action, { secrets: secretsFor(server.url) })
  const before = server.tokenRequests()
  const rotated = secretsFor(server.url, { LEGACY_ACTIONS_CLIENT_SECRET: 'a new one' })
  expect(isFilled((await logIn(action, { secrets: rotated })).appMetadata)).toBe(true)
  expect(server.tokenRequests() - before).toBe(1)
})

test('token: another secret is another token', async () => {
  const action = backfillMetadata(config)
  const { cache } = workingCache()
  await logIn(action, { secrets: secretsFor(server.url), cache })
  const rotated = secretsFor(server.url, { LEGACY_ACTIONS_CLIENT_SECRET: 'a new one' })
  await logIn(action, { secrets: rotated, cache })
  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('token: refused with 401, it is replaced once and the call repeated once', async () => {
  server.api = ({ authorization }) =>
    authorization === 'Bearer token-1' ? { status: 401 } : json(legacyUser)
  const { appMetadata } = await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
  expect(isFilled(appMetadata)).toBe(true)
  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2'])
  expect(lines).toEqual([])
})

test('token: refused again, the call is given up with its status', async () => {
  server.api = () => ({ status: 401 })
  const { appMetadata } = await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
  expect([appMetadata, bearers().length, server.tokenRequests()]).toEqual([{}, 2, 2])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { code: 'legacy_api_unavailable', action: 'backfill-metadata', status: 401 },
  ])
})

test('token: thirty logins with a stale one at once: one refresh', async () => {
  const { cache, records } = workingCache()
  records.set(cacheKey(), { value: 'stale', expires_at: Date.now() + 1_000_000 })
  server.api = ({ authorization }) =>
    authorization === 'Bearer stale' ? { status: 401 } : json(legacyUser)
  const action = backfillMetadata(config)
  const login = { secrets: secretsFor(server.url), cache }
  const results = await Promise.all(Array.from({ length: 30 }, () => logIn(action, login)))
  expect(results.every(({ appMetadata }) => isFilled(appMetadata))).toBe(true)
  expect(server.tokenRequests()).toBe(1)
})

test('token: a 401 that is a business answer costs no token', async () => {
  server.api = () => problem('invalid-credentials', 401)
  await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
  expect([server.tokenRequests(), server.apiRequests().length]).toEqual([1, 1])
})

const refusal = { type: 'error', code: 'CacheSizeExceeded' }
const fail = () => {
  throw new Error('the cache is gone')
}
const later = Date.now() + 1_000_000
const caches: [why: string, cache: object][] = [
  ['throws', { get: fail, set: fail, delete: fail }],
  ['refuses', { get: () => undefined, set: () => refusal }],
  ['holds a record of nothing', { get: () => ({}), set: () => refusal }],
  ['holds null', { get: () => null, set: () => refusal }],
  ['holds a number', { get: () => ({ value: 7, expires_at: later }), set: () => refusal }],
  ['holds what no header takes', { get: () => ({ value: 'a\nb', expires_at: later }), set: fail }],
  ['holds a token without an end', { get: () => ({ value: 'rubbish' }), set: () => refusal }],
  [
    'holds one that has run out',
    { get: () => ({ value: 'old', expires_at: 1 }), set: () => refusal },
  ],
  ['is no object', { get: null, set: null }],
]

for (const [why, cache] of caches) {
  test(`token: a cache that ${why} is survived`, async () => {
    const login = { secrets: secretsFor(server.url), cache: cache as never }
    const { appMetadata } = await logIn(backfillMetadata(config), login)
    expect(isFilled(appMetadata)).toBe(true)
    expect(bearers()).toEqual(['Bearer token-1'])
    expect(lines).toEqual([])
  })
}

test('token: one that the cache made up is refused, and replaced', async () => {
  const cache = { get: () => ({ value: 'rubbish', expires_at: later }), set: () => refusal }
  server.api = ({ authorization }) =>
    authorization === 'Bearer token-1' ? json(legacyUser) : { status: 401 }
  const login = { secrets: secretsFor(server.url), cache: cache as never }
  const { appMetadata } = await logIn(backfillMetadata(config), login)
  expect(isFilled(appMetadata)).toBe(true)
  expect(bearers()).toEqual(['Bearer rubbish', 'Bearer token-1'])
})

test('token: one without a lifetime is asked for again after four minutes', async () => {
  let now = Date.now()
  server.token = (count) => json({ access_token: `token-${count}` })
  const action = backfillMetadata(config, () => now)
  const login = { secrets: secretsFor(server.url), cache: workingCache(() => now).cache }
  await logIn(action, login)
  now += 239_000
  await logIn(action, login)
  now += 2_000
  await logIn(action, login)
  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2'])
})

const jwt = (claims: object) =>
  ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
const audience = 'https://legacy-api.example'

const foreign: [whose: string, claims: object][] = [
  ['the Management API’s', { aud: 'https://tenant.example/api/v2/' }],
  ['several others’', { aud: ['https://a.example', 'https://tenant.example/userinfo'] }],
  ['nobody’s', {}],
]

for (const [whose, claims] of foreign) {
  test(`token: ${whose} in the cache is never shown to the legacy API`, async () => {
    const { cache, records } = workingCache()
    records.set(cacheKey(), { value: jwt(claims), expires_at: later })
    const login = { secrets: secretsFor(server.url), cache }
    const { appMetadata } = await logIn(backfillMetadata(config), login)
    expect(isFilled(appMetadata)).toBe(true)
    expect(bearers()).toEqual(['Bearer token-1'])
    expect(records.get(cacheKey())?.value).toBe('token-1')
  })
}

test('token: the legacy API’s own in the cache is used, alone or among other audiences', async () => {
  for (const aud of [audience, [audience, 'https://tenant.example/userinfo']]) {
    const { cache, records } = workingCache()
    records.set(cacheKey(), { value: jwt({ aud }), expires_at: later })
    await logIn(backfillMetadata(config), { secrets: secretsFor(server.url), cache })
    expect(bearers().at(-1)).toBe(`Bearer ${jwt({ aud })}`)
  }
  expect(server.tokenRequests()).toBe(0)
})

test('token: a cache full of others’ entries, as Auth0 has it, costs one token an instance', async () => {
  const cache = createActionCache(Date.now)
  for (const key of ['a', 'b']) cache.set(key, 'x'.repeat(3_990))
  const action = backfillMetadata(config)
  const login = { secrets: secretsFor(server.url), cache }
  for (let count = 0; count < 3; count += 1) {
    expect(isFilled((await logIn(action, login)).appMetadata)).toBe(true)
  }
  expect([cache.get(cacheKey()), server.tokenRequests()]).toEqual([undefined, 1])
})

test('token: one that lasts longer than a cache keeps anything is cached for a day', async () => {
  server.token = () => json({ access_token: 'token-1', expires_in: 30 * 86_400 })
  const cache = createActionCache(Date.now)
  await logIn(backfillMetadata(config), { secrets: secretsFor(server.url), cache })
  expect(cache.get(cacheKey())?.value).toBe('token-1')
})

// On a busy machine an answer may come after the attempt that asked for it: then it is asked again.
test('token: fifty logins that are refused at once: one refresh, and one repeat each', {
  retry: 3,
}, async () => {
  const action = backfillMetadata(config)
  const login = { secrets: secretsFor(server.url), cache: workingCache().cache }
  await logIn(action, login)
  server.seen.length = 0
  server.token = () => ({ ...Object(json({ access_token: 'token-2' })), delay: 50 })
  server.api = ({ authorization }) =>
    authorization === 'Bearer token-1' ? { status: 401 } : json(legacyUser)
  const results = await Promise.all(Array.from({ length: 50 }, () => logIn(action, login)))
  expect(results.every(({ appMetadata }) => isFilled(appMetadata))).toBe(true)
  expect(server.tokenRequests()).toBe(1)
  expect(bearers().filter((bearer) => bearer === 'Bearer token-1')).toHaveLength(50)
  expect(bearers().filter((bearer) => bearer === 'Bearer token-2')).toHaveLength(50)
})

test('token: of a thousand first logins in a warm instance, the first asks', {
  retry: 3,
}, async () => {
  server.api = () => ({ status: 204 })
  const action = markMigrated(config)
  const stamp = {
    legacy_id: '1042',
    backfilled_at: '2026-11-25T10:00:00.000Z',
    backfill: 'arrived',
  }
  const user = { app_metadata: { legacy_migration: stamp } }
  const login = { secrets: secretsFor(server.url), user }
  for (let batch = 0; batch < 20; batch += 1) {
    await Promise.all(Array.from({ length: 50 }, () => logIn(action, login)))
  }
  expect(server.tokenRequests()).toBe(1)
  // A thousand, and what was repeated where the machine was busy.
  expect(server.apiRequests().length).toBeGreaterThanOrEqual(1_000)
})
