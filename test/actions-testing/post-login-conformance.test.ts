import { execFileSync } from 'node:child_process'
import { builtinModules } from 'node:module'
import { afterAll, describe, expect, test } from 'vitest'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { action, login, runtimes } from './runtimes.ts'

describe.each(Object.entries(runtimes))('post-login, %s', (_name, createRuntime) => {
  const runtime = createRuntime()
  afterAll(() => runtime.close())
  const run = (...bodies: readonly string[]) =>
    runtime.runPostLogin(
      login(...bodies.map((body, index) => action(body, { name: `action-${index + 1}` }))),
    )

  test('deny: marks the login, lets the Action go on, and keeps later ones from running', async () => {
    const outcome = await run(
      `api.access.deny('No entry.'); api.user.setAppMetadata('seen', true)`,
      `api.user.setAppMetadata('later', true)`,
    )
    expect(outcome.denied).toEqual({ reason: 'No entry.', action: 'action-1' })
    expect(outcome.appMetadata).toEqual({ seen: true })
  })

  test('deny: what earlier Actions asked for is kept, and the first reason stands', async () => {
    const outcome = await run(
      `api.user.setUserMetadata('theme', 'dark')`,
      `api.access.deny('first'); api.access.deny('second')`,
    )
    expect(outcome.userMetadata).toEqual({ theme: 'dark' })
    expect(outcome.denied?.reason).toBe('first')
  })

  test.each([
    [`throw new Error('it broke')`, 'it broke'],
    [`await Promise.reject(new TypeError('later'))`, 'later'],
    [`throw 'bare'`, 'bare'],
    [`throw { message: Object.create(null) }`, 'Error'],
    [`throw { get message() { throw new Error('deeper') } }`, 'Error'],
    [`throw new Proxy({}, { has() { throw new Error('deeper') } })`, 'Error'],
    [`null.member`, `Cannot read properties of null (reading 'member')`],
  ])('an uncaught error is a denial whose reason is its message: %s', async (body, reason) => {
    const outcome = await run(body, `api.idToken.setCustomClaim('later', true)`)
    expect(outcome.denied).toEqual({ reason, action: 'action-1' })
    expect(outcome.idTokenClaims).toEqual({})
  })

  test('a bundle that fails to load, to compile or to export a handler is a denial', async () => {
    for (const [code, reason] of [
      [`throw new Error('at load')`, 'at load'],
      ['exports.onExecutePostLogin = (', /Unexpected|Invalid/],
      ['exports.other = () => {}', 'The Action broken does not export onExecutePostLogin'],
      [
        'exports.onExecutePostLogin = () => {}',
        'has to export onExecutePostLogin as an async func',
      ],
      ['exports.onExecutePostLogin = () => Promise.resolve()', 'as an async function'],
    ] as const) {
      const outcome = await runtime.runPostLogin(login({ name: 'broken', secrets: {}, code }))
      expect(outcome.denied?.action).toBe('broken')
      expect(outcome.denied?.reason).toMatch(reason)
    }
  })

  test('metadata: later Actions see it in event, the Action that set it does not', async () => {
    const outcome = await run(
      `api.user.setAppMetadata('plan', 'gold')
       api.idToken.setCustomClaim('same', event.user.app_metadata.plan ?? 'unseen')`,
      `api.idToken.setCustomClaim('later', event.user.app_metadata.plan)`,
    )
    expect(outcome.idTokenClaims).toEqual({ same: 'unseen', later: 'gold' })
    expect(outcome.appMetadata).toEqual({ plan: 'gold' })
  })

  test('metadata: null deletes, for later Actions too; an identical value is no write', async () => {
    const event = createPostLoginEvent({
      user: { app_metadata: { gone: 1, same: { a: [1, 2] }, back: 'x', held: null } },
    })
    const outcome = await runtime.runPostLogin({
      event,
      actions: [
        action(`api.user.setAppMetadata('gone', null).user.setAppMetadata('same', { a: [1, 2] })
                api.user.setAppMetadata('back', 'y'); api.user.setAppMetadata('back', 'x')
                api.user.setAppMetadata('never', null); api.user.setAppMetadata('held', null)`),
        action(`api.idToken.setCustomClaim('keys', Object.keys(event.user.app_metadata))`),
      ],
    })
    expect(outcome.appMetadata).toEqual({ gone: null, never: null, held: null })
    expect(outcome.idTokenClaims).toEqual({ keys: ['same', 'back'] })
  })

  test.each([
    [`setAppMetadata('email', 'x')`, 'Auth0 refuses the key email in app_metadata'],
    [`setAppMetadata('metadata', {})`, 'Auth0 refuses the key metadata in app_metadata'],
    [`setUserMetadata('a.b', 1)`, 'user_metadata: Auth0 refuses the field name a.b'],
    [`setAppMetadata('a', [{ $set: 1 }])`, 'app_metadata.a.0: Auth0 refuses the field name $set'],
    [`setUserMetadata('big', 'x'.repeat(32_000))`, 'user_metadata set by Actions exceeds 32000'],
    [`setUserMetadata('f', () => {})`, 'api.user.setUserMetadata: value is a function'],
    [`setUserMetadata('o', (() => { const o = {}; o.o = o; return o })())`, 'value.o is a circle'],
    [`setUserMetadata('u', undefined)`, 'value has to be a JSON value'],
    [`setUserMetadata('m', { of: new Map() })`, 'value.of is an instance of Map'],
  ])('metadata: %s is refused and named', async (call, message) => {
    const outcome = await run(`api.user.${call}`)
    expect(outcome.denied?.reason).toContain(message)
    expect(outcome.appMetadata).toEqual({})
    expect(outcome.userMetadata).toEqual({})
  })

  test('metadata: 32 kB each for the two objects, all Actions together', async () => {
    const outcome = await run(
      `api.user.setAppMetadata('a', 'x'.repeat(30_000)); api.user.setUserMetadata('a', 'x'.repeat(30_000))`,
      `api.user.setAppMetadata('b', 'x'.repeat(3_000))`,
    )
    expect(outcome.denied?.action).toBe('action-2')
    expect(Object.keys(outcome.appMetadata)).toEqual(['a'])
  })

  test('__proto__ in metadata and claims is a key like any other', async () => {
    const outcome = await run(
      `api.user.setAppMetadata('a', JSON.parse('{"__proto__": {"x": 1}}'))
       api.idToken.setCustomClaim('__proto__', { y: 1 })`,
      `api.idToken.setCustomClaim('own', Object.keys(event.user.app_metadata.a))`,
    )
    expect(outcome.denied).toBeNull()
    expect(JSON.stringify(outcome.appMetadata)).toBe('{"a":{"__proto__":{"x":1}}}')
    expect(Object.keys(outcome.idTokenClaims)).toEqual(['__proto__', 'own'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  test('event: each Action has a copy of its own, with its own secrets', async () => {
    const outcome = await runtime.runPostLogin(
      login(
        action(
          `event.user.app_metadata.mine = 1; event.user.email = 'x'; event.secrets.A = 'changed'
           api.idToken.setCustomClaim('first', Object.keys(event.secrets))`,
          { secrets: { A: '1' } },
        ),
        action(
          `api.idToken.setCustomClaim('second', [event.secrets, event.user.app_metadata, event.user.email !== 'x'])`,
          { secrets: { B: '2' } },
        ),
      ),
    )
    expect(outcome.idTokenClaims).toEqual({ first: ['A'], second: [{ B: '2' }, {}, true] })
    expect(outcome.appMetadata).toEqual({})
  })

  test('transaction metadata shows at once, in this Action and in later ones', async () => {
    const outcome = await run(
      `api.transaction.setMetadata('step', 1)
       api.idToken.setCustomClaim('now', event.transaction.metadata.step)`,
      `api.idToken.setCustomClaim('later', event.transaction.metadata.step)
       api.transaction.setMetadata('step', null)`,
    )
    expect(outcome.idTokenClaims).toEqual({ now: 1, later: 1 })
    expect(outcome.transactionMetadata).toEqual({})
  })

  test('cache: entries are shared by the Actions of a login, and by later logins', async () => {
    const first = await run(
      `api.cache.set('token', 'abc', { ttl: 60_000 })`,
      `api.idToken.setCustomClaim('value', api.cache.get('token').value)
       api.idToken.setCustomClaim('none', api.cache.get('nothing') === undefined)`,
    )
    expect(first.idTokenClaims).toEqual({ value: 'abc', none: true })
    const second = await run(`api.idToken.setCustomClaim('record', api.cache.get('token'))`)
    const record = second.idTokenClaims.record as { value: string; expires_at: number }
    expect(record.value).toBe('abc')
    expect(record.expires_at).toBeGreaterThan(Date.now())
    expect(record.expires_at).toBeLessThanOrEqual(Date.now() + 60_000)
    const third = await run(
      `api.cache.delete('token')
       api.idToken.setCustomClaim('gone', [api.cache.get('token') ?? null, api.cache.delete('token')])`,
    )
    expect(third.idTokenClaims).toEqual({
      gone: [null, { type: 'error', code: 'CacheKeyDoesNotExist' }],
    })
  })

  test('claims: restricted names are dropped without a word, but recorded as calls', async () => {
    const outcome = await run(
      `for (const name of ['sub', 'aud', 'x5t#S256', '$a', 'urn:auth0:a', 'https://x.auth0.com/a', 'https://app.example/a'])
         api.accessToken.setCustomClaim(name, name)
       api.accessToken.setCustomClaim('undefined', undefined)`,
    )
    expect(outcome.accessTokenClaims).toEqual({ 'https://app.example/a': 'https://app.example/a' })
    expect(outcome.denied).toBeNull()
    expect(outcome.calls).toHaveLength(8)
  })

  test('claims: over 100 KB in one token fails the login; twice 60 KB in two tokens does not', async () => {
    const claims = `api.idToken.setCustomClaim('a', 'x'.repeat(60_000)); api.accessToken.setCustomClaim('a', 'x'.repeat(60_000))`
    expect((await run(claims)).denied).toBeNull()
    const outcome = await run(claims, `api.idToken.setCustomClaim('b', 'x'.repeat(60_000))`)
    expect(outcome.denied).toEqual({
      action: 'action-2',
      reason: 'Custom claims of the idToken exceed 100 KB',
    })
  })

  test('scopes: the last word on a scope counts', async () => {
    const outcome = await run(
      `api.accessToken.addScope('a'); api.accessToken.removeScope('b'); api.accessToken.addScope('c')`,
      `api.accessToken.removeScope('a'); api.accessToken.addScope('b')`,
    )
    expect(outcome.addedScopes).toEqual(['c', 'b'])
    expect(outcome.removedScopes).toEqual(['a'])
  })

  test('a step for the user holds later Actions back; multifactor does not', async () => {
    const later = `api.idToken.setCustomClaim('later', true)`
    const redirected = await run(`api.redirect.sendUserTo('https://app.example/ask')`, later)
    expect(redirected.interaction).toEqual({
      method: 'redirect.sendUserTo',
      action: 'action-1',
      url: 'https://app.example/ask',
    })
    expect(redirected.idTokenClaims).toEqual({})
    const multifactor = await run(`api.multifactor.enable('any')`, later)
    expect(multifactor.interaction?.method).toBe('multifactor.enable')
    expect(multifactor.idTokenClaims).toEqual({ later: true })
    expect((await run(`api.multifactor.enable('none')`)).interaction).toBeNull()
  })

  test('multifactor: the last call counts, none takes it back, and it comes after other steps', async () => {
    const any = `api.multifactor.enable('any')`
    const none = `api.multifactor.enable('none')`
    expect(await run(any, none)).toMatchObject({ interaction: null, multifactor: null })
    expect((await run(none, any)).interaction?.action).toBe('action-2')
    const ask = `api.redirect.sendUserTo('https://app.example/ask')`
    for (const both of [`${any}; ${ask}`, `${ask}; ${any}`]) {
      const outcome = await run(both, `api.idToken.setCustomClaim('later', true)`)
      expect(outcome.interaction?.method).toBe('redirect.sendUserTo')
      expect(outcome).toMatchObject({ idTokenClaims: {}, multifactor: { action: 'action-1' } })
    }
  })

  test('console: 256 characters an Action, and lines go to the Action that wrote them', async () => {
    const outcome = await run(
      `console.log('count: %d', 1, { a: 1 }); console.error('x'.repeat(300)); console.log('lost')`,
      `console.warn('second')`,
      ``,
    )
    expect(outcome.logs.map(({ action }) => action)).toEqual(['action-1', 'action-2'])
    expect(outcome.logs[0]?.text).toMatch(/^count: 1 \{ a: 1 \}\nx+$/)
    expect(outcome.logs[0]?.text).toHaveLength(256)
    expect(outcome.logs[1]?.text).toBe('second')
  })

  test('calls: every one, in order, with copies of the arguments', async () => {
    const outcome = await run(
      `const teams = ['a']; api.idToken.setCustomClaim('teams', teams); teams.push('b')
       api.access.deny('no')`,
    )
    expect(outcome.calls).toEqual([
      { action: 'action-1', method: 'idToken.setCustomClaim', args: ['teams', ['a']] },
      { action: 'action-1', method: 'access.deny', args: ['no'] },
    ])
    expect(outcome.idTokenClaims).toEqual({ teams: ['a'] })
  })

  test('an api call after the Action has returned does not count', async () => {
    const outcome = await run(
      `setTimeout(() => { try { api.user.setAppMetadata('late', 1) } catch (error) { globalThis.late = error.message } }, 1)`,
      `await new Promise((resolve) => setTimeout(resolve, 20))`,
    )
    expect(outcome.denied).toBeNull()
    expect(outcome.appMetadata).toEqual({})
  })

  test('require: the modules of Node that Auth0 has, and no processes, threads or files', async () => {
    const outcome = await run(
      `api.idToken.setCustomClaim('a', require('node:crypto').createHash('sha256').update('a').digest('hex').length)
       api.idToken.setCustomClaim('b', typeof require('https').request)
       const refused = ['child_process', 'fs', 'node:fs/promises', 'worker_threads', 'vm', 'module', 'left-pad']
         .filter((id) => { try { return !require(id) } catch (error) { return error.code === 'MODULE_NOT_FOUND' } })
       api.idToken.setCustomClaim('refused', refused.length)
       api.idToken.setCustomClaim('process', [Object.keys(process.env).length, typeof process.exit])`,
    )
    expect(outcome.idTokenClaims).toEqual({
      a: 64,
      b: 'function',
      refused: 7,
      process: [0, 'undefined'],
    })
  })

  test('globals: those of Node 22, and instanceof holds for what they give', async () => {
    const outcome = await run(
      `const bytes = new TextEncoder().encode('x')
       const failure = await fetch('http://127.0.0.1:1').catch((error) => error)
       const aborted = await fetch('http://127.0.0.1:1', { signal: AbortSignal.abort() }).catch((error) => error)
       class Own extends Error {}
       api.idToken.setCustomClaim('checks', [
         bytes instanceof Uint8Array, Buffer.from('x') instanceof Uint8Array,
         failure instanceof TypeError, failure instanceof Error, aborted instanceof Error,
         !(failure instanceof RangeError), !(failure instanceof Own), new Own() instanceof Own,
         new Own() instanceof Error, (await new Response('{"a":[]}').json()).a instanceof Array,
         event.user instanceof Object, Array.isArray(event.user.identities),
         typeof structuredClone({}) === 'object', crypto.randomUUID().length === 36,
         new URL('/a', 'https://x.example').searchParams instanceof URLSearchParams,
         performance.now() > 0, await new Promise((resolve) => setImmediate(resolve, true)),
       ])`,
    )
    expect(outcome.denied).toBeNull()
    expect(outcome.idTokenClaims.checks).toEqual(Array.from({ length: 17 }, () => true))
  })

  test('globals: not one of Node is missing, and global is the global object', async () => {
    expect(ofNode).toContain('ReadableStream')
    const outcome = await run(
      `const missing = ${JSON.stringify(ofNode)}.filter((name) => !(name in globalThis))
       api.idToken.setCustomClaim('missing', missing)
       api.idToken.setCustomClaim('same', global === globalThis)`,
    )
    expect(outcome.idTokenClaims).toEqual({ missing: [], same: true })
  })
})

/** What `-e` has besides what every program has. */
const ofEval = [...builtinModules, '__dirname', '__filename', 'exports', 'require', 'undefined']
const ofNode: readonly string[] = JSON.parse(
  execFileSync(process.execPath, [
    '-e',
    'console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis)))',
  ]).toString(),
).filter((name: string) => !ofEval.includes(name))

describe.each(Object.entries(runtimes))('post-login options, %s', (name, createRuntime) => {
  test('timeoutMs: a flow that takes longer is denied, and says so; the next is served', async () => {
    const runtime = createRuntime({ timeoutMs: 400 })
    const wait = `await new Promise((resolve) => setTimeout(resolve, 250))`
    const run = login(action(wait, { name: 'one' }), action(wait, { name: 'two' }))
    const outcome = await runtime.runPostLogin(run)
    expect(outcome.denied).toEqual({ reason: 'Actions took longer than 400 ms', action: 'two' })
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(399)
    expect((await runtime.runPostLogin(login(action(wait)))).denied).toBeNull()
    await runtime.close()
  })

  test('timeoutMs: what an Action does when its time is over does not count', async () => {
    const runtime = createRuntime({ timeoutMs: 40 })
    const late = action(
      `await new Promise((resolve) => setTimeout(resolve, 80)); api.cache.set('late', 'v')`,
    )
    const outcome = await runtime.runPostLogin(login(late))
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(outcome.calls).toEqual([])
    const read = action(`api.idToken.setCustomClaim('late', api.cache.get('late') ?? null)`)
    expect((await runtime.runPostLogin(login(read))).idTokenClaims).toEqual({ late: null })
    await runtime.close()
  })

  test('loseCache: an execution finds nothing of the one before', async () => {
    const runtime = createRuntime({ loseCache: true })
    const run = login(
      action(
        `api.idToken.setCustomClaim('before', api.cache.get('k') === undefined); api.cache.set('k', 'v')`,
      ),
      action(`api.idToken.setCustomClaim('within', api.cache.get('k').value)`),
    )
    await runtime.runPostLogin(run)
    expect((await runtime.runPostLogin(run)).idTokenClaims).toEqual({ before: true, within: 'v' })
    await runtime.close()
  })

  test('strictSecrets: reading a secret that was not given rejects, even when it is caught', async () => {
    const runtime = createRuntime({ strictSecrets: true })
    const secrets = { GIVEN: 'yes' }
    const given = action(
      `api.idToken.setCustomClaim('a', [event.secrets.GIVEN, 'B' in event.secrets])`,
      { secrets },
    )
    expect((await runtime.runPostLogin(login(given))).idTokenClaims).toEqual({ a: ['yes', false] })
    const missing = action(`try { event.secrets.TYPO } catch {}`, { name: 'reader', secrets })
    await expect(runtime.runPostLogin(login(missing))).rejects.toThrow(
      'The Action reader reads secret TYPO, which it was not given',
    )
    await runtime.close()
  })

  test('warm: module state is kept between logins; fresh: it is not', async () => {
    const runtime = createRuntime()
    const counting = {
      name: 'n',
      secrets: {},
      code: `let n = 0; exports.onExecutePostLogin = async (event, api) => { n += 1; api.idToken.setCustomClaim('n', n) }`,
    }
    const counts = []
    for (let turn = 0; turn < 3; turn += 1) {
      counts.push((await runtime.runPostLogin(login(counting))).idTokenClaims.n)
    }
    expect(counts).toEqual(name.endsWith('warm') ? [1, 2, 3] : [1, 1, 1])
    await runtime.close()
  })
})
