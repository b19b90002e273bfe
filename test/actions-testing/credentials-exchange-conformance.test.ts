import { afterAll, describe, expect, test } from 'vitest'
import { createCredentialsExchangeEvent } from '../../actions-testing/credentials-exchange-event.ts'
import { credentialsExchangeMethodNames } from '../../actions-testing/credentials-exchange-flow.ts'
import type { Overrides } from '../../actions-testing/deep-merge.ts'
import type {
  CredentialsExchangeAPI,
  Event,
} from '../../actions-testing/types/credentials-exchange/v2.ts'
import { action, exchangeAction, login, runtimes } from './runtimes.ts'

// https://auth0.com/docs/actions/reference/credentials-exchange/credentials-exchange-api-object
const documented = [
  'access.deny',
  'accessToken.setCustomClaim',
  'cache.delete',
  'cache.get',
  'cache.set',
  'transaction.addTargetScope',
  'transaction.removeTargetScope',
  'transaction.setTargetScopes',
  'transaction.clearTargetScopes',
] as const satisfies readonly MethodName[]
type MethodName = {
  [Namespace in keyof CredentialsExchangeAPI]: `${Namespace}.${keyof CredentialsExchangeAPI[Namespace] & string}`
}[keyof CredentialsExchangeAPI]
/** Does not compile when the types have a member that the list has not. */
const typesAreDocumented: [Exclude<MethodName, (typeof documented)[number]>] extends [never]
  ? true
  : never = true

test('credentials-exchange: api has every documented member and no other', () => {
  expect([...credentialsExchangeMethodNames].sort()).toEqual([...documented].sort())
  expect(typesAreDocumented).toBe(true)
})

test('createCredentialsExchangeEvent: seeded, JSON, of one piece, and without the secret', () => {
  const event = createCredentialsExchangeEvent({}, { seed: 7 })
  expect(event).toEqual(createCredentialsExchangeEvent({}, { seed: 7 }))
  expect(event).not.toEqual(createCredentialsExchangeEvent({}, { seed: 8 }))
  expect(JSON.parse(JSON.stringify(event))).toEqual(event)
  expect(event.request.body).toMatchObject({
    audience: event.resource_server.identifier,
    client_id: event.client.client_id,
  })
  expect(event.request.body).not.toHaveProperty('client_secret')
  expect(
    createCredentialsExchangeEvent({ transaction: { target_scopes: undefined } }),
  ).not.toHaveProperty('transaction.target_scopes')
})

describe.each(Object.entries(runtimes))('credentials-exchange, %s', (_name, createRuntime) => {
  const runtime = createRuntime()
  afterAll(() => runtime.close())
  const run = (bodies: readonly string[], overrides: Overrides<Event> = {}) =>
    runtime.runCredentialsExchange({
      actions: bodies.map((body, index) => exchangeAction(body, { name: `action-${index + 1}` })),
      event: createCredentialsExchangeEvent(overrides),
    })

  test('deny: marks with its code, lets the Action go on, keeps later ones from running', async () => {
    const outcome = await run([
      `api.access.deny('invalid_scope', 'Not for you.'); api.accessToken.setCustomClaim('seen', 1)`,
      `api.accessToken.setCustomClaim('later', 1)`,
    ])
    expect(outcome.denied).toEqual({
      code: 'invalid_scope',
      reason: 'Not for you.',
      action: 'action-1',
    })
    expect(outcome.accessTokenClaims).toEqual({ seen: 1 })
    expect((await run([`api.access.deny('invalid_request')`])).denied).toEqual({
      code: 'invalid_request',
      reason: null,
      action: 'action-1',
    })
  })

  test('deny: a code that OAuth does not know here is refused, and fails the exchange', async () => {
    const outcome = await run([`api.access.deny('Not for you.')`])
    expect(outcome.denied).toMatchObject({
      code: 'server_error',
      reason: expect.stringContaining('code has to be one of invalid_request'),
    })
  })

  test('an uncaught error fails the exchange with its message; later Actions do not run', async () => {
    const outcome = await run([`throw new Error('it broke')`, `api.access.deny('invalid_scope')`])
    expect(outcome.denied).toEqual({
      code: 'server_error',
      reason: 'it broke',
      action: 'action-1',
    })
  })

  test('claims: seen by later Actions; restricted names and profile claims are dropped', async () => {
    const outcome = await run([
      `for (const name of ['sub', 'gty', 'email', 'plan', 'https://app.example/plan'])
         api.accessToken.setCustomClaim(name, name)`,
      `api.accessToken.setCustomClaim('before', event.accessToken.customClaims)`,
    ])
    const kept = { plan: 'plan', 'https://app.example/plan': 'https://app.example/plan' }
    expect(outcome.accessTokenClaims).toEqual({ ...kept, before: kept })
  })

  test('claims: tokens for the Management API take namespaced ones only', async () => {
    const outcome = await run(
      [
        `api.accessToken.setCustomClaim('a', 1).accessToken.setCustomClaim('urn:x:a', 1)
        api.accessToken.setCustomClaim('https://app.example/a', 1)`,
      ],
      { resource_server: { identifier: 'https://example-tenant.eu.auth0.com/api/v2/' } },
    )
    expect(outcome.accessTokenClaims).toEqual({ 'https://app.example/a': 1 })
  })

  test('claims: over 100 KB fail the exchange', async () => {
    const large = `api.accessToken.setCustomClaim('a', 'x'.repeat(60_000))`
    expect((await run([large])).denied).toBeNull()
    const outcome = await run([large, large.replace(`'a'`, `'b'`)])
    expect(outcome.denied).toEqual({
      code: 'server_error',
      reason: 'Custom claims of the accessToken exceed 100 KB',
      action: 'action-2',
    })
  })

  test('target scopes: begin as granted, show at once, accumulate', async () => {
    expect((await run([``])).targetScopes).toBeNull()
    const outcome = await run([
      `api.transaction.addTargetScope('write:reports')
       api.accessToken.setCustomClaim('now', event.transaction.target_scopes)`,
      `api.transaction.removeTargetScope('read:reports')
       api.accessToken.setCustomClaim('later', event.transaction.target_scopes)`,
    ])
    expect(outcome.accessTokenClaims).toEqual({
      now: ['read:reports', 'write:reports'],
      later: ['write:reports'],
    })
    expect(outcome.targetScopes).toEqual(['write:reports'])
    expect((await run([`api.transaction.clearTargetScopes()`])).targetScopes).toEqual([])
  })

  test('cache: shared by the Actions of the trigger, and not with post-login', async () => {
    await run([`api.cache.set('token', 'abc')`])
    const outcome = await run([
      `api.accessToken.setCustomClaim('value', api.cache.get('token').value)`,
    ])
    expect(outcome.accessTokenClaims).toEqual({ value: 'abc' })
    const read = action(`api.idToken.setCustomClaim('value', api.cache.get('token') ?? null)`)
    expect((await runtime.runPostLogin(login(read))).idTokenClaims).toEqual({ value: null })
  })

  test('no member of post-login is there, and there is no user', async () => {
    const outcome = await run([
      `api.accessToken.setCustomClaim('user', typeof event.user); api.accessToken.addScope('a')`,
    ])
    expect(outcome.accessTokenClaims).toEqual({ user: 'undefined' })
    expect(outcome.denied?.reason).toContain('api.accessToken.addScope does not exist')
  })

  test('console and calls are those of each Action', async () => {
    const outcome = await run([`console.log('x'.repeat(300))`, `api.access.deny('invalid_scope')`])
    expect(outcome.logs).toEqual([{ action: 'action-1', text: 'x'.repeat(256) }])
    expect(outcome.calls).toEqual([
      { action: 'action-2', method: 'access.deny', args: ['invalid_scope'] },
    ])
  })
})

describe.each(Object.entries(runtimes))(
  'credentials-exchange limits, %s',
  (name, createRuntime) => {
    test('an Action over its time fails the exchange, and the next is served', async () => {
      const runtime = createRuntime({ timeoutMs: 200 })
      const event = createCredentialsExchangeEvent()
      const hang = exchangeAction(
        name.startsWith('workers') ? 'for (;;);' : 'await new Promise(() => {})',
      )
      const outcome = await runtime.runCredentialsExchange({ actions: [hang], event })
      expect(outcome.denied).toMatchObject({
        code: 'server_error',
        reason: 'Actions took longer than 200 ms',
      })
      const next = await runtime.runCredentialsExchange({ actions: [exchangeAction('')], event })
      expect(next.denied).toBeNull()
      await runtime.close()
    })

    test('strictSecrets: reading a secret that was not given rejects', async () => {
      const runtime = createRuntime({ strictSecrets: true })
      const run = runtime.runCredentialsExchange({
        actions: [exchangeAction(`try { event.secrets.TYPO } catch {}`)],
        event: createCredentialsExchangeEvent(),
      })
      await expect(run).rejects.toThrow('reads secret TYPO, which it was not given')
      await runtime.close()
    })
  },
)
