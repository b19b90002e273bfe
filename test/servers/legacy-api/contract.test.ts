import { describe, expect, test } from 'vitest'
import { type Answer, type Call, contractFetch } from './contract.ts'
import { assertAnswer } from './contract-answer.ts'
import { operations } from './contract-document.ts'
import { assertRequest } from './contract-request.ts'

const user = {
  legacy_id: '1',
  email: 'ada@legacy.example',
  email_verified: true,
  app_metadata: {},
  user_metadata: {},
  migrated_at: null,
}

function answer(status: number, type: string, body?: unknown): Answer {
  const headers = new Headers(type === '' ? {} : { 'content-type': type })
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
  return { status, headers, text, body: typeof body === 'string' ? undefined : body }
}

const problem = (status: number, type: string) =>
  answer(status, 'application/problem+json', { type, title: 'x', status })

function judge([method, path]: readonly [string, string], given: Answer): () => void {
  const found = operations.find((each) => each.method === method && each.path === path)
  if (!found) throw new Error('no such operation')
  return () => assertAnswer(path, method.toLowerCase(), found.operation, given)
}

const read = ['GET', '/v1/users/{legacy_id}'] as const
const put = ['PUT', '/v1/users/{legacy_id}/migration'] as const
const list = ['GET', '/v1/users'] as const
const json = 'application/json'

describe('contract check of answers', () => {
  test.each([
    ['a user', read, answer(200, json, user)],
    ['an empty 204', put, answer(204, '')],
    [
      'a business answer where it is documented',
      put,
      problem(404, 'urn:legacy-api:user-not-found'),
    ],
    ['an untyped refusal', read, problem(401, 'about:blank')],
    [
      'an ended stream',
      list,
      answer(200, 'application/x-ndjson', `${JSON.stringify(user)}\n{"end":true,"count":1}\n`),
    ],
  ])('takes %s', (_what, operation, given) => {
    expect(judge(operation, given)).not.toThrow()
  })

  test.each([
    ['an undocumented status', read, answer(201, json, user), /status 201/],
    ['another content type', read, answer(200, 'text/html', user), /content type text\/html/],
    [
      'a member of a wrong type',
      read,
      answer(200, json, { ...user, email_verified: 1 }),
      /boolean/,
    ],
    ['an e-mail address that is none', read, answer(200, json, { ...user, email: 'x' }), /email/],
    [
      'a missing member',
      read,
      answer(200, json, { ...user, migrated_at: undefined }),
      /migrated_at/,
    ],
    ['a leaked hash', read, answer(200, json, { ...user, password_hash: 'x' }), /unevaluated/],
    ['a body at 204', put, answer(204, '', 'x'), /a body/],
    [
      'a business answer of another operation',
      read,
      problem(409, 'urn:legacy-api:ambiguous'),
      /409/,
    ],
    [
      'a business answer at another status',
      put,
      problem(409, 'urn:legacy-api:user-not-found'),
      /409/,
    ],
    ['an HTML error', read, answer(404, 'text/html', '<p>'), /no problem/],
    ['a teapot', read, problem(418, 'about:blank'), /418/],
    [
      'a stream that was cut off',
      list,
      answer(200, 'application/x-ndjson', `${JSON.stringify(user)}\n`),
      /cut off/,
    ],
    [
      'a stream with a wrong count',
      list,
      answer(200, 'application/x-ndjson', `${JSON.stringify(user)}\n{"end":true,"count":2}\n`),
      /cut off/,
    ],
  ])('refuses %s', (_what, operation, given, why) => {
    expect(judge(operation, given)).toThrow(why)
  })
})

describe('contract check of requests', () => {
  const credentials = { identifier: 'ada', password: 'x' }
  const mark = {
    auth0_user_id: 'auth0|1',
    migrated_at: '2026-11-21T08:00:00Z',
    metadata: 'complete',
  }
  test.each<[string, Call, RegExp]>([
    ['a missing member', { method: 'POST', path: '/v1/users/lookup', body: {} }, /identifier/],
    [
      'a member that is not documented',
      { method: 'POST', path: '/v1/users/authenticate', body: { ...credentials, ip: '::1' } },
      /unevaluated/,
    ],
    ['a missing body', { method: 'POST', path: '/v1/users/lookup' }, /a body/],
    [
      'a word that is not in the enum',
      { method: 'PUT', path: '/v1/users/1/migration', body: { ...mark, metadata: 'lost' } },
      /allowed values/,
    ],
    ['an unknown parameter', { method: 'GET', path: '/v1/users?x=1' }, /no query parameter x/],
    ['a parameter of a wrong type', { method: 'GET', path: '/v1/users?migrated=1' }, /boolean/],
    ['a missing parameter', { method: 'DELETE', path: '/v1/users/1/migration' }, /auth0_user_id/],
    [
      'a legacy_id that is too long',
      { method: 'GET', path: `/v1/users/${'x'.repeat(256)}` },
      /255/,
    ],
  ])('refuses %s', async (_what, call, why) => {
    await expect(contractFetch('http://127.0.0.1:1', call)).rejects.toThrow(why)
  })

  test('takes the mark of the contract', () => {
    const call = { method: 'PUT', path: '/v1/users/1/migration', body: mark }
    const found = operations.find(({ method }) => method === 'PUT')
    if (!found) throw new Error('no PUT')
    expect(() => assertRequest(found.path, found.operation, call)).not.toThrow()
  })
})
