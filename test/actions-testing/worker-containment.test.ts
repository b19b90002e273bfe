import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { describe, expect, test } from 'vitest'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { action, login, loginScript } from './runtimes.ts'

/** Runs in the worker's own realm, as an Action that has broken out of its context would. */
const outside = (code: string) => `fetch.constructor(${JSON.stringify(code)})()`

const hostile: readonly [why: string, body: string, reason: RegExp][] = [
  ['spins', 'for (;;);', /took longer than 400 ms/],
  ['spins after an await', 'await null; for (;;);', /took longer than 400 ms/],
  ['never settles', 'await new Promise(() => {})', /took longer than 400 ms/],
  ['exits', outside('process.exit(7)'), /lost their thread: worker exited with code: 7/],
  ['has no process.exit', 'process.exit(7)', /process.exit is not a function/],
  ['eats all memory', 'const all = []; for (;;) all.push(new Array(1e5).fill(0.5))', /memory/],
  [
    'leaves a promise that rejects',
    `Promise.reject(new Error('left')); await new Promise((r) => setTimeout(r, 50))`,
    /^left$/,
  ],
  [
    'throws where nobody catches',
    `setTimeout(() => { throw new Error('loose') }, 1); await new Promise((r) => setTimeout(r, 50))`,
    /loose/,
  ],
]

describe.each([
  ['fresh', false],
  ['warm', true],
])('workers, %s', (_name, warm) => {
  test.each(hostile)(
    'an Action that %s fails its login, and the next is served',
    async (_why, body, reason) => {
      // What is not about time has more of it: on a loaded machine memory takes a while to fill.
      const timeoutMs = reason.source.includes('400 ms') ? 400 : 10_000
      const runtime = createWorkerRuntime({ warm, threads: 1, timeoutMs, maxHeapMb: 48 })
      const outcome = await runtime.runPostLogin(login(action(body, { name: 'hostile' })))
      expect(outcome.denied).toEqual({ action: 'hostile', reason: expect.stringMatching(reason) })
      const next = await runtime.runPostLogin(
        login(action(`api.idToken.setCustomClaim('ok', true)`)),
      )
      expect(next).toMatchObject({ denied: null, idTokenClaims: { ok: true } })
      await runtime.close()
    },
  )

  test('what an Action does to prototypes reaches no other Action and no script', async () => {
    const runtime = createWorkerRuntime({ warm, threads: 1 })
    const polluting = action(
      `Object.prototype.polluted = 1; Array.prototype.map = null; JSON.stringify = null; globalThis.left = 1`,
    )
    const clean = action(
      `api.idToken.setCustomClaim('a', [typeof {}.polluted, typeof [].map, typeof globalThis.left])`,
      { name: 'clean' },
    )
    const outcome = await runtime.runPostLogin(login(polluting, clean))
    expect(outcome).toMatchObject({
      denied: null,
      idTokenClaims: { a: ['undefined', 'function', 'undefined'] },
    })
    const { outcome: script } = await runtime.runDatabaseScript(
      loginScript(
        `function login(a, b, callback) { callback(null, { seen: typeof {}.polluted }) }`,
      ),
    )
    expect(script).toEqual({ type: 'profile', profile: { seen: 'undefined' } })
    await runtime.close()
  })

  test('what an Action leaves behind and throws when its login is over harms no other', async () => {
    const runtime = createWorkerRuntime({ warm, threads: 1 })
    const leaving = `setTimeout(() => { throw new Error('loose') }, 5); setTimeout(() => Promise.reject(new Error('left')), 5)`
    await runtime.runPostLogin(login(action(leaving)))
    const waiting = `await new Promise((r) => setTimeout(r, 60)); api.idToken.setCustomClaim('ok', true)`
    expect(await runtime.runPostLogin(login(action(waiting, { name: 'other' })))).toMatchObject({
      denied: null,
      idTokenClaims: { ok: true },
    })
    const { outcome } = await runtime.runDatabaseScript(
      loginScript(`function login() { setTimeout(() => { throw new Error('loose') }, 1) }`),
    )
    expect(outcome).toEqual({ type: 'none', message: 'The script login threw: loose' })
    await runtime.close()
  })

  test('a script that spins fails its transaction, and the next is served', async () => {
    const runtime = createWorkerRuntime({ warm, threads: 1, timeoutMs: 300 })
    const { outcome } = await runtime.runDatabaseScript(
      loginScript('function login() { for (;;); }'),
    )
    expect(outcome).toEqual({ type: 'none', message: 'The script login took longer than 300 ms' })
    const next = await runtime.runDatabaseScript(loginScript('function login(a, b, c) { c(null) }'))
    expect(next.outcome).toEqual({ type: 'not-found' })
    await runtime.close()
  })

  test('time spent waiting for a thread does not count', async () => {
    const runtime = createWorkerRuntime({ warm, threads: 1, timeoutMs: 400 })
    const spinning = Array.from({ length: 2 }, () =>
      runtime.runPostLogin(login(action('for (;;);'))),
    )
    const waiting = runtime.runPostLogin(login(action(`api.idToken.setCustomClaim('ok', true)`)))
    expect((await waiting).denied).toBeNull()
    for (const outcome of await Promise.all(spinning)) expect(outcome.denied).not.toBeNull()
    await runtime.close()
  })

  test('the environment of the host is not there', async () => {
    const runtime = createWorkerRuntime({ warm, threads: 1 })
    const body = `api.idToken.setCustomClaim('env', ${outside('return Object.keys(process.env).length')})`
    expect((await runtime.runPostLogin(login(action(body)))).idTokenClaims).toEqual({ env: 0 })
    await runtime.close()
  })

  test('extraCaCertificates: fetch reaches a server of that authority, and no other does', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
    })
    const server = createServer({ cert, key }, (_request, response) => response.end('hello'))
    await once(server.listen(0, 'localhost'), 'listening')
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`
    const body = `api.idToken.setCustomClaim('text', await (await fetch('${url}')).text())`
    const trusting = createWorkerRuntime({ warm, threads: 1, extraCaCertificates: [cert] })
    expect((await trusting.runPostLogin(login(action(body)))).idTokenClaims).toEqual({
      text: 'hello',
    })
    const strange = createWorkerRuntime({ warm, threads: 1 })
    expect((await strange.runPostLogin(login(action(body)))).denied?.reason).toBe('fetch failed')
    await Promise.all([trusting.close(), strange.close()])
    server.closeAllConnections()
    server.close()
  })
})

test('warm: logins are under way in one instance at once, and share what it fetches', async () => {
  const runtime = createWorkerRuntime({ warm: true, threads: 1 })
  const code = `let fetched = 0, most = 0, under = 0, token
    exports.onExecutePostLogin = async (event, api) => {
      under += 1; most = Math.max(most, under)
      token ??= new Promise((resolve) => { fetched += 1; setTimeout(resolve, 50, 'token') })
      console.log(event.user.user_id)
      await token
      console.log(event.user.user_id)
      under -= 1
      api.idToken.setCustomClaim('seen', [fetched, most])
    }`
  const run = login({ name: 'single-flight', secrets: {}, code })
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      runtime.runPostLogin({
        ...run,
        event: { ...run.event, user: { ...run.event.user, user_id: `auth0|${index}` } },
      }),
    ),
  )
  for (const [index, outcome] of outcomes.entries()) {
    expect(outcome.idTokenClaims).toEqual({ seen: [1, 8] })
    expect(outcome.logs).toEqual([
      { action: 'single-flight', text: `auth0|${index}\nauth0|${index}` },
    ])
  }
  await runtime.close()
})

test.each(hostile)(
  'warm: logins that are under way beside one that %s go on',
  async (_why, body) => {
    const runtime = createWorkerRuntime({ warm: true, threads: 1, timeoutMs: 400, maxHeapMb: 48 })
    const friendly = action(
      `await new Promise((r) => setTimeout(r, 30)); api.idToken.setCustomClaim('ok', true)`,
    )
    const beside = [login(friendly), login(action(body)), login(friendly), login(friendly)]
    const outcomes = await Promise.all(beside.map((run) => runtime.runPostLogin(run)))
    expect(outcomes.map(({ denied }) => denied === null)).toEqual([true, false, true, true])
    await runtime.close()
  },
)

test('extraCaCertificates: what is no certificate is refused, by its place', () => {
  expect(() => createWorkerRuntime({ extraCaCertificates: ['nonsense'] })).toThrow(
    'extraCaCertificates[0] is not a PEM certificate',
  )
})
