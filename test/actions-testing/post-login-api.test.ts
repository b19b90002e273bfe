import { createHmac } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { createActionCache } from '../../actions-testing/action-cache.ts'
import type { Overrides } from '../../actions-testing/deep-merge.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { finishLogin, startLogin } from '../../actions-testing/login-state.ts'
import { createPostLoginApi, postLoginMethodNames } from '../../actions-testing/post-login-api.ts'
import type { PostLoginRun } from '../../actions-testing/runtime.ts'
import type { Event, PostLoginAPI } from '../../actions-testing/types/post-login/v3.ts'

const now = Date.UTC(2026, 0, 15, 9, 30)

interface Opened {
  readonly directory?: PostLoginRun['directory']
  readonly handler?: 'onContinuePostLogin' | 'onExecutePostLogin'
}

function open(
  overrides: Overrides<Event> = {},
  { directory, handler = 'onExecutePostLogin' }: Opened = {},
) {
  const event = createPostLoginEvent(overrides)
  const state = startLogin(
    { event, ...(directory && { directory }) },
    createActionCache(() => now),
    () => now,
  )
  const turn = { action: 'an-action', handler, state, event, done: false }
  const api = createPostLoginApi({ ...turn, metadataBefore: [new Map(), new Map()] })
  return { api, event, finish: () => finishLogin(state, 0) }
}

/** Back from where the Action sent the user. */
const back = { handler: 'onContinuePostLogin' } as const

/** Reads what types would not let a test say. */
const loose = (api: PostLoginAPI) =>
  api as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>

// https://auth0.com/docs/actions/reference/post-login/post-login-api-object, in the page's order.
const documented = [
  'access.deny',
  'accessToken.setCustomClaim',
  'accessToken.addScope',
  'accessToken.removeScope',
  'authentication.challengeWith',
  'authentication.challengeWithAny',
  'authentication.enrollWith',
  'authentication.enrollWithAny',
  'authentication.recordMethod',
  'authentication.setPrimaryUser',
  'idToken.setCustomClaim',
  'multifactor.enable',
  'redirect.encodeToken',
  'redirect.sendUserTo',
  'redirect.canRedirect',
  'redirect.validateToken',
  'user.setAppMetadata',
  'user.setUserMetadata',
  'cache.delete',
  'cache.get',
  'cache.set',
  'samlResponse.setAttribute',
  'samlResponse.setAudience',
  'samlResponse.setRecipient',
  'samlResponse.setCreateUpnClaim',
  'samlResponse.setPassthroughClaimsWithNoMapping',
  'samlResponse.setMapUnknownClaimsAsIs',
  'samlResponse.setMapIdentities',
  'samlResponse.setSignatureAlgorithm',
  'samlResponse.setDigestAlgorithm',
  'samlResponse.setDestination',
  'samlResponse.setLifetimeInSeconds',
  'samlResponse.setSignResponse',
  'samlResponse.setNameIdentifierFormat',
  'samlResponse.setNameIdentifierProbes',
  'samlResponse.setAuthnContextClassRef',
  'samlResponse.setSigningCert',
  'samlResponse.setIncludeAttributeNameFormat',
  'samlResponse.setTypedAttributes',
  'samlResponse.setEncryptionCert',
  'samlResponse.setEncryptionPublicKey',
  'samlResponse.setCert',
  'samlResponse.setKey',
  'samlResponse.setRelayState',
  'samlResponse.setIssuer',
  'samlResponse.setEncryptionAlgorithm',
  'validation.error',
  'rules.wasExecuted',
  'prompt.render',
  'refreshToken.revoke',
  'refreshToken.setExpiresAt',
  'refreshToken.setIdleExpiresAt',
  'refreshToken.setMetadata',
  'refreshToken.deleteMetadata',
  'refreshToken.evictMetadata',
  'session.revoke',
  'session.setExpiresAt',
  'session.setIdleExpiresAt',
  'session.setCookieMode',
  'session.setMetadata',
  'session.deleteMetadata',
  'session.evictMetadata',
  'transaction.setMetadata',
  // https://auth0.com/docs/customize/actions/handling-scopes-in-actions
  'transaction.addTargetScope',
  'transaction.removeTargetScope',
  'transaction.setTargetScopes',
  'transaction.clearTargetScopes',
  'groups.getUserGroups',
  'groups.hasGroupMembership',
  'roles.getUserEffectiveRoles',
  'roles.getUserEffectiveRolesByIds',
  'roles.getUserEffectiveRolesByNames',
] as const satisfies readonly MethodName[]
type MethodName = {
  [Namespace in keyof PostLoginAPI]: `${Namespace}.${keyof PostLoginAPI[Namespace] & string}`
}[keyof PostLoginAPI]
type Missing = Exclude<MethodName, (typeof documented)[number]>
/** Does not compile when the types have a member that the list has not. */
const typesAreDocumented: [Missing] extends [never] ? true : Missing = true

test('api: has every documented member and no other', () => {
  expect([...postLoginMethodNames].sort()).toEqual([...documented].sort())
  expect(typesAreDocumented).toBe(true)
  const { api } = open()
  for (const name of documented) {
    const [namespace = '', method = ''] = name.split('.')
    expect(loose(api)[namespace]?.[method], name).toBeTypeOf('function')
  }
})

test.each(documented)(
  'api.%s: refuses arguments of a wrong type, and records no such call',
  (name) => {
    const { api, finish } = open()
    const [namespace = '', method = ''] = name.split('.')
    const call = () => loose(api)[namespace]?.[method]?.(new Map(), new Map(), new Map())
    const without = [
      'redirect.canRedirect',
      'refreshToken.evictMetadata',
      'session.evictMetadata',
      'transaction.clearTargetScopes',
    ]
    if (without.includes(name)) return
    expect(call).toThrow(`api.${name}`)
    expect(call).toThrow(TypeError)
    expect(finish().calls).toEqual([])
  },
)

test('api: an unknown member names itself and the nearest real one', () => {
  const { api } = open()
  expect(() => loose(api).acess).toThrow('api.acess does not exist; did you mean api.access?')
  expect(() => loose(api).user?.setAppMetaData).toThrow('did you mean api.user.setAppMetadata?')
  expect(() => loose(api).idToken?.addClaims).toThrow('api.idToken.addClaims does not exist')
  expect(() => Object.assign(api, { access: {} })).toThrow('api.access cannot be set')
  expect(() => Object.assign(api.access, { deny() {} })).toThrow('api.access.deny cannot be set')
  expect('acess' in api).toBe(false)
  expect('access' in api).toBe(true)
})

test('api: can be awaited, listed and chained', async () => {
  const { api, finish } = open()
  expect(await api).toBe(api)
  expect(Object.keys(api)).toContain('samlResponse')
  expect(Object.keys(api.cache).sort()).toEqual(['delete', 'get', 'set'])
  expect(api.idToken.setCustomClaim('a', 1).access.deny('no').user.setAppMetadata('c', null)).toBe(
    api,
  )
  api.accessToken.addScope('b')
  expect(finish()).toMatchObject({
    idTokenClaims: { a: 1 },
    addedScopes: ['b'],
    appMetadata: { c: null },
  })
})

test('api: what chains in Auth0’s own types does, and what returns nothing there does not', () => {
  const { api } = open({}, back)
  const { refreshToken, session, transaction } = api
  const nothing = [
    api.accessToken.addScope('a'),
    api.accessToken.removeScope('a'),
    api.authentication.challengeWith({ type: 'push' }),
    api.authentication.challengeWithAny([{ type: 'otp' }]),
    api.authentication.enrollWith({ type: 'push' }),
    api.authentication.enrollWithAny([{ type: 'otp' }]),
    api.authentication.setPrimaryUser('auth0|1'),
    api.prompt.render('a-form'),
    refreshToken.setMetadata('a', 'b'),
    session.setExpiresAt(now + 1),
    transaction.setMetadata('a', 1),
    transaction.addTargetScope('a'),
  ]
  expect(nothing).toEqual(nothing.map(() => undefined))
  for (const chained of [
    api.authentication.recordMethod('https://app.example/'),
    api.multifactor.enable('any'),
    api.redirect.sendUserTo('https://app.example/'),
    api.user.setUserMetadata('a', 1),
    api.validation.error('a', 'b'),
  ]) {
    expect(chained).toBe(api)
  }
})

test('api.accessToken: scopes are trimmed, of 280 characters, without white space, 1,000 at most', () => {
  const { api, finish } = open()
  for (const bad of ['', '  ', 'read:a write:a', 'x'.repeat(281)]) {
    expect(() => api.accessToken.addScope(bad)).toThrow('scope has to be')
    expect(() => api.accessToken.removeScope(bad)).toThrow('scope has to be')
    expect(() => api.transaction.addTargetScope(bad)).toThrow('scope has to be')
    expect(() => api.transaction.setTargetScopes([bad])).toThrow('scopes has to be')
  }
  api.accessToken.addScope(' read:a ')
  api.transaction.setTargetScopes([' read:b ', 'read:b'])
  expect(finish()).toMatchObject({ addedScopes: ['read:a'], targetScopes: ['read:b'] })
  const many = open().api
  for (let n = 0; n < 1_000; n += 1) many.accessToken.addScope(`s${n}`)
  many.accessToken.addScope('s1')
  expect(() => many.accessToken.addScope('one-more')).toThrow('more than 1000 scopes')
})

test.each(['accessToken', 'idToken'] as const)(
  'api.%s.setCustomClaim: scope is no claim to set, and says so',
  (token) => {
    expect(() => open().api[token].setCustomClaim('scope', 'admin')).toThrow(
      'the claim scope cannot be set',
    )
  },
)

test('api.cache.set: answers a bad lifetime by its code, not by an error', () => {
  const { api } = open()
  expect(api.cache.set('k', 'v', { ttl: Number.NaN })).toEqual({
    type: 'error',
    code: 'InvalidExpiry',
  })
  expect(() => loose(api).cache?.set?.('k', { a: 1 })).toThrow(
    'value has to be a string, not an object',
  )
})

test('api.accessToken: tokens for Auth0 own APIs take namespaced claims only', () => {
  const { api, finish } = open({
    resource_server: { identifier: 'https://example-tenant.eu.auth0.com/api/v2/' },
  })
  api.accessToken.setCustomClaim('plain', 1).accessToken.setCustomClaim('https://app.example/a', 2)
  api.idToken.setCustomClaim('plain', 3)
  const { accessTokenClaims, idTokenClaims } = finish()
  expect(accessTokenClaims).toEqual({ 'https://app.example/a': 2 })
  expect(idTokenClaims).toEqual({ plain: 3 })
})

test('api.redirect.canRedirect: not without a browser, and not with prompt=none', () => {
  expect(open().api.redirect.canRedirect()).toBe(true)
  expect(open({ transaction: { prompt: ['none'] } }).api.redirect.canRedirect()).toBe(false)
  const asked = { request: { query: { prompt: 'none' } } }
  expect(open(asked).api.redirect.canRedirect()).toBe(false)
  for (const protocol of [
    'oauth2-refresh-token',
    'oauth2-resource-owner',
    'oauth2-password',
    'oauth2-webauthn',
  ] as const) {
    expect(open({ transaction: { protocol } }).api.redirect.canRedirect()).toBe(false)
  }
  // True, and yet nobody can be sent anywhere: Auth0 has deprecated it for that.
  const exchange = { transaction: { protocol: 'oauth2-token-exchange' as const } }
  expect(open(exchange).api.redirect.canRedirect()).toBe(true)
})

const secret = 'a secret that is long enough to sign with'

test('api.redirect.encodeToken: is a JWT that jose verifies, of 900 seconds; its secret is not recorded', async () => {
  const { api, finish } = open()
  const token = api.redirect.encodeToken({ secret, payload: { plan: 'gold' } })
  const { payload } = await jwtVerify(token, Buffer.from(secret), {
    currentDate: new Date(now + 899_000),
    algorithms: ['HS256'],
  })
  expect(payload).toMatchObject({
    plan: 'gold',
    exp: now / 1000 + 900,
    sub: createPostLoginEvent().user.user_id,
  })
  expect(JSON.stringify(finish().calls)).not.toContain(secret)
})

const state = 'the state that went out with the user'

test('api.redirect.validateToken: takes what jose signed, and nothing that was tampered with', async () => {
  const signed = (claims: Record<string, unknown>, exp = now / 1000 + 60, key = secret) =>
    new SignJWT({ state, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(exp)
      .sign(Buffer.from(key))
  const validate = (token: unknown) =>
    open({ request: { query: { session_token: token, state } } }, back).api.redirect.validateToken({
      secret,
    })
  const good = await signed({ answer: 42 })
  expect(validate(good)).toMatchObject({ answer: 42 })
  const [header, , signature] = good.split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const forged = Buffer.from('{"answer":43}').toString('base64url')
  expect(() => validate(`${header}.${forged}.${signature}`)).toThrow('does not match')
  expect(() => validate(`${none}.${forged}.`)).toThrow('not signed by HS256')
  const other = createHmac('sha256', 'other').update(`${header}.${forged}`).digest('base64url')
  expect(() => validate(`${header}.${forged}.${other}`)).toThrow('does not match')
  const expired = await signed({}, now / 1000)
  expect(() => validate(expired)).toThrow('has expired')
  expect(() => validate(undefined)).toThrow('There is no parameter session_token')
})

test('api.redirect.validateToken: a token of another login is refused, by its state', async () => {
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(now / 1000 + 60)
      .sign(Buffer.from(secret))
  const validate = async (claims: Record<string, unknown>, request: Record<string, string>) => {
    const body = { my_token: await sign(claims), ...request }
    const { api } = open({ request: { body, query: { state: undefined } } }, back)
    return api.redirect.validateToken({ secret, tokenParameterName: 'my_token' })
  }
  await expect(validate({ state }, { state })).resolves.toMatchObject({ state })
  await expect(validate({ state: 'other' }, { state })).rejects.toThrow('not that of the login')
  await expect(validate({}, { state })).rejects.toThrow('not that of the login')
  await expect(validate({ state }, {})).rejects.toThrow('There is no parameter state')
})

test('api.redirect.validateToken: one for another user is refused; of body and query the body counts', async () => {
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT({ state, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(now / 1000 + 60)
      .sign(Buffer.from(secret))
  const other = await sign({ sub: 'auth0|somebody-else' })
  const own = await sign({ sub: createPostLoginEvent().user.user_id, answer: 42 })
  const validate = (query: object, body: object) =>
    open(
      { request: { query: { state, ...query }, body: { ...body } } },
      back,
    ).api.redirect.validateToken({ secret })
  expect(() => validate({ session_token: other }, {})).toThrow('another user')
  expect(validate({ session_token: other }, { session_token: own })).toMatchObject({ answer: 42 })
})

test('api.redirect.sendUserTo: the URL has the query, and keeps its own', () => {
  const { api, finish } = open()
  api.redirect.sendUserTo('https://app.example/ask?lang=en', { query: { token: 'a b&c' } })
  const { interaction } = finish()
  expect(interaction?.method).toBe('redirect.sendUserTo')
  expect(Object.fromEntries(new URL(interaction?.url ?? '').searchParams)).toEqual({
    lang: 'en',
    token: 'a b&c',
  })
})

test('api.prompt.render: once, and not beside a redirect', () => {
  const rendering = open().api
  rendering.prompt.render('a-form')
  expect(() => rendering.prompt.render('a-form')).toThrow('only once in an Action')
  expect(() => rendering.redirect.sendUserTo('https://app.example/')).toThrow('not in one Action')
  const redirecting = open().api
  redirecting.redirect.sendUserTo('https://app.example/')
  expect(() => redirecting.prompt.render('a-form')).toThrow('not in one Action')
  const large = { vars: { a: 'x'.repeat(24_600) } }
  expect(() => open().api.prompt.render('a-form', large)).toThrow('24 kB')
})

test('api.session and api.refreshToken: metadata of 25 entries, names and texts of 255, seen at once', () => {
  const { api, event } = open({ refresh_token: { id: 'rt_1', created_at: '2026-01-01T00:00:00Z' } })
  for (const [name, of] of [
    ['session', event.session],
    ['refreshToken', event.refresh_token],
  ] as const) {
    api[name].setMetadata('a', 'b')
    expect(of?.metadata).toEqual({ a: 'b' })
    api[name].setMetadata('a', null)
    expect(of?.metadata).toEqual({})
    for (const bad of ['', 'a b', 'ключ', 'x'.repeat(256)]) {
      expect(() => api[name].setMetadata(bad, 'b')).toThrow('letters, digits')
    }
    expect(() => api[name].setMetadata('a', 'x'.repeat(256))).toThrow('at most 255')
    for (let n = 0; n < 25; n += 1) api[name].setMetadata(`k${n}`, 'v')
    expect(() => api[name].setMetadata('one-more', 'v')).toThrow('25 entries')
    api[name].deleteMetadata('k0')
    api[name].setMetadata('one-more', 'v')
    api[name].evictMetadata()
    expect(of?.metadata).toEqual({})
    expect(() => api[name].setExpiresAt(0)).toThrow('has to be a number that is not 0')
  }
  const without = open({ session: undefined }).api
  expect(() => without.session.setMetadata('a', 'b')).toThrow('there is no session')
  without.refreshToken.setMetadata('a', 'b')
})

test('api.authentication.setPrimaryUser: once, of at most 128 characters', () => {
  const { api, finish } = open()
  expect(() => api.authentication.setPrimaryUser('x'.repeat(129))).toThrow('at most 128 characters')
  expect(() => api.authentication.setPrimaryUser('')).toThrow('not empty')
  api.authentication.setPrimaryUser('auth0|1')
  expect(() => api.authentication.setPrimaryUser('auth0|2')).toThrow('only once')
  expect(finish().primaryUser).toBe('auth0|1')
})

test('api.authentication.recordMethod, redirect.validateToken: only in onContinuePostLogin', () => {
  const { api } = open()
  expect(() => api.authentication.recordMethod('https://app.example/')).toThrow(
    'api.authentication.recordMethod: only in onContinuePostLogin',
  )
  expect(() => api.redirect.validateToken({ secret })).toThrow(
    'api.redirect.validateToken: only in onContinuePostLogin',
  )
  const continued = open({}, back)
  continued.api.authentication.recordMethod('https://app.example/')
  expect(continued.finish().recordedMethods).toEqual(['https://app.example/'])
})

test('api.session.revoke, refreshToken.revoke and validation.error deny', () => {
  const reasonAfter = (call: (api: PostLoginAPI) => unknown, overrides?: Overrides<Event>) => {
    const { api, finish } = open(overrides)
    call(api)
    return finish().denied?.reason
  }
  expect(reasonAfter((api) => api.session.revoke('gone'))).toBe('gone')
  expect(reasonAfter((api) => api.validation.error('code', 'message'))).toBe('message')
  const refresh = { transaction: { protocol: 'oauth2-refresh-token' as const } }
  expect(reasonAfter((api) => api.refreshToken.revoke('gone'), refresh)).toBe('gone')
  expect(() => open().api.refreshToken.revoke('gone')).toThrow(
    'only when the protocol is oauth2-refresh-token',
  )
})

test('api.transaction.setMetadata: 64 characters a key, 8 KB a value, 16 KB in all', () => {
  const { api } = open()
  expect(() => api.transaction.setMetadata('k'.repeat(65), 1)).toThrow('at most 64 characters')
  expect(() => api.transaction.setMetadata('k', 'x'.repeat(8_001))).toThrow('8 KB')
  api.transaction.setMetadata('a', 'x'.repeat(7_900))
  api.transaction.setMetadata('b', 'x'.repeat(7_900))
  expect(() => api.transaction.setMetadata('c', 'x'.repeat(300))).toThrow('16 KB')
  expect(() => loose(api).transaction?.setMetadata?.('o', {})).toThrow(
    'a string, a number, a boolean or null',
  )
})

test('api.transaction.setMetadata: no whole number that JavaScript cannot hold exactly', () => {
  const { api } = open()
  expect(() => api.transaction.setMetadata('n', 2 ** 53)).toThrow('a safe integer')
  api.transaction.setMetadata('n', 2 ** 53 - 1)
  api.transaction.setMetadata('f', 0.1)
})

test('api.transaction: target scopes show at once, begin as the requested ones, and are a set', () => {
  const { api, event, finish } = open({ transaction: { requested_scopes: ['openid'] } })
  expect(open().finish().targetScopes).toBeNull()
  api.transaction.addTargetScope('read:a')
  api.transaction.addTargetScope('read:a')
  expect(event.transaction?.target_scopes).toEqual(['openid', 'read:a'])
  api.transaction.removeTargetScope('openid')
  api.accessToken.addScope('read:b')
  api.accessToken.removeScope('read:a')
  expect(finish().targetScopes).toEqual(['read:a'])
})

test('api.transaction: target scopes are ignored in SAML, an error in a federated exchange', () => {
  const saml = open({ transaction: { protocol: 'samlp' } })
  saml.api.transaction.clearTargetScopes()
  expect(saml.finish().targetScopes).toBeNull()
  const protocol = 'oauth2-token-exchange-federated-connection' as 'oauth2-token-exchange'
  expect(() => open({ transaction: { protocol } }).api.transaction.clearTargetScopes()).toThrow(
    'not in a federated connection token exchange',
  )
})

test.each(['accessToken', 'idToken'] as const)(
  'api.%s.setCustomClaim: OIDC profile claims need their scope, other names do not',
  (token) => {
    const claims = { email: 1, phone_number: 2, zoneinfo: 3, address: 4, plan: 5 }
    const kept = (requested_scopes: readonly string[]) => {
      const { api, finish } = open({ transaction: { requested_scopes } })
      for (const [name, value] of Object.entries(claims)) api[token].setCustomClaim(name, value)
      return Object.keys(finish()[`${token}Claims`])
    }
    expect(kept(['openid'])).toEqual(['plan'])
    expect(kept(['openid', 'email'])).toEqual(['email', 'plan'])
    expect(kept(['openid', 'phone', 'profile', 'address'])).toEqual([
      'phone_number',
      'zoneinfo',
      'address',
      'plan',
    ])
  },
)

test('api.samlResponse: 100 attributes, their sizes, and those of the settings', () => {
  const { api } = open()
  const { samlResponse } = api
  expect(() => samlResponse.setAttribute('n'.repeat(1_001), 'v')).toThrow('at most 1000 bytes')
  expect(() => samlResponse.setAttribute('n', 'v'.repeat(2_000))).toThrow('exceeds 2 kB')
  for (let n = 0; n < 100; n += 1) samlResponse.setAttribute(`n${n}`, n)
  expect(() => samlResponse.setAttribute('one-more', 1)).toThrow('exceeds 100 attributes')
  samlResponse.setAttribute('n1', 'again')
  const large = open().api.samlResponse
  for (let n = 0; n < 5; n += 1) large.setAttribute(`n${n}`, 'v'.repeat(1_900))
  expect(() => large.setAttribute('n5', 'v'.repeat(1_900))).toThrow('10 kB in all')
  expect(() => samlResponse.setAudience('a'.repeat(2_001))).toThrow('at most 2000 bytes')
  expect(() => samlResponse.setNameIdentifierFormat('a'.repeat(501))).toThrow('at most 500 bytes')
  expect(() => samlResponse.setNameIdentifierProbes(Array(11).fill('a'))).toThrow('at most 10')
  expect(() => samlResponse.setCert('a'.repeat(4_001))).toThrow('at most 4000 bytes')
})

test('api.groups and api.roles: refuse to guess what the run was not given', async () => {
  const { api } = open()
  await expect(api.roles.getUserEffectiveRoles()).rejects.toThrow('give the run directory.roles')
  await expect(api.groups.getUserGroups()).rejects.toThrow('give the run directory.groups')
  expect(() => api.roles.getUserEffectiveRolesByIds(Array.from({ length: 101 }, String))).toThrow(
    'at most 100',
  )
  expect(() => api.roles.getUserEffectiveRolesByNames(Array(51).fill('a'))).toThrow('at most 50')
})

test('api.groups and api.roles: find what the run was given, page by page', async () => {
  const roles = Array.from({ length: 120 }, (_, n) => ({ id: `rol_${n}`, name: `Role ${n}` }))
  const groups = [{ id: 'grp_1', name: 'Staff' }]
  const { api } = open({}, { directory: { roles, groups } })
  const first = await api.roles.getUserEffectiveRoles({ take: 100 })
  const second = await api.roles.getUserEffectiveRoles({ take: 100, from: first.next ?? '' })
  expect([...first.roles, ...second.roles]).toEqual(roles)
  expect(second.next).toBeUndefined()
  expect((await api.roles.getUserEffectiveRoles()).roles).toHaveLength(50)
  await expect(api.roles.getUserEffectiveRoles({ take: 101 })).rejects.toThrow('from 1 to 100')
  expect(await api.roles.getUserEffectiveRolesByIds(['rol_7', 'none'])).toEqual({
    roles: [roles[7]],
  })
  expect(await api.roles.getUserEffectiveRolesByNames(['Role 8'])).toEqual({ roles: [roles[8]] })
  expect(await api.groups.getUserGroups()).toEqual({ groups })
  expect(await api.groups.hasGroupMembership(['Staff', 'grp_1', 'x'])).toEqual({
    memberships: {
      Staff: { is_member: true, matches: groups },
      grp_1: { is_member: true, matches: groups },
      x: { is_member: false },
    },
  })
  for (const empty of [
    api.groups.hasGroupMembership([]),
    api.roles.getUserEffectiveRolesByIds([]),
    api.roles.getUserEffectiveRolesByNames([]),
  ]) {
    await expect(empty).rejects.toThrow('not be empty')
  }
})
