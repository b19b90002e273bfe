import { afterAll, describe, expect, test } from 'vitest'
import { createRuleLogin } from '../../actions-testing/rule-login.ts'
import { rule, rulesRun, runtimes } from './runtimes.ts'

const pass = 'callback(null, user, context)'

test('createRuleLogin: seeded, JSON, and a user without metadata unless it is given', () => {
  const { context, user } = createRuleLogin({}, { seed: 3 })
  expect(createRuleLogin({}, { seed: 3 })).toEqual({ context, user })
  expect(JSON.parse(JSON.stringify({ context, user }))).toEqual({ context, user })
  expect(user).not.toHaveProperty('app_metadata')
  expect(user).not.toHaveProperty('user_metadata')
  expect(context.primaryUser).toBe(user.user_id)
  expect(context.request).toMatchObject({ geoip: { country_code: expect.any(String) } })
  const given = createRuleLogin({
    user: { app_metadata: { a: 1 } },
    context: { protocol: 'samlp' },
  })
  expect(given).toMatchObject({ user: { app_metadata: { a: 1 } }, context: { protocol: 'samlp' } })
})

describe.each(Object.entries(runtimes))('Rules, %s', (name, createRuntime) => {
  const runtime = createRuntime({ timeoutMs: 250 })
  afterAll(() => runtime.close())
  const run = (bodies: readonly string[], overrides: Parameters<typeof rulesRun>[1] = {}) =>
    runtime.runRules(
      rulesRun(
        bodies.map((body, index) => rule(body, `rule-${index + 1}`)),
        overrides,
      ),
    )

  test('in order; what one changes in user and context the next sees, and nothing is stored', async () => {
    const outcome = await run([
      `user.app_metadata = user.app_metadata || {}; user.app_metadata.plan = 'gold'
       context.seen = ['first']; ${pass}`,
      `context.seen.push('second', user.app_metadata.plan, typeof user.user_metadata)
       setTimeout(() => ${pass}, 5)`,
      `context.idToken['https://app.example/seen'] = context.seen; ${pass}`,
    ])
    expect(outcome.denied).toBeNull()
    expect(outcome.idTokenClaims).toEqual({
      'https://app.example/seen': ['first', 'second', 'gold', 'undefined'],
    })
    expect(outcome.user.app_metadata).toEqual({ plan: 'gold' })
    expect(outcome.writes).toEqual([])
  })

  test('a replaced user and context are what the next Rule gets', async () => {
    const outcome = await run([
      `callback(null, { ...user, name: 'Other' }, { ...context, added: true })`,
      `context.idToken.name_seen = [user.name, context.added]; ${pass}`,
    ])
    expect(outcome.idTokenClaims).toEqual({ name_seen: ['Other', true] })
  })

  test.each([
    [`callback(new UnauthorizedError('Not today.'))`, 'unauthorized', 'Not today.'],
    [`callback(new UnauthorizedError('No.'), user, context)`, 'unauthorized', 'No.'],
    [`callback(new Error('It broke.'))`, 'access_denied', 'It broke.'],
    [`callback('bare')`, 'access_denied', 'bare'],
    [`callback(new Error())`, 'access_denied', ''],
    [`callback(new Proxy({}, { has() { throw 1 } }))`, 'access_denied', 'Error'],
    [`throw new Error('at once')`, 'access_denied', 'The Rule rule-1 threw: at once'],
    [`throw new UnauthorizedError('x')`, 'access_denied', 'The Rule rule-1 threw: x'],
    [`return Promise.reject(new Error('soon'))`, 'access_denied', 'The Rule rule-1 threw: soon'],
    [`${pass}; ${pass}`, 'access_denied', 'The Rule rule-1 called back 2 times'],
    [
      `callback(new UnauthorizedError('x')); ${pass}`,
      'access_denied',
      'The Rule rule-1 called back 2 times',
    ],
    [`${pass}; throw new Error('x')`, 'access_denied', 'The Rule rule-1 called back and threw'],
    [`callback(null)`, 'access_denied', 'The Rule rule-1 called back without user and context'],
    [
      `callback(null, user)`,
      'access_denied',
      'The Rule rule-1 called back without user and context',
    ],
    [``, 'access_denied', 'Rules took longer than 250 ms, in the Rule rule-1'],
  ])('fails closed, and later Rules do not run: %s', async (body, error, reason) => {
    const outcome = await run([body, `context.idToken.later = true; ${pass}`])
    expect(outcome.denied).toEqual({ error, reason, rule: 'rule-1' })
    expect(outcome.idTokenClaims).not.toHaveProperty('later')
  })

  test('a Rule that calls back again while a later one runs fails the login', async () => {
    const outcome = await run([
      `${pass}; setTimeout(() => ${pass}, 20)`,
      `setTimeout(() => ${pass}, 80)`,
    ])
    expect(outcome.denied).toEqual({
      error: 'access_denied',
      reason: 'The Rule rule-1 called back 2 times',
      rule: 'rule-1',
    })
  })

  // 140 ms to spare: on a machine with other work a thread may be late by that much, but not each time.
  test('the time is that of all Rules together', { retry: 2 }, async () => {
    const wait = `setTimeout(() => ${pass}, 110)`
    expect((await run([wait])).denied).toBeNull()
    expect((await run([wait, wait, wait])).denied?.reason).toContain('longer than 250 ms')
  })

  test.each([
    ['const a = 1', /^The Rule broken threw: /],
    ['function (user, context, callback) { callback(null, user, context) };', /^The Rule broken/],
    ['({})', /the source is not one function/],
  ])('a source that is not one function fails the login: %s', async (code, reason) => {
    const outcome = await runtime.runRules(rulesRun([{ name: 'broken', code }]))
    expect(outcome.denied?.reason).toMatch(reason)
  })

  test('auth0.users: promises of what is stored; key by key, null deletes, denied or not', async () => {
    const login = createRuleLogin({ user: { app_metadata: { kept: 1, gone: 2 } } })
    const outcome = await run(
      [
        `auth0.users.updateAppMetadata(user.user_id, { gone: null, plan: 'gold' })
           .then((stored) => { context.stored = stored; return auth0.users.updateUserMetadata(user.user_id, { a: 1 }) })
           .then(() => ${pass}).catch(callback)`,
        `context.idToken.stored = [context.stored.app_metadata, user.app_metadata]; ${pass}`,
        `callback(new Error('no'))`,
      ],
      login,
    )
    expect(outcome.idTokenClaims.stored).toEqual([
      { kept: 1, plan: 'gold' },
      login.user.app_metadata,
    ])
    expect(outcome.denied?.rule).toBe('rule-3')
    const userId = login.user.user_id
    expect(outcome.writes).toEqual([
      { rule: 'rule-1', userId, kind: 'app_metadata', metadata: { gone: null, plan: 'gold' } },
      { rule: 'rule-1', userId, kind: 'user_metadata', metadata: { a: 1 } },
    ])
  })

  test.each([
    [`updateAppMetadata(user.user_id, { email: 'x' })`, 'refuses the key email'],
    [`updateUserMetadata(user.user_id, { 'a.b': 1 })`, 'refuses the field name a.b'],
    [`updateUserMetadata(user.user_id, 'x')`, 'user_metadata has to be an object'],
    [`updateUserMetadata(undefined, {})`, 'the user id has to be a string'],
  ])('auth0.users rejects what the Management API would: %s', async (call, message) => {
    const outcome = await run([`auth0.users.${call}.then(() => ${pass}, callback)`])
    expect(outcome.denied?.reason).toContain(message)
    expect(outcome.writes).toEqual([])
  })

  test('auth0, configuration and global; and what is misspelt names itself', async () => {
    const run1 = `context.idToken.globals = [auth0.domain, auth0.baseUrl, auth0.accessToken,
      configuration.KEY, Object.isFrozen(configuration)]; global.count = (global.count || 0) + 1
      context.idToken.count = global.count; ${pass}`
    const overrides = {
      configuration: { KEY: 'value' },
      auth0: { domain: 'a.example', accessToken: 'token' },
    }
    const outcome = await run([run1], overrides)
    expect(outcome.idTokenClaims.globals).toEqual([
      'a.example',
      'https://a.example/api/v2',
      'token',
      'value',
      true,
    ])
    const again = await run([run1], overrides)
    expect(again.idTokenClaims.count).toBe(name.endsWith('warm') ? 2 : 1)
    const misspelt = await run([`auth0.users.updateAppMetaData(user.user_id, {})`])
    expect(misspelt.denied?.reason).toContain('did you mean auth0.users.updateAppMetadata?')
  })

  test('claims: restricted names are dropped, scope is none, 100 KB fail the login', async () => {
    const outcome = await run([
      `Object.assign(context.idToken, { sub: 1, plan: 2, email: 3 })
       context.accessToken = { scope: ['openid'], aud: 1, 'https://app.example/a': 2 }; ${pass}`,
    ])
    expect(outcome.idTokenClaims).toEqual({ plan: 2, email: 3 })
    expect(outcome.accessTokenClaims).toEqual({ 'https://app.example/a': 2 })
    expect(outcome.scope).toEqual(['openid'])
    const large = await run([`context.idToken.a = 'x'.repeat(100_001); ${pass}`])
    expect(large.denied?.reason).toBe('Custom claims of the idToken exceed 100 KB')
  })

  test('redirect, multifactor and primaryUser are said; a denial comes first', async () => {
    const asked = await run([`context.redirect = { url: 'https://app.example/ask' }; ${pass}`])
    expect(asked.interaction).toEqual({
      method: 'context.redirect',
      url: 'https://app.example/ask',
    })
    const factor = await run([`context.multifactor = { provider: 'any' }; ${pass}`])
    expect(factor.interaction).toEqual({ method: 'context.multifactor' })
    const linked = await run([`context.primaryUser = 'auth0|1'; ${pass}`])
    expect([linked.primaryUser, linked.interaction]).toEqual(['auth0|1', null])
    const denied = await run([
      `context.redirect = { url: 'https://app.example/ask' }; callback(new Error('no'))`,
    ])
    expect(denied.interaction).toBeNull()
  })

  test('what is no JSON could not have left the sandbox, and fails the login', async () => {
    const outcome = await run([`context.idToken.f = () => 1; ${pass}`])
    expect(outcome.denied?.reason).toBe('context.idToken.f is a function, which JSON cannot hold')
    expect(outcome.idTokenClaims).toEqual({})
  })

  test('all enabled Rules together are at most 100 kB', async () => {
    const sized = (bytes: number) => {
      const { code } = rule(pass)
      return { name: 'sized', code: `${code}${' '.repeat(bytes - code.length)}` }
    }
    const held = await runtime.runRules(rulesRun([sized(60_000), sized(40_000)]))
    expect(held.denied).toBeNull()
    await expect(runtime.runRules(rulesRun([sized(60_000), sized(40_001)]))).rejects.toThrow(
      'the enabled Rules are 100001 bytes; Auth0 holds 100000',
    )
  })

  test('console lines go to the Rule that wrote them', async () => {
    const outcome = await run([`console.log('one'); ${pass}`, `console.error('two'); ${pass}`])
    expect(outcome.logs).toEqual([
      { rule: 'rule-1', text: 'one' },
      { rule: 'rule-2', text: 'two' },
    ])
  })

  test('no Rules let the login through', async () => {
    expect(await run([])).toMatchObject({ denied: null, interaction: null, writes: [] })
  })
})

describe('Rules that spin, exit or eat memory fail their login, and the next is served', () => {
  test.each([
    ['spins', 'for (;;);', /took longer than 250 ms/],
    ['exits', `fetch.constructor('process.exit(7)')()`, /lost their thread/],
    ['throws where nobody catches', `setTimeout(() => { throw new Error('loose') }, 1)`, /loose/],
  ])('a Rule that %s', async (_why, body, reason) => {
    const { workers } = runtimes
    const runtime = workers?.({ timeoutMs: 250 })
    const outcome = await runtime?.runRules(rulesRun([rule(body)]))
    expect(outcome?.denied).toMatchObject({ error: 'access_denied' })
    expect(outcome?.denied?.reason).toMatch(reason)
    expect((await runtime?.runRules(rulesRun([rule(pass)])))?.denied).toBeNull()
    await runtime?.close()
  })
})
