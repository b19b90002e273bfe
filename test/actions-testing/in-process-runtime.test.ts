import { afterEach, expect, test, vi } from 'vitest'
import { createActionCache } from '../../actions-testing/action-cache.ts'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { action, login, loginScript, rule, rulesRun } from './runtimes.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('in process: globals replaces fetch, for Actions and scripts', async () => {
  const fetch = vi.fn(async () => Response.json({ a: 1 }))
  const runtime = createInProcessRuntime({ globals: { fetch } })
  const outcome = await runtime.runPostLogin(
    login(
      action(
        `api.idToken.setCustomClaim('a', (await (await fetch('https://x.example')).json()).a)`,
      ),
    ),
  )
  expect(outcome.idTokenClaims).toEqual({ a: 1 })
  const { outcome: script } = await runtime.runDatabaseScript(
    loginScript(
      `async function login(a, b, callback) { callback(null, await (await fetch('https://y.example')).json()) }`,
    ),
  )
  expect(script).toEqual({ type: 'profile', profile: { a: 1 } })
  expect(fetch.mock.calls).toEqual([['https://x.example'], ['https://y.example']])
})

test('in process: modules stand in for npm packages, and only they', async () => {
  const runtime = createInProcessRuntime({ modules: { 'left-pad': (text: string) => `  ${text}` } })
  const run = (id: string) =>
    runtime.runPostLogin(login(action(`api.access.deny(require('${id}')('a'))`)))
  expect((await run('left-pad')).denied?.reason).toBe('  a')
  expect((await run('right-pad')).denied?.reason).toBe(
    `require('right-pad') is not available to Actions and scripts here`,
  )
})

test('in process: the cache given is the cache used, on the clock given', async () => {
  let time = 1_000_000
  const now = () => time
  const cache = createActionCache(now)
  cache.set('token', 'abc', { ttl: 1_000 })
  const runtime = createInProcessRuntime({ cache, now })
  const read = login(
    action(
      `api.idToken.setCustomClaim('record', api.cache.get('token') ?? null); api.cache.set('mine', 'x')`,
    ),
  )
  expect((await runtime.runPostLogin(read)).idTokenClaims).toEqual({
    record: { value: 'abc', expires_at: 1_001_000 },
  })
  expect(cache.get('mine')?.value).toBe('x')
  time += 1_000
  expect((await runtime.runPostLogin(read)).idTokenClaims).toEqual({ record: null })
})

test('in process: fake timers move an Action, and not the limit on it', async () => {
  vi.useFakeTimers()
  const runtime = createInProcessRuntime({ timeoutMs: 60 })
  const sleeping = login(action(`await new Promise((resolve) => setTimeout(resolve, 10_000))`))
  const moved = runtime.runPostLogin(sleeping)
  await vi.advanceTimersByTimeAsync(10_000)
  expect((await moved).denied).toBeNull()
  expect((await runtime.runPostLogin(sleeping)).denied?.reason).toBe(
    'Actions took longer than 60 ms',
  )
})

const spin = 'const end = performance.now() + 60; while (performance.now() < end);'

test('in process: what keeps the thread busy beyond its time is over it, though no timer could say so', async () => {
  const runtime = createInProcessRuntime({ timeoutMs: 30 })
  const outcome = await runtime.runPostLogin(login(action(spin)))
  expect(outcome.denied?.reason).toBe('Actions took longer than 30 ms')
  const script = await runtime.runDatabaseScript(
    loginScript(`function login(a, b, callback) { ${spin} callback(null) }`),
  )
  expect(script.outcome.type).toBe('none')
  const rules = await runtime.runRules(rulesRun([rule(`${spin} callback(null, user, context)`)]))
  expect(rules.denied?.reason).toContain('Rules took longer than 30 ms')
})
