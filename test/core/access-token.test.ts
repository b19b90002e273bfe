import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  accessTokenCacheKey,
  accessTokenRequest,
  isBearerToken,
  processAccessTokenResponse,
} from '../../core/access-token.ts'
import { jsonValue, now } from './arbitraries.ts'

const settings = {
  apiUrl: 'https://legacy.example',
  audience: 'https://legacy-api.example',
  tokenUrl: 'https://tenant.example/oauth/token',
  clientId: 'client-1',
  credential: 'a secret worth keeping',
  client: { id: 'LEGACY_ACTIONS_CLIENT_ID', credential: 'LEGACY_ACTIONS_CLIENT_SECRET' },
}

const answer = (body: unknown, status = 200) =>
  processAccessTokenResponse(
    { status, contentType: 'application/json', body: JSON.stringify(body) },
    now,
  )

test('accessTokenRequest: asks by client credentials, with the secret in the body alone', () => {
  const request = accessTokenRequest(settings, { client_secret: settings.credential })
  expect(request).toMatchObject({ method: 'POST', url: settings.tokenUrl })
  expect(JSON.parse(request.body ?? '')).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client-1',
    client_secret: 'a secret worth keeping',
    audience: 'https://legacy-api.example',
  })
})

const lifetimes: [expires: unknown, seconds: number][] = [
  [86_400, 86_340],
  [120, 60],
  [60, 30],
  [2, 1],
  [undefined, 240],
  ['86400', 240],
  [0, 240],
  [-1, 240],
]

for (const [expires, seconds] of lifetimes) {
  test(`processAccessTokenResponse: expires_in ${expires} is used for ${seconds} s`, () => {
    expect(answer({ access_token: 'abc.def', expires_in: expires })).toEqual({
      value: 'abc.def',
      usableUntil: now + seconds * 1_000,
    })
  })
}

test('processAccessTokenResponse: an endless token is trusted as one without a lifetime', () => {
  const body = '{"access_token":"abc","expires_in":1e999}'
  const token = processAccessTokenResponse({ status: 200, contentType: '', body }, now)
  expect(token).toEqual({ value: 'abc', usableUntil: now + 240_000 })
})

test('processAccessTokenResponse: any JSON is a token that fits a header, or an outage', () => {
  const body = fc.record({ access_token: jsonValue, expires_in: jsonValue }, { requiredKeys: [] })
  fc.assert(
    fc.property(fc.oneof(body, jsonValue), (any) => {
      const result = answer(any)
      if (!('value' in result)) {
        expect(result.code).toBe('token_invalid_response')
        return
      }
      expect(new Headers({ authorization: `Bearer ${result.value}` }).get('authorization')).toBe(
        `Bearer ${result.value}`,
      )
      expect(result.usableUntil).toBeGreaterThanOrEqual(now)
    }),
  )
})

for (const [why, body] of [
  ['HTML', '<html>'],
  ['nothing', ''],
  ['a line break in the token', '{"access_token":"a\\nb"}'],
  ['an empty token', '{"access_token":""}'],
] as const) {
  test(`processAccessTokenResponse: ${why} is an outage that quotes nothing`, () => {
    expect(processAccessTokenResponse({ status: 200, contentType: '', body }, now)).toEqual({
      type: 'outage',
      code: 'token_invalid_response',
    })
  })
}

test('processAccessTokenResponse: any other status is an outage of that status', () => {
  for (const status of [201, 204, 302, 400, 401, 403, 429, 500, 503]) {
    expect(answer({ access_token: 'abc', expires_in: 60 }, status)).toEqual({
      type: 'outage',
      code: 'token_unavailable',
      status,
    })
  }
})

test('isBearerToken: takes a JWT, and nothing with a space, a quote or a control character', () => {
  expect(isBearerToken('eyJh.eyJz_-~+/.c2ln==')).toBe(true)
  for (const text of ['a b', 'a"', 'a\r\nb', 'a\n', '=a', 'é'])
    expect(isBearerToken(text)).toBe(false)
})

test('accessTokenCacheKey: fits a cache key, quotes nothing, and differs with each setting', () => {
  const key = accessTokenCacheKey(settings)
  expect(key).toMatch(/^legacy-token-\d{1,10}$/)
  const part = fc.constantFrom('audience', 'tokenUrl', 'clientId', 'credential')
  fc.assert(
    fc.property(part, fc.string({ minLength: 1 }), (name, more) => {
      expect(accessTokenCacheKey({ ...settings, [name]: settings[name] + more })).not.toBe(key)
    }),
  )
  expect(accessTokenCacheKey({ ...settings, apiUrl: 'https://other.example' })).toBe(key)
})
