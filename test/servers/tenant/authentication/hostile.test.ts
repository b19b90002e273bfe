import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createWorkerRuntime } from '../../../../actions-testing/worker-runtime.ts'
import { tokenRequest } from './application.ts'
import { ada, startSampleTenant } from './sample-tenant.ts'
import { action, addDatabase, bindActions, legacyApi, passwordRealm } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

/** Milliseconds that a trigger or a script has: Auth0's are 20 seconds. */
const timeoutMs = 700

/** What goes wrong in one's own code, and what it does to a thread. */
const faults: readonly [fault: string, statements: string][] = [
  ['spins', 'for (;;);'],
  ['spins after an await', 'await null; for (;;);'],
  ['hangs', 'await new Promise(() => undefined);'],
  ['exhausts memory', 'const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length));'],
  [
    'exits',
    "const { exit } = globalThis.process ?? { exit() { throw new Error('none') } }; exit(7);",
  ],
  [
    'exits by way of a constructor',
    "const found = console.log.constructor('return process')(); found.exit(7);",
  ],
  ['rejects where nobody listens', "Promise.reject(new Error('lost')); throw new Error('now');"],
  [
    'throws later',
    "setTimeout(() => { throw new Error('later') }); await new Promise(() => undefined);",
  ],
  ['recurses for ever', 'const again = () => again() + 1; again();'],
]

/** Statements that leave something behind where one context serves every login. */
const pollution = `
  Object.prototype.blocked = true
  Object.prototype.then = undefined
  Array.prototype.map = () => ['polluted']
  JSON.stringify = () => '{}'
  Object.entries = () => []
  Map.prototype.get = () => undefined
  Promise.prototype.then = null
  globalThis.fetch = () => { throw new Error('polluted') }
  throw new Error('done')`
const quietPollution = pollution.replace("throw new Error('done')", '')

describe.each([
  ['fresh threads', false],
  ['warm threads', true],
] as const)('%s:', (_, warm) => {
  let under: TenantUnderTest
  beforeAll(async () => {
    under = await startSampleTenant(() =>
      createWorkerRuntime({ warm, timeoutMs, threads: 1, maxHeapMb: 64 }),
    )
  }, 30_000)
  afterEach(() => {
    bindActions(under.tenant, [])
    bindActions(under.tenant, [], 'credentials-exchange')
  })
  afterAll(() => under.close())

  function logIn(account: { username: string; password: string } = ada, realm = 'people') {
    const grant = { grant_type: passwordRealm, realm, scope: 'openid', ...account }
    const client = { client_id: 'trusted', client_secret: 'secret of trusted' }
    return tokenRequest(under, { ...client, ...grant })
  }

  /** The next login has an Action that does its work, in the time it has. */
  async function servesTheNext(): Promise<void> {
    bindActions(under.tenant, [action("api.idToken.setCustomClaim('https://x.example/ok', true)")])
    const { body, status } = await logIn()
    expect(status).toBe(200)
    expect(atob(String(body.id_token).split('.')[1] ?? '')).toContain('https://x.example/ok')
  }

  for (const [fault, statements] of faults) {
    test(`Action: one that ${fault} fails its login, and the next is served`, async () => {
      bindActions(under.tenant, [action(statements)])
      const { body, status } = await logIn()
      expect(status).toBe(403)
      expect(body).toMatchObject({ error: 'access_denied' })
      expect(body).not.toHaveProperty('access_token')
      await servesTheNext()
    })
  }

  test(`Action: one that pollutes prototypes fails its login, and the tenant is clean`, async () => {
    bindActions(under.tenant, [action(pollution)])
    expect((await logIn()).status).toBe(403)
    expect('blocked' in {}).toBe(false)
    expect([1].map((one) => one)).toEqual([1])
    await servesTheNext()
  })

  test(`Action: what one does to prototypes is no way round a denial, its own or a later one’s`, async () => {
    const deny = "api.access.deny('no')"
    for (const sources of [[`${quietPollution}; ${deny}`], [quietPollution, deny]]) {
      bindActions(under.tenant, sources.map(action))
      const { body, status } = await logIn()
      expect([status, body.error_description]).toEqual([403, 'no'])
      await servesTheNext()
    }
  })

  for (const [how, then] of [
    ['nothing', 'null'],
    ['one that forgets errors', 'function (passed) { passed?.() }'],
  ] as const) {
    test(`Action: one that throws fails its login, with ${how} as the then of promises`, async () => {
      bindActions(under.tenant, [action(`Promise.prototype.then = ${then}; throw new Error('no')`)])
      const { body, status } = await logIn()
      expect(status).toBe(403)
      expect(body).toMatchObject({ error: 'access_denied', error_description: 'no' })
      await servesTheNext()
    })
  }

  test(`Action: whoever logs in beside one that spins is served`, async () => {
    const spins = "if (event.request.body.marker) for (;;); api.idToken.setCustomClaim('ok', 1)"
    bindActions(under.tenant, [action(spins)])
    const client = { client_id: 'trusted', client_secret: 'secret of trusted' }
    const grant = { ...client, grant_type: passwordRealm, realm: 'people', scope: 'openid', ...ada }
    const [guilty, ...others] = await Promise.all([
      tokenRequest(under, { ...grant, marker: 'x' }),
      ...(warm ? [tokenRequest(under, grant), tokenRequest(under, grant)] : []),
    ])
    expect(guilty.status).toBe(403)
    for (const { status } of others) expect(status).toBe(200)
    await servesTheNext()
  })

  test(`script: one that spins, hangs, exits, eats memory or pollutes lets nobody in`, async () => {
    const loginScript = (statements: string) => `async function login(name, password, callback) {
      if (password === 'fault') { ${statements} }
      callback(null, { user_id: name, email: name, email_verified: true })
    }`
    for (const [position, [fault, statements]] of [
      ...faults,
      ['pollutes', pollution] as const,
    ].entries()) {
      const name = `faulty${position}-${warm}`
      addDatabase(under.tenant, name, { login: loginScript(statements) })
      const username = `${name}@example.com`
      const { body, status } = await logIn({ username, password: 'fault' }, name)
      expect(status, fault).toBe(403)
      expect(body, fault).not.toHaveProperty('access_token')
      expect(under.tenant.state.users.has(`auth0|${username}`), fault).toBe(false)
      expect((await logIn({ username, password: 'right' }, name)).status, fault).toBe(200)
    }
  }, 60_000)

  test(`credentials-exchange: an Action that spins gives no token, and the next is given`, async () => {
    const machine = {
      client_id: 'machine',
      client_secret: 'secret of machine',
      grant_type: 'client_credentials',
      audience: legacyApi,
    }
    const spins = 'exports.onExecuteCredentialsExchange = async () => { for (;;); }'
    bindActions(under.tenant, [spins], 'credentials-exchange')
    const answer = await tokenRequest(under, machine)
    expect(answer.status).toBe(400)
    expect(answer.body).not.toHaveProperty('access_token')
    bindActions(under.tenant, [], 'credentials-exchange')
    expect((await tokenRequest(under, machine)).status).toBe(200)
  })
})
