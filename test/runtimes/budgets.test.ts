import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { backfillMetadata, markMigrated } from '../../runtimes/action.ts'
import { firstTimeout, type PaceMemory, timeoutOf } from '../../runtimes/send-request.ts'
import { type Answer, json, type LegacyServer, startLegacyServer } from './legacy-server.ts'
import {
  config,
  type Login,
  legacyUser,
  listen,
  logIn,
  secretsFor,
  workingCache,
} from './post-login.ts'

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

async function timed<Result>(work: () => Promise<Result>) {
  const start = performance.now()
  const result = await work()
  return { result, start, elapsed: performance.now() - start }
}

/** Timers are late when others work: a budget that is passed for another reason is passed each time. */
const onBusyMachine = { retry: 3 }

const backfill = (budget: number) =>
  backfillMetadata({ ...config, backfill: { ...config.backfill, budget } })
const login = (more: Partial<Login> = {}) => ({ secrets: secretsFor(server.url), ...more })
const told = () => lines.map((line) => JSON.parse(line).code)

/** Milliseconds that each of five attempts gets when nothing ever answers. */
function shares(budget: number, memory: PaceMemory): readonly number[] {
  let now = 0
  const first = firstTimeout(budget, memory)
  const attempts = { deadline: budget, count: 5, first, now: () => now }
  return [0, 1, 2, 3, 4].map((index) => {
    const share = timeoutOf(index, attempts)
    now += share
    return Math.round(share)
  })
}

test('timeoutOf: of an API that nobody knows, four attempts share two seconds in growing parts', () => {
  expect(shares(2_000, {})).toEqual([286, 400, 560, 754, 0])
})

test('timeoutOf: of one that answers in 20 ms, four are given up within 0.8 s, and the fifth waits', () => {
  expect(shares(2_000, { pace: 20 })).toEqual([100, 140, 196, 274, 1_290])
})

test('timeoutOf: of one that takes 90 ms, no first attempt is given up before 270 ms', () => {
  expect(shares(2_000, { pace: 90 })[0]).toBe(270)
})

test('timeoutOf: whatever the pace, the budget is spent and never passed, and no part is negative', () => {
  const pace = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined })
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 20_000 }), pace, (budget, known) => {
      const parts = shares(budget, known === undefined ? {} : { pace: known })
      const sum = parts.reduce((all, part) => all + part, 0)
      expect(Math.abs(sum - budget)).toBeLessThanOrEqual(3)
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('pace: an API that grows slow is asked more than once by a few logins, and then once again', async () => {
  let delay = 1
  server.api = () => ({ ...(json(legacyUser) as object), status: 200, delay })
  const action = backfill(2_000)
  const requestsOfLogin = async () => {
    const before = server.apiRequests().length
    const { appMetadata } = await logIn(action, login())
    expect(appMetadata).toHaveProperty('legacy_migration')
    return server.apiRequests().length - before
  }
  await requestsOfLogin()
  delay = 180
  const requests: number[] = []
  for (let slow = 0; slow < 8; slow += 1) requests.push(await requestsOfLogin())
  expect(requests[0]).toBeGreaterThan(1)
  expect(requests.at(-1)).toBe(1)
})

test(
  'budget: an API that never answers costs a login its budget, in growing shares, and no more',
  onBusyMachine,
  async () => {
    server.api = () => 'hang'
    const { result, start, elapsed } = await timed(() => logIn(backfill(1_000), login()))
    expect(result).toMatchObject({ denied: null, appMetadata: {} })
    expect(elapsed).toBeGreaterThan(900)
    expect(elapsed).toBeLessThan(1_100)
    const [first = 0, second = 0, third = 0, fourth = 0] = server.apiRequests().map(({ at }) => at)
    expect(server.apiRequests()).toHaveLength(4)
    expect(second - first).toBeLessThan(third - second)
    expect(third - second).toBeLessThan(fourth - third)
    expect(start + elapsed).toBeGreaterThan(fourth)
    expect(told()).toEqual(['legacy_api_unavailable'])
  },
)

const tokenFaults: readonly Answer[] = [
  json({ access_token: 'token-1' }),
  { ...Object(json({ access_token: 'token-1' })), delay: 150 },
  { status: 503, delay: 90 },
  'drip',
]

const apiFaults: readonly Answer[] = [
  ...[0, 60, 130, 380, 900].map((delay) => ({ ...Object(json(legacyUser)), delay })),
  ...[0, 60, 130].flatMap((delay) => [401, 429, 503].map((status) => ({ status, delay }))),
  ...(['cut', 'drip', 'hang'] as const),
]

test('budget: whatever both servers do, no Action passes its budget by more than a tenth', {
  ...onBusyMachine,
  timeout: 60_000,
}, async () => {
  const budget = 700
  const stamp = { legacy_id: '1042', backfilled_at: '2026-11-25', backfill: 'filled' }
  const marked = { app_metadata: { legacy_migration: stamp } }
  for (const token of tokenFaults) {
    server.token = () => token
    for (const fault of apiFaults) {
      server.api = () => fault
      const [one, other] = await Promise.all([
        timed(() => logIn(backfill(budget), login())),
        timed(() => logIn(markMigrated({ ...config, mark: { budget } }), login({ user: marked }))),
      ])
      const why = JSON.stringify([token, fault])
      expect(Math.max(one.elapsed, other.elapsed), why).toBeLessThan(budget * 1.1)
    }
  }
})

test(
  'budget: answers that begin at once and never end cost no more, of neither server',
  onBusyMachine,
  async () => {
    server.api = () => 'drip'
    const api = await timed(() => logIn(backfill(800), login()))
    expect(api.elapsed).toBeLessThan(880)
    server.token = () => 'drip'
    const token = await timed(() => logIn(backfill(800), login()))
    expect(token.elapsed).toBeLessThan(880)
    expect(told()).toEqual(['legacy_api_unavailable', 'token_unavailable'])
  },
)

test(
  'budget: a token endpoint that never answers costs no more either',
  onBusyMachine,
  async () => {
    server.token = () => 'hang'
    const { elapsed } = await timed(() => logIn(backfill(800), login()))
    expect(elapsed).toBeLessThan(880)
    expect([told(), server.apiRequests()]).toEqual([['token_unavailable'], []])
  },
)

test(
  'budget: answers that come at once and say 500 are not waited for to the end',
  onBusyMachine,
  async () => {
    server.api = () => ({ status: 500 })
    const { elapsed } = await timed(() => logIn(backfill(1_000), login()))
    expect(elapsed).toBeLessThan(500)
    expect(server.apiRequests()).toHaveLength(5)
  },
)

test('budget: a slow token and a slow API together stay within it', onBusyMachine, async () => {
  server.token = () => ({ ...Object(json({ access_token: 'token-1' })), delay: 200 })
  server.api = () => 'hang'
  const { elapsed } = await timed(() => logIn(backfill(800), login()))
  expect(elapsed).toBeLessThan(880)
})

test(
  'budget: a login that waits for another’s token gives up in its own time',
  onBusyMachine,
  async () => {
    server.token = () => 'hang'
    const action = backfill(1_200)
    const patient = logIn(action, login())
    const silent = login({ transaction: { protocol: 'oauth2-refresh-token' } })
    const { elapsed } = await timed(() => logIn(action, silent))
    expect(elapsed).toBeLessThan(1_100)
    await patient
    expect(told()).toEqual(['token_unavailable', 'token_unavailable'])
  },
)

const unattended = [
  { protocol: 'oauth2-refresh-token' },
  { protocol: 'oidc-basic-profile', prompt: ['none'] },
]

for (const transaction of unattended) {
  test(
    `budget: ${JSON.stringify(transaction)} is one attempt of a second at most`,
    onBusyMachine,
    async () => {
      server.api = () => 'hang'
      const stamp = { legacy_id: '1042', backfilled_at: '2026-11-25', backfill: 'filled' }
      const marked = { app_metadata: { legacy_migration: stamp } }
      const { elapsed } = await timed(() =>
        Promise.all([
          logIn(backfill(2_000), login({ transaction })),
          logIn(markMigrated(config), login({ transaction, user: marked })),
        ]),
      )
      expect(elapsed).toBeLessThan(1_100)
      expect(server.apiRequests()).toHaveLength(2)
      server.reset()
      server.api = () => ({ status: 503 })
      await logIn(backfill(2_000), login({ transaction }))
      expect(server.apiRequests()).toHaveLength(1)
    },
  )
}

test('budget: whatever is slow but in time is used', async () => {
  server.api = () => ({ ...Object(json(legacyUser)), delay: 300 })
  const { result } = await timed(() => logIn(backfill(1_000), login()))
  expect(result.appMetadata).toHaveProperty('plan')
})

test(
  'budget: a token refused late, and another that never comes, cost no more than the budget',
  onBusyMachine,
  async () => {
    for (const transaction of [undefined, ...unattended]) {
      server.reset()
      server.token = (count) => (count === 1 ? json({ access_token: 'token-1' }) : 'hang')
      server.api = () => ({ status: 401, delay: 500 })
      const attended = login(transaction === undefined ? {} : { transaction })
      const { result, elapsed } = await timed(() => logIn(backfill(2_000), attended))
      expect(result).toMatchObject({ denied: null, appMetadata: {} })
      expect(elapsed).toBeLessThan(transaction === undefined ? 2_200 : 1_100)
    }
  },
)

test(
  'budget: fifty logins that wait for one token leave each in its own time',
  onBusyMachine,
  async () => {
    server.token = () => 'hang'
    const action = backfill(600)
    const times = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 5))
        return (await timed(() => logIn(action, login()))).elapsed
      }),
    )
    expect(Math.max(...times)).toBeLessThan(660)
  },
)

test('budget: by default, an API and a token endpoint 100 ms away are asked once each', async () => {
  server.token = () => ({ ...Object(json({ access_token: 'token-1' })), delay: 100 })
  server.api = ({ method }) =>
    method === 'PUT' ? { status: 204, delay: 100 } : { ...Object(json(legacyUser)), delay: 100 }
  const { cache } = workingCache()
  const first = await logIn(backfillMetadata(config), login({ cache }))
  const user = { app_metadata: first.appMetadata }
  const second = await logIn(markMigrated(config), login({ cache, user }))
  expect(second.appMetadata.legacy_migration).toMatchObject({ backfill: 'filled', mark: 'marked' })
  expect([server.tokenRequests(), server.apiRequests().length]).toEqual([1, 2])
})

test('budget: what is spent is not asked for again', async () => {
  let now = 0
  server.api = () => {
    now += 5_000
    return { status: 503 }
  }
  const action = backfillMetadata(config, () => now)
  await logIn(action, login())
  expect(server.apiRequests()).toHaveLength(1)
})
