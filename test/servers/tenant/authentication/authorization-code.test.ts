import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { application, begin, logIn, redeem, tokenRequest } from './application.ts'
import { createBrowser } from './browser.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { addClient, callback, ordersApi } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
let spa: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
  spa = await application(under, 'spa', oidc.None())
})
afterAll(() => under.close())

/** A code of the application `web`, not yet exchanged. */
async function freshCode(parameters: Readonly<Record<string, string>> = {}, app = web) {
  const start = await begin(under, app, parameters)
  const { left } = await start.browser.submit(start.visit, ada)
  const code = left?.searchParams.get('code')
  if (!code) throw new Error('no code')
  return { code, code_verifier: start.verifier }
}

function exchange(parameters: Readonly<Record<string, string>>, clientId = 'web') {
  return tokenRequest(under, {
    grant_type: 'authorization_code',
    client_id: clientId,
    ...(clientId !== 'spa' && { client_secret: `secret of ${clientId}` }),
    redirect_uri: callback,
    ...parameters,
  })
}

test('authorization_code: a login ends in tokens that openid-client takes', async () => {
  const { tokens } = await logIn(under, web, ada, {
    audience: ordersApi,
    scope: 'openid email read:things',
  })
  expect(tokens.claims()).toMatchObject({ sub: adaId, email: ada.username, email_verified: true })
  expect(tokens.scope).toBe('openid email read:things')
  const access = JSON.parse(atob(tokens.access_token.split('.')[1] ?? ''))
  expect(access).toMatchObject({
    iss: under.tenant.issuer,
    sub: adaId,
    aud: [ordersApi, `${under.tenant.issuer}userinfo`],
    azp: 'web',
    scope: 'openid email read:things',
  })
  expect(access.exp - access.iat).toBe(7200)
  expect(tokens.expires_in).toBe(7200)
})

test('authorization_code: a public client logs in with PKCE and no secret', async () => {
  const { tokens } = await logIn(under, spa, ada)
  expect(tokens.claims()?.aud).toBe('spa')
})

test('authorization_code: without an API the access token is opaque', async () => {
  const { tokens } = await logIn(under, web, ada)
  expect(tokens.access_token).not.toContain('.')
  expect(tokens.refresh_token).toBeUndefined()
})

test('authorization_code: a scope that the API does not have is dropped', async () => {
  const { tokens } = await logIn(under, web, ada, {
    audience: ordersApi,
    scope: 'openid read:things read:all',
  })
  expect(tokens.scope).toBe('openid read:things')
})

function refreshWith({ body }: Awaited<ReturnType<typeof exchange>>) {
  return tokenRequest(under, {
    grant_type: 'refresh_token',
    client_id: 'web',
    client_secret: 'secret of web',
    refresh_token: String(body.refresh_token),
  })
}

test('authorization_code: a code is good once, and its second use ends the refresh tokens', async () => {
  const code = await freshCode({ scope: 'openid offline_access' })
  const first = await exchange(code)
  expect(first.status).toBe(200)
  const second = await exchange(code)
  expect(second).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
  expect(await refreshWith(first)).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
})

test('authorization_code: of two uses at once the second ends the refresh token of the first', async () => {
  const code = await freshCode({ scope: 'openid offline_access' })
  const { sign } = under.keys
  let second: ReturnType<typeof exchange> | undefined
  // The second use comes while the tokens of the first are being signed.
  const slow = vi.spyOn(under.keys, 'sign').mockImplementationOnce(async (...args) => {
    second = exchange(code)
    expect(await second).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
    return sign(...args)
  })
  const first = await exchange(code)
  slow.mockRestore()
  expect(second).toBeDefined()
  expect(await refreshWith(first)).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
})

test("authorization_code: another client's attempt fails and leaves the code to its own", async () => {
  const code = await freshCode()
  expect(await exchange(code, 'other')).toMatchObject({
    status: 403,
    body: { error: 'invalid_grant' },
  })
  expect((await exchange(code)).status).toBe(200)
})

const wrong: readonly [why: string, change: Readonly<Record<string, string>>][] = [
  ['another verifier', { code_verifier: oidc.randomPKCECodeVerifier() }],
  ['a verifier of the wrong form', { code_verifier: 'short' }],
  ['another redirect_uri', { redirect_uri: 'https://app.example/callback/' }],
  ['a code that was never issued', { code: oidc.randomState() }],
]
for (const [why, change] of wrong) {
  test(`authorization_code: ${why} is refused`, async () => {
    const refused = await exchange({ ...(await freshCode()), ...change })
    expect(refused).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
    expect(refused.body).not.toHaveProperty('access_token')
  })
}

test('authorization_code: a missing verifier is refused, and so is a missing redirect_uri', async () => {
  const { code, code_verifier } = await freshCode()
  expect((await exchange({ code })).body.error).toBe('invalid_grant')
  const body = {
    grant_type: 'authorization_code',
    client_id: 'web',
    client_secret: 'secret of web',
  }
  const fresh = await freshCode()
  expect((await tokenRequest(under, { ...body, ...fresh })).body.error).toBe('invalid_grant')
  // The first attempt used it up.
  expect((await exchange({ code, code_verifier })).body.error).toBe('invalid_grant')
})

test('authorization_code: a redirect_uri that was not asked with need not come with the code', async () => {
  const { issuer } = under.tenant
  for (const [redirect_uri, status] of [
    [undefined, 200],
    [callback, 200],
    [`${callback}/`, 403],
  ] as const) {
    const browser = createBrowser(under.fetch)
    const page = await browser.go(`${issuer}authorize?client_id=web&response_type=code`)
    const { left } = await browser.submit(page, ada)
    expect(left?.href.startsWith(`${callback}?`)).toBe(true)
    const answer = await tokenRequest(under, {
      ...{ grant_type: 'authorization_code', code: left?.searchParams.get('code') ?? '' },
      ...{ client_id: 'web', client_secret: 'secret of web' },
      ...(redirect_uri !== undefined && { redirect_uri }),
    })
    expect([redirect_uri, answer.status]).toEqual([redirect_uri, status])
  }
})

test('authorization_code: a confidential client may do without PKCE, but not bring a verifier then', async () => {
  const url = `${under.tenant.issuer}authorize?client_id=web&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(callback)}`
  for (const [verifier, status] of [
    [null, 200],
    [oidc.randomPKCECodeVerifier(), 403],
  ] as const) {
    const browser = createBrowser(under.fetch)
    const { left } = await browser.submit(await browser.go(url), ada)
    const code = left?.searchParams.get('code') ?? ''
    const answer = await exchange({ code, ...(verifier !== null && { code_verifier: verifier }) })
    expect(answer.status).toBe(status)
  }
})

test('authorization_code: a code is over after ten minutes', async () => {
  const code = await freshCode()
  under.clock.now += 600_000
  expect((await exchange(code)).body.error).toBe('invalid_grant')
})

test('authorization_code: the code of a user who was deleted since gives no token', async () => {
  const code = await freshCode()
  const user = under.tenant.state.users.get(adaId)
  under.tenant.state.users.delete(adaId)
  expect((await exchange(code)).body.error).toBe('invalid_grant')
  if (user) under.tenant.state.users.set(adaId, user)
})

const shown: readonly [why: string, parameters: Readonly<Record<string, string>>, text: string][] =
  [
    ['an unknown client', { client_id: 'nobody' }, 'Unknown client'],
    ['a callback of another path', { redirect_uri: `${callback}/more` }, 'Callback URL mismatch'],
    [
      'a callback of another origin',
      { redirect_uri: 'https://evil.example/callback' },
      'Callback URL mismatch',
    ],
    ['no client', { client_id: '' }, 'Missing required parameter: client_id'],
  ]
for (const [why, parameters, text] of shown) {
  test(`authorize: ${why} is told to the person and redirected nowhere`, async () => {
    const { visit } = await begin(under, web, parameters)
    expect(visit.left).toBeNull()
    expect(visit.status).toBeGreaterThanOrEqual(400)
    expect(visit.text).toContain(text)
  })
}

const redirected: readonly [
  why: string,
  parameters: Readonly<Record<string, string>>,
  error: string,
][] = [
  ['response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
  ['PKCE method plain', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['a challenge of the wrong form', { code_challenge: 'x' }, 'invalid_request'],
  ['an unknown API', { audience: 'https://unknown.example/' }, 'access_denied'],
  ['prompt none with login', { prompt: 'none login' }, 'invalid_request'],
  ['max_age of no number', { max_age: 'soon' }, 'invalid_request'],
  ['prompt=none without a session', { prompt: 'none' }, 'login_required'],
]
for (const [why, parameters, error] of redirected) {
  test(`authorize: ${why} goes back to the application as ${error}, with its state`, async () => {
    const { visit, state } = await begin(under, web, parameters)
    expect(visit.left?.searchParams.get('error')).toBe(error)
    expect(visit.left?.searchParams.get('state')).toBe(state)
    expect(visit.left?.href.startsWith(callback)).toBe(true)
  })
}

test('authorize: a public client without PKCE is refused', async () => {
  const browser = createBrowser(under.fetch)
  const visit = await browser.go(
    `${under.tenant.issuer}authorize?client_id=spa&response_type=code&redirect_uri=${encodeURIComponent(callback)}`,
  )
  expect(visit.left?.searchParams.get('error_description')).toContain('code_challenge')
})

test('authorize: a parameter given twice is refused, so that no two parts read it differently', async () => {
  const visit = await createBrowser(under.fetch).go(
    `${under.tenant.issuer}authorize?client_id=web&client_id=other`,
  )
  expect(visit.status).toBe(400)
  expect(visit.text).toContain('client_id')
})

test('authorize: a client without the grant type is refused', async () => {
  const { visit } = await begin(under, web, { client_id: 'machine' })
  expect(visit.left?.searchParams.get('error')).toBe('unauthorized_client')
})

test('authorize: a request object is refused', async () => {
  const visit = await createBrowser(under.fetch).go(
    `${under.tenant.issuer}authorize?client_id=web&response_type=code&request=a.b.c`,
  )
  expect(visit.left?.searchParams.get('error')).toBe('request_not_supported')
})

test('authorize: POST works as GET does', async () => {
  const body = new URLSearchParams({
    client_id: 'web',
    response_type: 'code',
    redirect_uri: callback,
  })
  const browser = createBrowser(under.fetch)
  const visit = await browser.go(`${under.tenant.issuer}authorize`, { method: 'POST', body })
  expect(visit.text).toContain('<form')
})

test('authorize: the iss, state and nonce of one login do not fit another', async () => {
  const [one, two] = [await begin(under, web), await begin(under, web)]
  const visit = await one.browser.submit(one.visit, ada)
  await expect(redeem(web, { ...one, nonce: two.nonce }, visit)).rejects.toThrow()
})

test('authorize: a third-party application gets nothing, since nobody can be asked for consent', async () => {
  const { browser } = await logIn(under, web, ada)
  addClient(under.tenant, { client_id: 'other', is_first_party: false })
  const other = await application(under, 'other')
  for (const parameters of [{}, { prompt: 'none' }]) {
    const { visit } = await begin(under, other, parameters, browser)
    expect(visit.left?.searchParams.get('error')).toBe('consent_required')
    expect(visit.left?.searchParams.has('code')).toBe(false)
  }
  addClient(under.tenant, { client_id: 'other' })
})
