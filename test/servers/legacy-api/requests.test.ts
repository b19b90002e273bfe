import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLegacyApi } from '../../../servers/legacy-api/app.ts'
import { seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import {
  audience,
  issuer,
  jwks,
  machineClaims,
  openTestApi,
  sign,
  startOfTest,
  type TestApi,
} from './api.ts'
import { databases } from './databases.ts'
import { password, someMark, someUser } from './users.ts'

let api: TestApi
let authorization: string
beforeAll(async () => {
  // What is tested here does not touch SQL; PostgreSQL, where there is one, starts faster.
  const kind = databases.at(-1)
  if (!kind) throw new Error('no database')
  api = await openTestApi(kind)
  authorization = `Bearer ${await sign(machineClaims)}`
})
afterAll(() => api.close())

interface Raw {
  readonly method?: string
  readonly body?: string | Uint8Array | readonly (string | Uint8Array)[]
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends exactly what it is given: `fetch` would tidy it up. A list of parts goes out chunked. */
function send(path: string, { method = 'GET', body = [], headers = {} }: Raw = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: unknown }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(api.url)
      const outgoing = request({
        hostname,
        port,
        path,
        method,
        headers: { authorization, 'content-type': 'application/json', ...headers },
      })
      outgoing.on('error', reject)
      outgoing.on('response', async (incoming) => {
        const chunks: Buffer[] = []
        for await (const chunk of incoming) chunks.push(chunk)
        const text = Buffer.concat(chunks).toString()
        const parsed = text === '' ? undefined : JSON.parse(text)
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: parsed })
      })
      if (typeof body === 'string' || body instanceof Uint8Array) {
        outgoing.end(body)
        return
      }
      for (const part of body) outgoing.write(part)
      outgoing.end()
    },
  )
}

const untyped = (status: number, title: string, detail?: string) => ({
  type: 'about:blank',
  title,
  status,
  ...(detail && { detail }),
})
const bad = (detail: string) => untyped(400, 'Bad Request', detail)

const login = '/v1/users/authenticate'
const mark = '/v1/users/1/migration'
const secret = 'ada@legacy.example'

describe('bad bodies are refused by the name of the member', () => {
  test.each<[string, string, string, string | Uint8Array, string]>([
    ['nothing', 'POST', login, '', 'the body is not JSON in UTF-8'],
    ['half a body', 'POST', login, `{"identifier":"${secret}"`, 'the body is not JSON in UTF-8'],
    [
      'bytes that are not UTF-8',
      'POST',
      login,
      Buffer.from('{"identifier":"\xff","password":"x"}', 'latin1'),
      'the body is not JSON in UTF-8',
    ],
    ['a list', 'POST', login, `["${secret}"]`, 'the body must be an object'],
    ['null', 'POST', login, 'null', 'the body must be an object'],
    ['text', 'POST', login, `"${secret}"`, 'the body must be an object'],
    ['no identifier', 'POST', login, '{"password":"x"}', 'identifier is missing'],
    ['no password', 'POST', login, `{"identifier":"${secret}"}`, 'password is missing'],
    [
      'a number',
      'POST',
      login,
      '{"identifier":4930123,"password":"x"}',
      'identifier must be a string',
    ],
    [
      'an object',
      'POST',
      login,
      '{"identifier":"x","password":{"$ne":""}}',
      'password must be a string',
    ],
    [
      'null in lookup',
      'POST',
      '/v1/users/lookup',
      '{"identifier":null}',
      'identifier must be a string',
    ],
    [
      'a word that is not an outcome',
      'PUT',
      mark,
      JSON.stringify({ ...someMark, metadata: secret }),
      'metadata must be one of: complete, too-large, not-found',
    ],
    ...['yesterday', '2026-11-21', '2026-02-30T00:00:00Z', '2026-11-21T08:00:00'].map(
      (migrated_at): [string, string, string, string, string] => [
        `migrated_at ${migrated_at}`,
        'PUT',
        mark,
        JSON.stringify({ ...someMark, migrated_at }),
        'migrated_at must be a date-time of RFC 3339',
      ],
    ),
    [
      'the year 0',
      'PUT',
      mark,
      JSON.stringify({ ...someMark, migrated_at: '0000-01-01T00:00:00Z' }),
      'migrated_at must not be before 1970',
    ],
    [
      'an Auth0 user that cannot be stored',
      'PUT',
      mark,
      JSON.stringify({ ...someMark, auth0_user_id: 'auth0|\0' }),
      'auth0_user_id must not hold U+0000 or half a surrogate pair',
    ],
  ])('%s', async (_what, method, path, body, detail) => {
    const answer = await send(path, { method, body })
    expect(answer.body).toEqual(bad(detail))
    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
  })

  test('another media type is 415', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { body } = await send(login, { method: 'POST', body: 'identifier=x&password=y', headers })
    expect(body).toEqual(
      untyped(415, 'Unsupported Media Type', 'the body must be application/json'),
    )
  })

  test('a charset parameter is taken', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    const body = '{"identifier":"nobody"}'
    expect((await send('/v1/users/lookup', { method: 'POST', body, headers })).status).toBe(404)
  })
})

describe('bodies over 64 kB', () => {
  const ofBytes = (bytes: number) => {
    const frame = '{"identifier":""}'
    return `{"identifier":"${'x'.repeat(bytes - frame.length)}"}`
  }
  const lookup = (body: string | readonly string[]) =>
    send('/v1/users/lookup', { method: 'POST', body })

  test('64 kB are read, a byte more is 413, chunked or not', async () => {
    const [fits, over] = [ofBytes(65_536), ofBytes(65_537)]
    expect((await lookup(fits)).status).toBe(404)
    expect((await lookup([fits.slice(0, 100), fits.slice(100)])).status).toBe(404)
    const refusal = untyped(413, 'Payload Too Large', 'the body is over 65536 bytes')
    expect((await lookup(over)).body).toEqual(refusal)
    expect((await lookup([over.slice(0, 100), over.slice(100)])).body).toEqual(refusal)
  })

  test('the next request is answered', async () => {
    await lookup(ofBytes(1_000_000)).catch(() => undefined)
    expect((await lookup('{"identifier":"nobody"}')).status).toBe(404)
  })
})

describe('bad paths and parameters', () => {
  const allowed = 'unknown query parameter; there are: migrated, metadata, after'
  test.each([
    ['/v1/users?migrated=yes', 'migrated must be true or false'],
    ['/v1/users?migrated=', 'migrated must be true or false'],
    ['/v1/users?metadata=lost', 'metadata must be one of: complete, too-large, not-found'],
    ['/v1/users?after=%00', 'after must not hold U+0000'],
    ['/v1/users?after=%ff', 'the query is not percent-encoded UTF-8'],
    ['/v1/users?after=a&after=b', 'after is given more than once'],
    [`/v1/users?${secret}=1`, allowed],
    ['/v1/users?__proto__=1', allowed],
    ['/v1/users/%ff', 'legacy_id is not percent-encoded UTF-8'],
    ['/v1/users/50%', 'legacy_id is not percent-encoded UTF-8'],
  ])('GET %s', async (path, detail) => {
    expect((await send(path)).body).toEqual(bad(detail))
  })

  test('DELETE without, and with an unknown, parameter', async () => {
    const remove = (query: string) => send(`${mark}${query}`, { method: 'DELETE' })
    expect((await remove('')).body).toEqual(bad('auth0_user_id is missing'))
    expect((await remove('?auth0_user_id=%00')).body).toEqual(
      bad('auth0_user_id must not hold U+0000 or half a surrogate pair'),
    )
    expect((await remove('?auth0_user_id=x&force=1')).body).toEqual(
      bad('unknown query parameter; there are: auth0_user_id'),
    )
  })

  test.each([
    '/',
    '/v1',
    '/v1/users/',
    '/v1/users//migration',
    '/v1/users/1/',
    '/v1/users/1/x',
    '/V1/users',
    '/v1/users/1/migration/',
  ])('%s is 404 without a type', async (path) => {
    expect((await send(path)).body).toEqual(untyped(404, 'Not Found'))
  })

  test.each([
    ['GET', login, 'POST'],
    ['DELETE', '/v1/users/lookup', 'POST'],
    ['PATCH', '/v1/users/1', 'GET'],
    ['GET', mark, 'PUT, DELETE'],
    ['POST', '/v1/users', 'GET'],
    ['OPTIONS', '/v1/migration', 'GET'],
    ['HEAD', '/v1/users', 'GET'],
  ])('%s %s is 405 without a type', async (method, path, allow) => {
    const answer = await send(path, { method })
    expect([answer.status, answer.headers.allow]).toEqual([405, allow])
    if (method !== 'HEAD') expect(answer.body).toEqual(untyped(405, 'Method Not Allowed'))
  })
})

describe('request log', () => {
  test('has a line an answer: method, template and status, and nothing of the request', async () => {
    const user = someUser({ legacy_id: 'secret/id' })
    await seedUsers(api.database, [user])
    api.requests.length = 0
    const id = encodeURIComponent(user.legacy_id)
    await api.call('POST', login, { identifier: user.email, password })
    await api.call('GET', `/v1/users/${id}`)
    await api.call('PUT', `/v1/users/${id}/migration`, someMark)
    await api.call('GET', '/v1/users?after=secret')
    await send(`/v1/${secret}`)
    await send(`/v1/users/${secret}/migration`, { method: 'POST' })
    await send('/v1/migration', { headers: { authorization: 'Bearer x' } })
    await send('/v1/users/lookup', { method: 'POST', body: '{}' })
    expect(api.requests.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual(
      [
        'POST /v1/users/authenticate 200',
        'GET /v1/users/{legacy_id} 200',
        'PUT /v1/users/{legacy_id}/migration 204',
        'GET /v1/users 200',
        'GET * 404',
        'POST /v1/users/{legacy_id}/migration 405',
        'GET /v1/migration 401',
        'POST /v1/users/lookup 400',
      ],
    )
    for (const entry of api.requests) {
      expect(Object.keys(entry)).toEqual(['method', 'route', 'status', 'elapsedMs'])
      expect(entry.elapsedMs).toBeGreaterThanOrEqual(0)
    }
  })

  test('a failure of the database is 500 without a detail, and a code in the log', async () => {
    const failure = Object.assign(new Error(`Key (identifier)=(${secret})`), { code: '23505' })
    const database = { ...api.database, query: () => Promise.reject(failure) }
    const entries: unknown[] = []
    const app = createLegacyApi({
      database,
      issuer,
      audience,
      jwks,
      now: () => startOfTest,
      onRequest: (entry) => entries.push(entry),
    })
    for (const path of ['/v1/migration', '/v1/users', '/v1/users/1']) {
      const response = await app.request(path, { headers: { authorization } })
      expect(await response.json()).toEqual(untyped(500, 'Internal Server Error'))
    }
    expect(entries).toMatchObject(Array(3).fill({ status: 500, failure: '23505' }))
    expect(JSON.stringify(entries)).not.toContain(secret)
  })
})
