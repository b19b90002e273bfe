import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { backfillMetadata, markMigrated } from '../../runtimes/action.ts'
import {
  type BreakerMemory,
  isGivenUp,
  isOpen,
  type SharedBreaker,
  settle,
} from '../../runtimes/circuit-breaker.ts'
import { type Answer, json, type LegacyServer, startLegacyServer } from './legacy-server.ts'
import { config, legacyUser, listen, logIn, secretsFor, workingCache } from './post-login.ts'

const minute = 60_000
const start = Date.UTC(2026, 11, 1)

/** What instances share when it works. */
function sharing(openUntil = Number.NaN): SharedBreaker {
  return {
    openUntil: () => openUntil,
    tellOpenUntil(instant) {
      openUntil = instant
    },
  }
}

const nobody: SharedBreaker = { openUntil: () => Number.NaN, tellOpenUntil() {} }

test('isOpen: opens after three calls given up in a row, and after no fewer', () => {
  const memory: BreakerMemory = {}
  for (const ends of [true, true, false, true, true]) settle(memory, nobody, ends, start)
  expect(isOpen(memory, nobody, start)).toBe(false)
  settle(memory, nobody, true, start)
  expect(isOpen(memory, nobody, start)).toBe(true)
})

test('isOpen: whoever asks how often, one login a minute tries while the API is gone', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(gaps, fc.boolean(), (waits, shares) => {
      const shared = shares ? sharing() : nobody
      const memory: BreakerMemory = {}
      for (let call = 0; call < 3; call += 1) settle(memory, shared, true, start)
      let now = start
      const tries: number[] = []
      for (const wait of waits) {
        now += wait
        if (isOpen(memory, shared, now)) continue
        tries.push(now)
        // Some tries end later than others ask.
        if (wait % 2 === 0) settle(memory, shared, true, now)
      }
      for (const [index, at] of tries.entries()) {
        expect(at - (tries[index - 1] ?? start)).toBeGreaterThanOrEqual(minute)
      }
      expect(tries.length).toBeGreaterThanOrEqual(Math.floor((now - start) / (minute + 40_000)))
    }),
  )
})

test('isOpen: a clock that was put back by an hour keeps nobody waiting for an hour', () => {
  const memory: BreakerMemory = {}
  for (let call = 0; call < 3; call += 1) settle(memory, nobody, true, start + 60 * minute)
  expect(isOpen(memory, nobody, start)).toBe(false)
  for (let call = 0; call < 3; call += 1) settle(memory, nobody, true, start)
  expect(isOpen(memory, nobody, start + 1)).toBe(true)
  expect(isOpen(memory, nobody, start + minute)).toBe(false)
})

test('settle: one success closes it, for every instance that shares', () => {
  const shared = sharing()
  const [one, other]: [BreakerMemory, BreakerMemory] = [{}, {}]
  for (let call = 0; call < 3; call += 1) settle(one, shared, true, start)
  expect(isOpen(other, shared, start + 1)).toBe(true)
  expect(isOpen(one, shared, start + minute)).toBe(false)
  settle(one, shared, false, start + minute + 10)
  expect([
    isOpen(one, shared, start + minute + 11),
    isOpen({}, shared, start + minute + 11),
  ]).toEqual([false, false])
})

test('isOpen: an instance that was told takes its turn, and lets nobody else have it', () => {
  const shared = sharing(start + minute)
  const memory: BreakerMemory = {}
  expect(isOpen(memory, shared, start)).toBe(true)
  expect(isOpen(memory, shared, start + minute)).toBe(false)
  expect(isOpen(memory, shared, start + minute)).toBe(true)
  expect(isOpen({}, shared, start + minute + 1)).toBe(true)
})

test('isOpen: what the cache holds is never believed for more than a minute', () => {
  fc.assert(
    fc.property(fc.double(), fc.integer({ min: 0, max: 10 * minute }), (rubbish, elapsed) => {
      const shared: SharedBreaker = { openUntil: () => rubbish, tellOpenUntil() {} }
      const memory: BreakerMemory = {}
      const opened = isOpen(memory, shared, start + elapsed)
      if (opened) expect(isOpen(memory, nobody, start + elapsed + minute)).toBe(false)
    }),
    {
      examples: [
        [start + minute, 0],
        [9e99, 0],
        [Number.POSITIVE_INFINITY, 0],
        [-1, 5],
      ],
    },
  )
})

const outage = (code: 'legacy_api_unavailable' | 'token_unavailable', status?: number) =>
  ({ type: 'outage', code, ...(status === undefined ? {} : { status }) }) as const

test('isGivenUp: silence, a token that is not to be had and a server in trouble; nothing of a user', () => {
  const down = [
    ...[outage('legacy_api_unavailable'), outage('legacy_api_unavailable', 401)],
    ...[outage('token_unavailable'), outage('token_unavailable', 429)],
    ...[outage('legacy_api_unavailable', 502), outage('legacy_api_unavailable', 503)],
    { type: 'outage', code: 'token_invalid_response' } as const,
  ]
  const up = [
    ...[{ type: 'marked' } as const, { type: 'problem', problem: 'invalid-credentials' } as const],
    ...[outage('legacy_api_unavailable', 429), outage('legacy_api_unavailable', 404)],
    { type: 'outage', code: 'legacy_api_invalid_response' } as const,
    { type: 'outage', code: 'setting_invalid' } as const,
  ]
  for (const least of [500, 502]) {
    expect(down.filter((answer) => !isGivenUp(answer, least))).toEqual([])
    expect(up.filter((answer) => isGivenUp(answer, least))).toEqual([])
  }
  const error = outage('legacy_api_unavailable', 500)
  expect([isGivenUp(error, 500), isGivenUp(error, 502)]).toEqual([true, false])
})

let server: LegacyServer
let lines: string[]

beforeAll(async () => {
  server = await startLegacyServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  lines = listen()
})
afterEach(() => vi.restoreAllMocks())

const stamp = { legacy_id: '1042', backfilled_at: '2026-11-25T10:00:00.000Z', backfill: 'filled' }

const gone: [how: string, answer: Answer][] = [
  ['answers 503', { status: 503 }],
  ['answers 500', { status: 500 }],
  ['cuts', 'cut'],
]

for (const [how, answer] of gone) {
  test(`circuit breaker: an API that ${how} is asked for by three logins, then by one a minute`, async () => {
    let now = start
    const { cache } = workingCache(() => now)
    const action = backfillMetadata(config, () => now)
    const login = { secrets: secretsFor(server.url), cache }
    server.api = () => answer
    for (let count = 0; count < 20; count += 1) {
      expect(await logIn(action, login)).toMatchObject({ denied: null, appMetadata: {} })
    }
    expect([server.apiRequests().length, lines.length]).toEqual([15, 3])
    // Another instance, and the other Action, know it from the cache.
    await logIn(
      backfillMetadata(config, () => now),
      login,
    )
    const user = { app_metadata: { legacy_migration: stamp } }
    await logIn(
      markMigrated(config, () => now),
      { ...login, user },
    )
    expect(server.apiRequests()).toHaveLength(15)
    now += minute
    for (let count = 0; count < 5; count += 1) await logIn(action, login)
    expect([server.apiRequests().length, lines.length]).toEqual([20, 4])
    server.api = () => json(legacyUser)
    now += minute
    const results = [await logIn(action, login), await logIn(action, login)]
    expect(results.map(({ appMetadata }) => 'plan' in appMetadata)).toEqual([true, true])
    expect(lines).toHaveLength(4)
  })
}

test('circuit breaker: while it is open a login is decided at once, without timer, cache or line', async () => {
  const { cache, calls } = workingCache(() => start)
  const action = markMigrated(config, () => start)
  const user = { app_metadata: { legacy_migration: stamp } }
  const login = { secrets: secretsFor(server.url), cache, user }
  server.api = () => ({ status: 503 })
  for (let count = 0; count < 3; count += 1) await logIn(action, login)
  const [asked, cached] = [server.seen.length, calls()]
  const timers = vi.spyOn(globalThis, 'setTimeout')
  lines.length = 0
  for (let count = 0; count < 100; count += 1) {
    expect((await logIn(action, login)).appMetadata).toEqual({})
  }
  expect(timers).not.toHaveBeenCalled()
  expect([server.seen.length, calls(), lines]).toEqual([asked, cached, []])
})

test('circuit breaker: what needs no call is done while it is open', async () => {
  const action = backfillMetadata(config, () => start)
  const login = { secrets: secretsFor(server.url) }
  server.api = () => ({ status: 503 })
  for (let count = 0; count < 3; count += 1) await logIn(action, login)
  const old = { created_at: '2020-01-01T00:00:00Z', app_metadata: { plan: 'free' } }
  const { appMetadata } = await logIn(action, { ...login, user: old })
  expect(appMetadata.legacy_migration).toMatchObject({ backfill: 'nothing-missing' })
})

test('circuit breaker: a token endpoint that refuses is not asked by every login', async () => {
  server.token = () => ({ status: 403 })
  const action = backfillMetadata(config, () => start)
  for (let count = 0; count < 20; count += 1)
    await logIn(action, { secrets: secretsFor(server.url) })
  expect(server.tokenRequests()).toBe(3)
})

test('circuit breaker: an API that takes no token costs four of them, not two a login', async () => {
  server.api = () => ({ status: 401 })
  const action = backfillMetadata(config, () => start)
  for (let count = 0; count < 20; count += 1)
    await logIn(action, { secrets: secretsFor(server.url) })
  expect(server.tokenRequests()).toBe(4)
})

test('circuit breaker: answers about one user do not open it', async () => {
  const action = backfillMetadata(config, () => start)
  server.api = () => json({ ...legacyUser, legacy_id: 'another' })
  for (let count = 0; count < 10; count += 1)
    await logIn(action, { secrets: secretsFor(server.url) })
  expect(server.apiRequests()).toHaveLength(10)
})

test('circuit breaker: a cache that refuses is survived, with what the instance knows', async () => {
  const refusing = () => {
    throw new Error('the cache is gone')
  }
  const cache = { get: refusing, set: refusing, delete: refusing } as never
  const action = backfillMetadata(config, () => start)
  server.api = () => ({ status: 503 })
  const login = { secrets: secretsFor(server.url), cache }
  for (let count = 0; count < 10; count += 1) await logIn(action, login)
  expect(server.apiRequests()).toHaveLength(15)
})
