import { base64url, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLegacyApi } from '../../../servers/legacy-api/app.ts'
import {
  audience,
  everyScope,
  issuer,
  jwks,
  keys,
  machineClaims,
  openTestApi,
  sign,
  startOfTest,
  type TestApi,
} from './api.ts'
import type { Answer } from './contract.ts'
import { operations } from './contract-document.ts'
import { databases } from './databases.ts'
import { someMark } from './users.ts'

let api: TestApi
beforeAll(async () => {
  // What is tested here does not touch SQL; PostgreSQL, where there is one, starts faster.
  const kind = databases.at(-1)
  if (!kind) throw new Error('no database')
  api = await openTestApi(kind)
})
afterAll(() => api.close())

const bodies: Record<string, unknown> = {
  '/v1/users/authenticate': { identifier: 'nobody', password: 'x' },
  '/v1/users/lookup': { identifier: 'nobody' },
}

function ask(authorization: string | undefined, operation = operations[1]): Promise<Answer> {
  if (!operation) throw new Error('no operation')
  const { path, method } = operation
  const target = path.replace('{legacy_id}', '1')
  const query = method === 'DELETE' ? '?auth0_user_id=x' : ''
  const body = bodies[path] ?? (method === 'PUT' ? someMark : undefined)
  return api.call(method, target + query, body, {
    headers: { authorization: authorization ?? '' },
  })
}

function expectInvalidToken(answer: Answer): void {
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  expect(answer.body).toEqual({ type: 'about:blank', title: 'Unauthorized', status: 401 })
}

const withClaims = async (claims: Readonly<Record<string, unknown>>) =>
  `Bearer ${await sign({ ...machineClaims, ...claims })}`

describe('access token: is refused with 401 and no business type', () => {
  const now = startOfTest / 1000
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['another issuer', { iss: 'https://other.example/' }],
    ['the issuer without its slash', { iss: issuer.slice(0, -1) }],
    ['another audience', { aud: 'https://tenant.example/api/v2/' }],
    ['one that has expired', { exp: now }],
    ['one that is not valid yet', { nbf: now + 60 }],
    ['one that never expires', { exp: undefined }],
    ['no subject', { sub: undefined }],
    ["a person's subject", { sub: 'auth0|legacy-users|1042' }],
    ["a person's subject that ends like a machine's", { sub: 'auth0|legacy-users|x@clients' }],
    ['a machine subject with something after it', { sub: 'client123@clients.example' }],
    ['a machine subject with a line after it', { sub: 'client123@clients\n' }],
    ['another grant', { gty: 'password' }],
    ['a grant that is a list', { gty: ['client-credentials'] }],
  ])('%s', async (_what, claims) => {
    expectInvalidToken(await ask(await withClaims(claims)))
  })

  test('no token, another scheme, no compact JWS', async () => {
    const token = await sign(machineClaims)
    for (const header of [
      undefined,
      token,
      `Basic ${token}`,
      'Bearer',
      'Bearer x.y.z',
      `Bearer ${token} x`,
    ]) {
      expectInvalidToken(await ask(header))
    }
  })

  test('alg none', async () => {
    expectInvalidToken(await ask(`Bearer ${new UnsecuredJWT(machineClaims).encode()}`))
  })

  test('HS256 with the public key as its secret', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(keys.publicKey))
    const token = new SignJWT(machineClaims).setProtectedHeader({ alg: 'HS256', kid: 'one' })
    expectInvalidToken(await ask(`Bearer ${await token.sign(secret)}`))
  })

  test('PS256 with the right key, RS256 with another', async () => {
    const pem = keys.privateKey
    const other = await generateKeyPair('RS256')
    const forPss = await crypto.subtle.importKey(
      'pkcs8',
      await crypto.subtle.exportKey('pkcs8', pem),
      { name: 'RSA-PSS', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const jwt = () => new SignJWT(machineClaims)
    const pss = await jwt().setProtectedHeader({ alg: 'PS256', kid: 'one' }).sign(forPss)
    const forged = await jwt()
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(other.privateKey)
    expectInvalidToken(await ask(`Bearer ${pss}`))
    expectInvalidToken(await ask(`Bearer ${forged}`))
  })

  test('claims that were changed after signing', async () => {
    const [header, , signature] = (await sign({ ...machineClaims, scope: '' })).split('.')
    const payload = base64url.encode(JSON.stringify(machineClaims))
    expectInvalidToken(await ask(`Bearer ${header}.${payload}.${signature}`))
  })
})

describe('access token: scopes', () => {
  test.each(operations)('$method $path takes its x-scope and no other', async (operation) => {
    const scope = operation.operation['x-scope']
    const others = everyScope.filter((each) => each !== scope)
    const refused = await ask(await withClaims({ scope: others.join(' ') }), operation)
    expect(refused.status).toBe(403)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
    expect(refused.body.type).toBe('about:blank')

    const accepted = await ask(await withClaims({ scope }), operation)
    expect(accepted.headers.has('www-authenticate')).toBe(false)
    expect(accepted.body?.type ?? '').not.toBe('about:blank')
  })

  test('a scope is a whole word, in a string', async () => {
    for (const scope of [
      undefined,
      '',
      'read:legacy_users2',
      'xread:legacy_users',
      ['read:legacy_users'],
    ]) {
      expect((await ask(await withClaims({ scope }))).status).toBe(403)
    }
  })
})

test('access token: one of the RFC 9068 profile, without gty, is accepted', async () => {
  expect((await ask(await withClaims({ gty: undefined }))).status).toBe(404)
  expect((await ask(await withClaims({ aud: ['https://x.example/', audience] }))).status).toBe(404)
})

test('access token: keys that cannot be had are 503 and no verdict', async () => {
  const unreachable = () => Promise.reject(new TypeError('fetch failed'))
  const options = { database: api.database, issuer, audience, now: () => startOfTest }
  const entries: unknown[] = []
  const app = createLegacyApi({ ...options, jwks: unreachable, onRequest: (e) => entries.push(e) })
  const headers = { authorization: await withClaims({}) }
  const response = await app.request('/v1/migration', { headers })
  expect(response.status).toBe(503)
  expect(response.headers.has('www-authenticate')).toBe(false)
  expect(entries).toMatchObject([{ status: 503, failure: 'TypeError' }])
})

test('createLegacyApi: refuses an issuer without its slash', () => {
  const options = { database: api.database, audience, jwks, now: Date.now }
  expect(() => createLegacyApi({ ...options, issuer: 'https://tenant.example' })).toThrow(
    expect.objectContaining({ code: 'setting_invalid', message: 'issuer must end with a slash' }),
  )
})
