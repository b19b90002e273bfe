import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { runAction, runCredentialsExchangeAction } from '../../actions-testing/run-action.ts'
import type { Event, PostLoginAPI } from '../../actions-testing/types/post-login/v3.ts'
import { action, exchangeAction, login, runtimes } from './runtimes.ts'

type GivenEvent = Parameters<typeof runAction>[1]
type Options = NonNullable<Parameters<typeof runAction>[2]>

/** What runs with this body come to: the message of the failed test, or null when it passes. */
async function told(
  body: string,
  event: GivenEvent = {},
  options: Options = {},
): Promise<string | null> {
  return messageOf(runAction(action(body).code, event, options))
}

function messageOf(run: Promise<unknown>): Promise<string | null> {
  return run.then(
    () => null,
    (error: Error) => error.message,
  )
}

const directory = { directory: { roles: [{ id: 'rol_1', name: 'admin', type: 'tenant' }] } }
const session = { session: { device: { last_ip: '203.0.113.7' } } }
const federated = { user: { identities: [{ connection: 'github', provider: 'github' }] } }

const mistakes: readonly (readonly [
  what: string,
  body: string,
  told: string,
  event?: unknown,
  options?: unknown,
])[] = [
  [
    'a misspelt member of event',
    `event.usr`,
    'The Action an-action reads what does not exist: event.usr does not exist; did you mean event.user?',
  ],
  [
    'a misspelt member of a member',
    `if (event.client.clientId === 'x') api.access.deny('no')`,
    'event.client.clientId does not exist; did you mean event.client.client_id?',
  ],
  [
    'a misspelt member far inside',
    `event.session.device.lastIp`,
    'event.session.device.lastIp does not exist; did you mean event.session.device.last_ip?',
    session,
  ],
  [
    'a misspelt member in a list',
    `event.authentication.methods.some(({ nme }) => nme === 'mfa')`,
    'event.authentication.methods[0].nme does not exist; did you mean event.authentication.methods[0].name?',
  ],
  [
    'a misspelt member of a profile',
    `event.user.emial`,
    'event.user.emial is not in this event; did you mean event.user.email? If not, give the event emial, or undefined',
  ],
  [
    'a misspelt member of the transaction',
    `event.transaction?.requestedScopes?.includes('openid')`,
    'event.transaction.requestedScopes is not in this event; did you mean event.transaction.requested_scopes?',
  ],
  [
    'a member of event that is caught',
    `try { event.clients } catch {}`,
    'did you mean event.client?',
  ],
  [
    'a token of an identity provider',
    `const [github] = event.user.identities; if (!github.access_token) return`,
    'Auth0 shows no Action event.user.identities[0].access_token',
    federated,
  ],
  [
    'a parameter that Auth0 hides',
    `if (event.request.body.client_secret) api.access.deny('no')`,
    'Auth0 shows no Action event.request.body.client_secret',
  ],
  [
    'metadata that is set in the event',
    `event.user.app_metadata.plan = 'gold'`,
    'The Action an-action changes event.user.app_metadata.plan, which Auth0 does not keep: call api.user.setAppMetadata',
  ],
  [
    'metadata that is replaced in the event',
    `event.user.user_metadata = { ...event.user.user_metadata, colour: 'blue' }`,
    'changes event.user.user_metadata.colour, which Auth0 does not keep: call api.user.setUserMetadata',
  ],
  [
    'metadata that is set in the event beside another key',
    `api.user.setAppMetadata('a', 1); event.user.app_metadata.b = 1`,
    'changes event.user.app_metadata.b',
  ],
  [
    'transaction metadata that is set in the event',
    `event.transaction.metadata.step = 1`,
    'changes event.transaction.metadata.step, which Auth0 does not keep: call api.transaction.setMetadata',
  ],
  [
    'scopes that are set in the event',
    `event.transaction.target_scopes.push('read:reports')`,
    'changes event.transaction.target_scopes, which Auth0 does not keep: call api.transaction.addTargetScope',
  ],
  [
    'an argument too many',
    `api.access.deny('access_denied', 'Not from here')`,
    'gives api.access.deny(reason) 2 arguments, of which Auth0 drops the last',
  ],
  [
    'a misspelt option',
    `api.redirect.sendUserTo('https://app.example/', { querry: { a: 'b' } })`,
    'gives api.redirect.sendUserTo what Auth0 drops: options.querry does not exist; did you mean options.query?',
  ],
  [
    'a misspelt option in a list',
    `api.authentication.challengeWithAny([{ type: 'otp' }, { type: 'phone', option: {} }])`,
    'factors[1].option does not exist; did you mean factors[1].options?',
  ],
  [
    'a misspelt lifetime in the cache',
    `api.cache.set('k', 'v', { expiresAt: Date.now() + 1000 })`,
    'options.expiresAt does not exist; did you mean options.expires_at?',
  ],
  [
    'a claim that Auth0 leaves out',
    `api.accessToken.setCustomClaim('roles', event.authorization.roles)`,
    'sets the claim roles, which Auth0 leaves out of the token without a word: give it a namespace',
  ],
  [
    'a record of the cache as text',
    `api.cache.set('token', 'abc'); const header = 'Bearer ' + api.cache.get('token')`,
    'uses a record of api.cache as text: the text is its value',
  ],
  [
    'a record of the cache that is joined to text',
    `api.cache.set('token', 'abc'); ['Bearer', api.cache.get('token')].join(' ')`,
    'uses a record of api.cache as text: the text is its value',
  ],
  [
    'a misspelt member of a record',
    `api.cache.set('token', 'abc'); api.cache.get('token').expiresAt`,
    'record.expiresAt does not exist; did you mean record.expires_at?',
  ],
  [
    'an object in the cache',
    `api.cache.set('token', { access_token: 'abc' })`,
    'api.cache.set: value has to be a string, not an object',
  ],
  [
    'a promise of api that is not awaited',
    `const { roles } = api.roles.getUserEffectiveRoles()`,
    'reads roles of a promise: api.roles.getUserEffectiveRoles has to be awaited',
    {},
    directory,
  ],
  [
    'a call that comes after the end',
    `new Promise(setImmediate).then(() => api.user.setAppMetadata('a', 1)).catch(() => {})`,
    'api.user.setAppMetadata was called after the Action had ended: is an await missing?',
  ],
  [
    'a call that is not awaited, and that a stand-in answers at once',
    `fetch('https://api.example/').then(() => api.user.setAppMetadata('a', 1))`,
    'api.user.setAppMetadata was called after the Action had ended: is an await missing?',
    {},
    { globals: { fetch: async () => Response.json({}) } },
  ],
  [
    'a call that is not awaited at the end',
    `await null; Promise.resolve().then(() => api.access.deny('no'))`,
    'api.access.deny was called after the Action had ended: is an await missing?',
  ],
  [
    'arguments that will not do, and are caught',
    `try { api.authentication.challengeWithAny([{ type: undefined }]) } catch { api.access.deny('no') }`,
    'calls api in vain: api.authentication.challengeWithAny: factors has to be an array, each of it an object whose type is one of',
  ],
  [
    'a record of the cache as a value',
    `api.cache.set('k', 'v'); api.idToken.setCustomClaim('a', api.cache.get('k'))`,
    'gives api.idToken.setCustomClaim a record of api.cache: the text is its value',
  ],
  [
    'seconds in the cache',
    `api.cache.set('k', 'v', { expires_at: Math.floor(Date.now() / 1000) + 60 })`,
    'gives api.cache.set an expires_at that is not in milliseconds since the Unix epoch',
  ],
  [
    'a lifetime of text in the cache',
    `api.cache.set('k', 'v', { ttl: '60' })`,
    'gives api.cache.set a ttl that is no number of milliseconds',
  ],
  [
    'a duration in place of a time',
    `api.session.setIdleExpiresAt(60 * 60 * 1000)`,
    'gives api.session.setIdleExpiresAt a time that is not in milliseconds since the Unix epoch',
  ],
  [
    'a cache that is thought to be asynchronous',
    `api.cache.get('k').then(() => {})`,
    'Not everything of api is a promise: api.cache answers at once',
  ],
  [
    'roles that the test did not give, and that are caught',
    `try { await api.roles.getUserEffectiveRoles() } catch {}`,
    'looks up roles, which the test did not give: the option directory.roles',
  ],
  [
    'a word of Rules',
    `if (event.user.roles?.includes('admin')) api.access.deny('no')`,
    'event.user.roles is not in this event; did you mean event.authorization.roles?',
  ],
  [
    'a misspelt member that is asked for by in',
    `if ('organisation' in event) api.access.deny('no')`,
    'event.organisation does not exist; did you mean event.organization?',
  ],
  ['an event of another kind', '', 'event.user has to be an object, not null', { user: null }],
  [
    'a number in place of an id',
    '',
    'event.user.user_id has to be a string, not a number',
    { user: { user_id: 1042 } },
  ],
  [
    'a resumption of nothing',
    '',
    'resume: this login did not stop for the user, so that none can go on',
    {},
    { resume: {} },
  ],
  [
    'a promise that never settles',
    `await new Promise(() => {})`,
    'The Action an-action failed: Actions took longer than 30 ms. Is there a promise that never settles',
    {},
    { timeoutMs: 30 },
  ],
  [
    'claims that are too large',
    `api.idToken.setCustomClaim('https://app.example/all', 'x'.repeat(100_000))`,
    'The Action an-action failed: Custom claims of the idToken exceed 100 KB',
  ],
  [
    'a redirect that nobody comes back from',
    `api.redirect.sendUserTo('https://app.example/')`,
    'sends the user away by api.redirect.sendUserTo, and does not export onContinuePostLogin',
  ],
  [
    'a package that is not there',
    `require('axios')`,
    `require('axios') is not available to Actions and scripts here. Bundle it, or give the run a stand-in of it: the option modules`,
  ],
  ['a text that is thrown', `throw 'no'`, 'threw: no (a string was thrown, and no Error)'],
  [
    'an object that is thrown',
    `throw { code: 1 }`,
    'threw: Error (an object was thrown, and no Error)',
  ],
  ['nothing that is thrown', `throw undefined`, 'threw: undefined (undefined was thrown'],
  [
    'a misspelt option of the run',
    '',
    'options.secret does not exist; did you mean options.secrets?',
    {},
    { secret: { KEY: 'x' } },
  ],
  [
    'a misspelt value in the event',
    '',
    'event.transaction.protocol is none of oauth2-access-token',
    { transaction: { protocol: 'oauth2-pasword' } },
  ],
  [
    'a misspelt member far inside the event that is given',
    '',
    'event.authentication.riskAssessment.assessments.NewDevices does not exist; did you mean event.authentication.riskAssessment.assessments.NewDevice?',
    { authentication: { riskAssessment: { assessments: { NewDevices: {} } } } },
  ],
  [
    'a misspelt member of the profile that is given',
    '',
    'event.user.emial does not exist; did you mean event.user.email?',
    { user: { emial: 'user@example.com' } },
  ],
]

/** Each with an event and options, for the types of `test.each`. */
const rows = mistakes.map(([what, body, expected, event = {}, options = {}]) => {
  return [what, body, expected, event as GivenEvent, options as Options] as const
})

test.each(rows)(
  'mistake: %s fails the test, which says what is wrong',
  async (_what, body, expected, event, options) => {
    const message = await told(body, event, options)
    expect(message).toContain(expected)
    expect(message).toMatch(/\(event seed 1\)$/)
  },
)

test('mistake: what Auth0 would let pass fails the test also where errors may deny', async () => {
  const uncaught = { uncaught: 'deny' } as const
  expect(await told('event.usr', {}, uncaught)).toContain('did you mean event.user?')
  expect(await told(`api.access.deny('a', 'b')`, {}, uncaught)).toContain('2 arguments')
  expect(await told('await new Promise(() => {})', {}, { ...uncaught, timeoutMs: 20 })).toBeNull()
})

const codes: readonly (readonly [what: string, code: string, told: string])[] = [
  [
    'a path',
    './actions/copy-metadata.js',
    `A path was given: give the text of the file, by readFileSync('./actions/copy-metadata.js', 'utf8')`,
  ],
  [
    'an ES module',
    `export const onExecutePostLogin = async () => {}`,
    'Actions are CommonJS: exports.onExecutePostLogin = …, and require',
  ],
  [
    'an import',
    `import axios from 'axios'\nexports.onExecutePostLogin = async () => {}`,
    'Actions are CommonJS',
  ],
  ['no program', `exports.onExecutePostLogin = async (`, 'It does not compile'],
  [
    'an Action of another trigger',
    exchangeAction('').code,
    'does not export onExecutePostLogin. It exports onExecuteCredentialsExchange: runCredentialsExchangeAction runs it',
  ],
  [
    'a misspelt handler',
    `exports.onExecutePostlogin = async () => {}`,
    'It exports onExecutePostlogin: is that what is meant?',
  ],
  [
    'a Rule',
    `function (user, context, callback) { callback(null, user, context) }`,
    'Is it a Rule? runRules of a runtime runs those, and an Action exports a handler',
  ],
  [
    'a function in place of exports',
    `module.exports = async (event, api) => {}`,
    'It exports nothing: exports.onExecutePostLogin = async (event, api) => {…}',
  ],
  [
    'a handler that is not async',
    `exports.onExecutePostLogin = (event, api) => {}`,
    'has to export onExecutePostLogin as an async function',
  ],
  [
    'a package that is missing at the top',
    `const axios = require('axios'); exports.onExecutePostLogin = async () => {}`,
    'Bundle it, or give the run a stand-in of it: the option modules',
  ],
]

test.each(codes)('mistake: %s in place of an Action says so', async (_what, code, expected) => {
  expect(await messageOf(runAction(code))).toContain(expected)
})

test('mistake: what is no Action and no event at all says so', async () => {
  const nothing = undefined as unknown as string
  expect(await messageOf(runAction(nothing))).toBe(
    'the Action has to be the text of a bundle, a handler or a module, not undefined (event seed 1)',
  )
  const promise = (async () => {})() as unknown as string
  expect(await messageOf(runAction(promise))).toContain('not an instance of Promise')
  const none = null as unknown as object
  expect(await told('', none)).toBe('event has to be an object, not null')
})

test('mistake: what was called before the end counts, however it was awaited', async () => {
  const timely = `await Promise.all([1, 2].map(async (n) => { await null; api.idToken.setCustomClaim('a' + n, n) }))
    await new Promise((resolve) => setTimeout(resolve, 1)); api.idToken.setCustomClaim('last', 1)`
  const outcome = await runAction(action(timely).code)
  expect(outcome.idTokenClaims).toEqual({ a1: 1, a2: 2, last: 1 })
  const handler = async (_event: Event, api: PostLoginAPI) => {
    Promise.resolve().then(() => api.access.deny('late'))
  }
  expect(await messageOf(runAction(handler))).toContain('is an await missing?')
  expect(await messageOf(runAction({ onExecutePostLogin: handler }))).toContain('await missing?')
})

test('mistake: what is documented and not there is undefined, and no mistake', async () => {
  const look = `const seen = [event.organization, event.user.username, event.session.device?.last_ip,
      event.resource_server?.identifier, event.request.body.anything, event.user.app_metadata.plna,
      event.user.department, event.configuration, event.experiment, event.anonymous_session]
    api.idToken.setCustomClaim('https://app.example/seen', seen.map((value) => value ?? null))`
  expect(await told(look)).toBeNull()
  expect(await told(`if (event.user.emails?.[0]) api.access.deny('no')`)).toBeNull()
})

test('mistake: a member that the profile may have is given as undefined, and may be read', async () => {
  const read = `if (event.user.emailAddress?.length > 3 || event.user.userName) api.access.deny('no')`
  expect(await told(read)).toContain('did you mean event.user.username?')
  const user = { userName: undefined } as object
  expect(await told(read, { user })).toBeNull()
  const whole = createPostLoginEvent()
  expect(await told(read, { ...whole, user: { ...whole.user, ...user } })).toBeNull()
})

test('mistake: changes of the event that are the Action’s own affair are none', async () => {
  const local = `const { app_metadata } = event.user
    event.user.app_metadata = app_metadata || {}
    event.user.email = event.user.email.toLowerCase()
    event.user.app_metadata.cart.items[0].count += 1
    api.user.setAppMetadata('cart', event.user.app_metadata.cart)
    api.transaction.setMetadata('step', 1); api.transaction.addTargetScope('read:a')
    api.session.setMetadata('a', 'b'); api.session.deleteMetadata('a')`
  const cart = { items: [{ sku: 'a', count: 1 }] }
  expect(await told(local, { user: { app_metadata: { cart } } })).toBeNull()
  const evicted = `api.session.setMetadata('b', 'c'); api.session.evictMetadata()`
  expect(await told(evicted, { session: { metadata: { a: '1' } } })).toBeNull()
})

test('mistake: an Action may come back from a redirect, and a handler alone says nothing of it', async () => {
  const away = async (_event: Event, api: PostLoginAPI) => {
    api.redirect.sendUserTo('https://app.example/')
  }
  await expect(runAction(away)).resolves.toMatchObject({ denied: null })
  const both = { onExecutePostLogin: away, onContinuePostLogin: async () => {} }
  await expect(runAction(both)).resolves.toMatchObject({ denied: null })
  await expect(runAction({ onExecutePostLogin: away })).rejects.toThrow('onContinuePostLogin')
})

test('mistake: a strict event is an object like any other: compared, copied and printed', async () => {
  const event = createPostLoginEvent(session)
  const { secrets: _, ...shown } = event
  await runAction(async (seen: Event, api: PostLoginAPI) => {
    expect({ ...seen.user }).toEqual(event.user)
    expect(structuredClone(seen)).toMatchObject(shown)
    expect(JSON.parse(JSON.stringify(seen.request))).toEqual(event.request)
    expect(() => expect(seen.client).toEqual({ client_id: 'x' })).toThrow('deeply equal')
    expect(Object.keys(seen.session?.device ?? {})).toEqual(['last_ip'])
    expect('organization' in seen).toBe(false)
    expect(`${seen.client}`).toBe('[object Object]')
    expect(inspect(seen.client)).toBe(inspect(event.client))
    expect(inspect([seen.secrets, api])).toBe('[ {}, {} ]')
    expect(inspect(seen, { depth: 0 })).toContain('user: [Object]')
    // As libraries tell a plain object from an instance.
    expect(Object.getPrototypeOf(Object.getPrototypeOf(seen.user))).toBeNull()
    expect(seen.user.constructor).toBe(Object)
    await seen
  }, event)
})

test('mistake: credentials-exchange has its own members', async () => {
  const of = (body: string) => messageOf(runCredentialsExchangeAction(exchangeAction(body).code))
  expect(await of('event.user.email')).toContain('event.user does not exist')
  expect(await of('event.accessToken.scopes')).toContain('did you mean event.accessToken.scope?')
  expect(await of(`event.accessToken.customClaims.a = 1`)).toContain(
    'changes event.accessToken.customClaims.a, which Auth0 does not keep: call api.accessToken.setCustomClaim',
  )
  expect(await of(`event.accessToken.scope.push('a')`)).toContain('api.transaction.addTargetScope')
  expect(await of(`api.accessToken.setCustomClaim('aud', 'x')`)).toContain('sets the claim aud')
  const resumed = { resume: {} } as object
  expect(await messageOf(runCredentialsExchangeAction(async () => {}, {}, resumed))).toContain(
    'options.resume does not exist',
  )
})

describe.each(Object.entries(runtimes))('strictEvent, %s', (_name, createRuntime) => {
  test('rejects the run, also when the Action catches; without it nothing is strict', async () => {
    const run = login(action(`try { event.usr } catch {}; event.user.app_metadata.plan = 'gold'`))
    const strict = createRuntime({ strictEvent: true })
    await expect(strict.runPostLogin(run)).rejects.toThrow('did you mean event.user?')
    await strict.close()
    const lenient = createRuntime()
    await expect(lenient.runPostLogin(run)).resolves.toMatchObject({ denied: null })
    await lenient.close()
  })
})
