import { SignJWT } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { createActionCache } from '../../actions-testing/action-cache.ts'
import { createContinueEvent } from '../../actions-testing/continue-event.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { runAction, runCredentialsExchangeAction } from '../../actions-testing/run-action.ts'
import type { CredentialsExchangeAPI } from '../../actions-testing/types/credentials-exchange/v2.ts'
import type { Event, PostLoginAPI } from '../../actions-testing/types/post-login/v3.ts'
import { action } from './runtimes.ts'

/** As a TypeScript Action is written: no build lies between it and its test. */
async function onExecutePostLogin(event: Event, api: PostLoginAPI): Promise<void> {
  if (event.user.email_verified !== true) {
    api.access.deny('Verify your e-mail address.')
    return
  }
  const { plan } = event.user.app_metadata
  if (plan !== undefined) api.idToken.setCustomClaim(`${event.secrets.NAMESPACE}plan`, plan)
}

const secrets = { NAMESPACE: 'https://app.example/' }
const inBundle = onExecutePostLogin.toString()
const forms = [
  ['a handler', onExecutePostLogin],
  ['a module', { onExecutePostLogin }],
  ['a bundle', `${inBundle}; exports.onExecutePostLogin = ${onExecutePostLogin.name}`],
] as const

describe.each(forms)('runAction, of %s', (_form, underTest) => {
  test('gives what the Action asked for', async () => {
    const user = { app_metadata: { plan: 'gold' } }
    const outcome = await runAction(underTest, { user }, { secrets })
    expect(outcome.denied).toBeNull()
    expect(outcome.idTokenClaims).toEqual({ 'https://app.example/plan': 'gold' })
    const denied = await runAction(underTest, { user: { email_verified: false } }, { secrets })
    expect(denied.denied).toEqual({ action: 'an-action', reason: 'Verify your e-mail address.' })
  })

  test('a secret that is read and not given fails the test, and names the seed', async () => {
    const run = runAction(underTest, { user: { app_metadata: { plan: 'gold' } } }, { seed: 7 })
    await expect(run).rejects.toThrow(
      'The Action an-action reads secret NAMESPACE, which it was not given (event seed 7)',
    )
  })
})

test('runAction: a secret that is optional is given as undefined, and is not there', async () => {
  const look = (event: Event) => [event.secrets.DEBUG, Object.keys(event.secrets)]
  const seen = vi.fn()
  const options = { secrets: { DEBUG: undefined, KEY: 'x' } }
  await runAction(async (event: Event) => seen(...look(event)), {}, options)
  expect(seen).toHaveBeenCalledWith(undefined, ['KEY'])
  const typo = runAction(async (event: Event) => event.secrets.DEBG, {}, options)
  await expect(typo).rejects.toThrow('reads secret DEBG')
})

test('runAction: secrets are otherwise an object like any other, in a copy too', async () => {
  const options = { secrets: { KEY: 'x' } }
  const look = vi.fn()
  const copies = async (event: Event) => {
    const { KEY, ...others } = event.secrets
    look(structuredClone(event).secrets, { ...event.secrets }, JSON.stringify(event.secrets))
    look(KEY, others, `${event.secrets}`)
    expect(event.secrets).toEqual({ KEY: 'x' })
    expect(() => expect(event.secrets).toEqual({ KEY: 'y' })).toThrow('deeply equal')
  }
  await runAction(copies, {}, options)
  expect(look).toHaveBeenNthCalledWith(1, { KEY: 'x' }, { KEY: 'x' }, '{"KEY":"x"}')
  expect(look).toHaveBeenNthCalledWith(2, 'x', {}, '[object Object]')
  const inherited = async (event: Event) => Object.create(event.secrets).OTHER
  await expect(runAction(inherited, {}, options)).rejects.toThrow('reads secret OTHER')
})

test('runAction: an event of the factory is taken as it is, with its seed', async () => {
  const event = createPostLoginEvent({ session: undefined }, { seed: 42 })
  const look = vi.fn()
  const outcome = await runAction(
    async (given: Event) => look(given.session, given.user.user_id),
    event,
  )
  expect(look).toHaveBeenCalledWith(undefined, event.user.user_id)
  expect(outcome.seed).toBe(42)
  const { seed } = await runAction(async () => {}, { ...event })
  expect(seed).toBeNull()
})

test('runAction: what is misspelt in the outcome throws, names the nearest and the seed', async () => {
  const outcome = await runAction(
    async (_event: Event, api: PostLoginAPI) => {
      api.access.deny('no')
      api.idToken.setCustomClaim('a', { b: 1 })
    },
    {},
    { seed: 9 },
  )
  const loose = outcome as unknown as Record<string, Record<string, unknown>[]> & {
    denied: Record<string, unknown>
  }
  expect(() => loose.denyed).toThrow(
    'outcome.denyed does not exist; did you mean outcome.denied? (event seed 9)',
  )
  expect(() => loose.denied.reson).toThrow('did you mean outcome.denied.reason? (event seed 9)')
  expect(() => loose.calls?.[0]?.methd).toThrow('did you mean outcome.calls[0].method?')
  expect(() => Object.assign(outcome, { denied: null })).toThrow(TypeError)
  expect(outcome.idTokenClaims.not_set).toBeUndefined()
  // @ts-expect-error: the names of methods are known, and no such assertion compiles.
  expect(outcome.calls.some(({ method }) => method === 'access.denny')).toBe(false)
})

test('runAction: the strict outcome is equal to its like, can be awaited and printed', async () => {
  const outcome = await runAction(onExecutePostLogin)
  expect(await outcome).toBe(outcome)
  expect(outcome).toMatchObject({ denied: null, seed: 1, calls: [] })
  expect({ ...outcome }).toEqual(
    JSON.parse(JSON.stringify({ ...outcome, elapsedMs: outcome.elapsedMs })),
  )
  expect(outcome).not.toEqual({ ...outcome, denied: { reason: 'x', action: 'y' } })
  expect(JSON.stringify(outcome)).toContain('"denied":null')
})

test('runAction: logs are kept of a handler too, each of its own run, and the console is as before', async () => {
  const spy = vi.spyOn(console, 'log').mockImplementation(() => {})
  const write = async (event: Event) => {
    console.log('first', { of: event.user.email_verified })
    await new Promise((resolve) => setTimeout(resolve, event.user.email_verified ? 10 : 1))
    console.log('x'.repeat(300))
  }
  try {
    const both = [{}, { user: { email_verified: false } }].map((event) => runAction(write, event))
    for (const [index, { logs }] of (await Promise.all(both)).entries()) {
      expect(logs).toHaveLength(1)
      expect(logs[0]?.text).toMatch(
        index === 0 ? /^first { of: true }\nx+$/ : /^first { of: false }/,
      )
      expect(logs[0]?.text).toHaveLength(256)
    }
    expect(console.log).toBe(spy)
    expect(spy).toHaveBeenCalledTimes(4)
  } finally {
    spy.mockRestore()
  }
  expect((await runAction(async () => {})).logs).toEqual([])
})

test('runAction: an error that is not caught is a failed test, not a denial; unless it is asked for', async () => {
  const broken = async (event: Event) => {
    throw new RangeError(`out of ${typeof event}`)
  }
  const error = await runAction(broken).catch((reason) => reason)
  expect(error.message).toBe('The Action an-action threw: out of object (event seed 1)')
  expect(error.cause).toBeInstanceOf(RangeError)
  const outcome = await runAction(broken, {}, { uncaught: 'deny' })
  expect(outcome.denied?.reason).toBe('out of object')
  const nothing = async () => {
    throw null
  }
  await expect(runAction(nothing)).rejects.toThrow('The Action an-action threw: null')
})

test('runAction: a member that api does not have fails the test, even when the Action catches', async () => {
  const misspelt = async (_event: Event, api: PostLoginAPI) => {
    try {
      ;(api as unknown as { acess: PostLoginAPI['access'] }).acess.deny('no')
    } catch {}
  }
  await expect(runAction(misspelt, {}, { uncaught: 'deny' })).rejects.toThrow(
    'did you mean api.access? (event seed 1)',
  )
})

test('runAction: over its time is a failed test, and a denial where that is asked for', async () => {
  const spent = (options: object) =>
    runAction(async () => new Promise(() => {}), {}, { timeoutMs: 20, ...options })
  await expect(spent({})).rejects.toThrow('failed: Actions took longer than 20 ms')
  const { denied } = await spent({ uncaught: 'deny' })
  expect(denied?.reason).toBe('Actions took longer than 20 ms')
})

test('runAction: resume calls onContinuePostLogin of the same module', async () => {
  const module = {
    onExecutePostLogin: async (_event: Event, api: PostLoginAPI) => {
      api.redirect.sendUserTo('https://app.example/ask')
    },
    onContinuePostLogin: async (event: Event, api: PostLoginAPI) => {
      const { method } = api.redirect.validateToken({ secret: event.secrets.REDIRECT ?? '' })
      api.authentication.recordMethod(String(method))
    },
  }
  const options = { secrets: { REDIRECT: 'a secret that is long enough' } }
  const event = createPostLoginEvent({}, { seed: 5 })
  const stopped = await runAction(module, event, options)
  expect(stopped.interaction?.url).toBe('https://app.example/ask')
  const session_token = await new SignJWT({ state: 's', method: 'https://app.example/captcha' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1m')
    .sign(Buffer.from(options.secrets.REDIRECT))
  const back = createContinueEvent(event, stopped, { query: { state: 's', session_token } })
  const outcome = await runAction(module, back, { ...options, resume: stopped })
  expect(outcome.recordedMethods).toEqual(['https://app.example/captcha'])
  expect(outcome.seed).toBe(5)
})

test('runAction: cache, clock, globals and modules are the ones given', async () => {
  const now = () => 1_000_000
  const cache = createActionCache(now)
  cache.set('token', 'abc')
  const { code } = action(
    `const body = await (await fetch('https://x.example')).json()
     api.idToken.setCustomClaim('all', [api.cache.get('token').value, body.a, require('left-pad')('b')])`,
  )
  const outcome = await runAction(
    code,
    {},
    {
      cache,
      now,
      globals: { fetch: async () => Response.json({ a: 1 }) },
      modules: { 'left-pad': (text: string) => ` ${text}` },
    },
  )
  expect(outcome.idTokenClaims).toEqual({ all: ['abc', 1, ' b'] })
})

test('runAction: an Action that no tenant would hold is refused, its secrets not shown', async () => {
  const sized = (bytes: number) => 'exports.onExecutePostLogin = async () => {}'.padEnd(bytes, ' ')
  await expect(runAction(sized(100_000))).resolves.toMatchObject({ denied: null })
  await expect(runAction(sized(100_001))).rejects.toThrow('is 100001 bytes; Auth0 holds 100000')
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`S${n}`, 'x']))
  await expect(runAction(async () => {}, {}, { secrets: many(30) })).resolves.toBeDefined()
  await expect(runAction(async () => {}, {}, { secrets: many(31) })).rejects.toThrow(
    'has 31 secrets',
  )
  const long = { S: 'x'.repeat(4_096), ['n'.repeat(128)]: '' }
  await expect(runAction(async () => {}, {}, { secrets: long })).resolves.toBeDefined()
  const error = await runAction(async () => {}, {}, { secrets: { S: 'x'.repeat(4_097) } }).catch(
    String,
  )
  expect(error).toContain('the secret S of the Action an-action is too long')
  expect(error).not.toContain('xxx')
  await expect(
    runAction(async () => {}, {}, { secrets: { ['n'.repeat(129)]: '' } }),
  ).rejects.toThrow('is too long')
})

test('runAction: an event with what Auth0 hides from Actions is refused, its values not shown', async () => {
  const github = { connection: 'github', isSocial: true, provider: 'github', user_id: '1' }
  const withToken = { ...github, access_token: 'sesame' } as Event['user']['identities'][number]
  const events: [Parameters<typeof runAction>[1], string][] = [
    [{ request: { body: { refresh_token: 'sesame' } } }, 'event.request.body.refresh_token'],
    [{ request: { query: { client_secret: 'sesame' } } }, 'event.request.query.client_secret'],
    [{ user: { identities: [github, withToken] } }, 'event.user.identities[1].access_token'],
  ]
  for (const [event, path] of events) {
    const { message } = await runAction(async () => {}, event).catch((error) => error)
    expect(message).toBe(`Auth0 shows no Action ${path} (event seed 1)`)
    const whole = createPostLoginEvent(event)
    await expect(runAction(async () => {}, whole)).rejects.toThrow(path)
  }
  const body = { client_secret: 'sesame' }
  const exchange = runCredentialsExchangeAction(async () => {}, { request: { body } })
  await expect(exchange).rejects.toThrow('event.request.body.client_secret')
  const fine = { user: { identities: [github] }, request: { body: { grant_type: 'password' } } }
  await expect(runAction(async () => {}, fine)).resolves.toMatchObject({ denied: null })
})

test('runAction: an event with a member that no page documents is refused, and the nearest named', async () => {
  const given = (event: object) =>
    runAction(async () => {}, event as Parameters<typeof runAction>[1])
  await expect(given({ connection: { stratgey: 'samlp' } })).rejects.toThrow(
    'event.connection.stratgey does not exist; did you mean event.connection.strategy? (event seed 1)',
  )
  await expect(given({ transation: { protocol: 'samlp' } })).rejects.toThrow('event.transaction?')
  const profile = { app_metadata: { anything: 1 }, department: 'of its identity provider' }
  await expect(given({ user: profile, experiment: {} })).resolves.toBeDefined()
  const exchange = { user: { email: 'user@example.com' } } as object
  await expect(runCredentialsExchangeAction(async () => {}, exchange)).rejects.toThrow(
    'event.user does',
  )
})

test('runCredentialsExchangeAction: handlers and bundles, with the seed in every message', async () => {
  const deny = async (_event: unknown, api: CredentialsExchangeAPI) => {
    api.access.deny('invalid_scope', 'no')
  }
  const outcome = await runCredentialsExchangeAction(deny, {}, { seed: 3 })
  expect(outcome.denied).toEqual({ code: 'invalid_scope', reason: 'no', action: 'an-action' })
  expect(() => (outcome as unknown as Record<string, unknown>).targetScope).toThrow(
    'did you mean outcome.targetScopes? (event seed 3)',
  )
  const bundle = `exports.onExecuteCredentialsExchange = async (event) => event.secrets.TYPO`
  await expect(runCredentialsExchangeAction(bundle)).rejects.toThrow('TYPO')
})
