import { afterAll, describe, expect, test } from 'vitest'
import { loginScript, runtimes } from './runtimes.ts'

describe.each(Object.entries(runtimes))('database script, %s', (name, createRuntime) => {
  const runtime = createRuntime({ timeoutMs: 300 })
  afterAll(() => runtime.close())
  const outcomeOf = async (code: string) =>
    (await runtime.runDatabaseScript(loginScript(code))).outcome
  const body = (code: string) =>
    outcomeOf(`function login(userNameOrEmail, password, callback) { ${code} }`)

  test('a profile is what the script called back with, as JSON', async () => {
    expect(
      await body(
        `callback(null, { user_id: '1', email: userNameOrEmail, at: new Date(0), no: undefined })`,
      ),
    ).toEqual({
      type: 'profile',
      profile: { user_id: '1', email: 'user@example.com', at: '1970-01-01T00:00:00.000Z' },
    })
  })

  test('callback(null) and callback(null, null) are not found', async () => {
    expect(await body('callback(null)')).toEqual({ type: 'not-found' })
    expect(await body('callback(null, null)')).toEqual({ type: 'not-found' })
  })

  test.each([
    [
      `new WrongUsernameOrPasswordError(userNameOrEmail, 'no')`,
      'WrongUsernameOrPasswordError',
      'no',
      true,
    ],
    [`new WrongUsernameOrPasswordError(null, 'no')`, 'WrongUsernameOrPasswordError', 'no', false],
    [`new ValidationError('user_exists', 'taken')`, 'ValidationError', 'taken', undefined],
    [`new UnauthorizedError('away')`, 'UnauthorizedError', 'away', undefined],
    [`new TypeError('odd')`, 'TypeError', 'odd', undefined],
    [`'bare'`, 'Error', 'bare', undefined],
    [`{ get name() { throw 1 }, get message() { throw 1 } }`, 'Error', 'Error', undefined],
  ])(
    'callback(%s) is an error with that name and message',
    async (error, name, message, knownUser) => {
      const outcome = await body(`callback(${error})`)
      expect(outcome).toEqual({
        type: 'error',
        name,
        message,
        ...(knownUser !== undefined && { knownUser }),
      })
    },
  )

  test('the callback comes last, after context where the connection has it', async () => {
    const { outcome } = await runtime.runDatabaseScript(
      loginScript(
        `async function (user, password, context, callback) { callback(null, { context, count: arguments.length }) }`,
        {
          args: ['u', 'p', { organization: { id: 'org_1' } }],
        },
      ),
    )
    expect(outcome).toMatchObject({
      profile: { context: { organization: { id: 'org_1' } }, count: 4 },
    })
  })

  test.each([
    ['', 'did not call back within 300 ms'],
    [`callback(null, {}); callback(null, {})`, 'called back 2 times'],
    [`callback(null, {}); setTimeout(() => callback(null, {}), 0)`, 'called back 2 times'],
    [
      `Promise.resolve().then(() => callback(null)).then(() => callback(null))`,
      'called back 2 times',
    ],
    [`callback(null, {}); throw new Error('after')`, 'called back and threw'],
    [`throw new Error('at once')`, 'threw: at once'],
    [`return Promise.reject(new Error('soon'))`, 'threw: soon'],
    [`callback(null, true)`, 'called back with a boolean for a profile'],
    [`callback(null, { f() {} })`, 'called back with a profile of which profile.f is a function'],
    [`callback(null, { n: NaN })`, 'called back with a profile of which profile.n is NaN'],
  ])('exactly once, or the transaction fails: %s', async (code, message) => {
    const outcome = await body(code)
    expect(outcome.type).toBe('none')
    expect(outcome).toHaveProperty(
      'message',
      expect.stringContaining(`The script login ${message}`),
    )
  })

  test.each([
    ['const login = () => {}', /threw/],
    ['function login() {} function more() {}', /threw/],
    ['({ login() {} })', 'The script login threw: the source is not one function'],
    ['function login(', /threw/],
  ])('a source that is not one function fails: %s', async (code, message) => {
    expect(await outcomeOf(code)).toEqual({ type: 'none', message: expect.stringMatching(message) })
  })

  test('a banner before the function and a comment after it are no harm', async () => {
    const code = `// built from x\n/* and y */\nfunction login(a, b, callback) { callback(null, { ok: true }) } // end`
    expect(await outcomeOf(code)).toEqual({ type: 'profile', profile: { ok: true } })
  })

  test('configuration is a read-only copy; require, fetch and console are there', async () => {
    const result = await runtime.runDatabaseScript(
      loginScript(`function login(a, b, callback) {
        console.log('one', { a: 1 }); console.log('two')
        try { 'use strict'; configuration.LEGACY_API_URL = 'x' } catch {}
        callback(null, { url: configuration.LEGACY_API_URL, fetch: typeof fetch, hash: typeof require('crypto').createHash })
      }`),
    )
    expect(result.outcome).toEqual({
      type: 'profile',
      profile: { url: 'https://legacy.example', fetch: 'function', hash: 'function' },
    })
    expect(result.logs).toEqual(['one { a: 1 }', 'two'])
  })

  test('global survives in a warm container, between scripts too, and not in a fresh one', async () => {
    const count = `function login(a, b, callback) { global.count = (global.count ?? 0) + 1; callback(null, { count: global.count }) }`
    await outcomeOf(count)
    const { outcome } = await runtime.runDatabaseScript(loginScript(count, { script: 'get_user' }))
    expect(outcome).toEqual({ type: 'profile', profile: { count: name.endsWith('warm') ? 2 : 1 } })
  })
})
