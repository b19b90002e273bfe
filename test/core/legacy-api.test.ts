import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  authenticateRequest,
  lookupRequest,
  markRequest,
  processFoundResponse,
  processMarkResponse,
  processUserResponse,
  readUserRequest,
} from '../../core/legacy-api.ts'
import type { PlainObject } from '../../core/plain-object.ts'
import { jsonValue, legacyUser } from './arbitraries.ts'

const api = 'https://legacy.example'
const problemJson = 'application/problem+json'

const problem = (type: unknown, status: number, contentType = problemJson) => ({
  status,
  contentType,
  body: JSON.stringify({ type, title: 'A title' }),
})
const user = (body: unknown) => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
const invalid = { type: 'outage', code: 'legacy_api_invalid_response' }

test('requests: the identifier is lower-cased and stands in the body, never in the URL', () => {
  expect(authenticateRequest(api, 'ADA@Example.com', 'Pass W')).toEqual({
    method: 'POST',
    url: 'https://legacy.example/v1/users/authenticate',
    contentType: 'application/json',
    body: '{"identifier":"ada@example.com","password":"Pass W"}',
  })
  expect(lookupRequest(api, 'ADA')).toMatchObject({
    method: 'POST',
    url: 'https://legacy.example/v1/users/lookup',
    body: '{"identifier":"ada"}',
  })
})

test('requests: a legacy id is one segment of the path, whatever it holds', () => {
  expect(readUserRequest(api, 'a/b?c#d').url).toBe('https://legacy.example/v1/users/a%2Fb%3Fc%23d')
  const mark = {
    auth0_user_id: 'auth0|x',
    migrated_at: '2026-12-01T00:00:00Z',
    metadata: 'complete',
  }
  expect(markRequest(api, 'é', { ...mark, metadata: 'complete' })).toEqual({
    method: 'PUT',
    url: 'https://legacy.example/v1/users/%C3%A9/migration',
    contentType: 'application/json',
    body: JSON.stringify(mark),
  })
})

test('processUserResponse: a 200 with a user of the contract is that user', () => {
  expect(processUserResponse(user(legacyUser()))).toEqual({ type: 'user', user: legacyUser() })
  expect(processUserResponse(user(legacyUser()), '1042').type).toBe('user')
})

const wrong: [why: string, overrides: PlainObject][] = [
  ['no id', { legacy_id: undefined }],
  ['a number for the id', { legacy_id: 1042 }],
  ['no word on the address', { email_verified: undefined }],
  ['a word for a flag', { email_verified: 'true' }],
  ['app_metadata as a list', { app_metadata: [] }],
  ['app_metadata as null', { app_metadata: null }],
  ['user_metadata as text', { user_metadata: '{}' }],
  ['no word on the migration', { migrated_at: undefined }],
  ['a flag for the migration', { migrated_at: false }],
  ['an empty instant of migration', { migrated_at: '' }],
  ['a block as a word', { blocked: 'true' }],
  ['a block as a number', { blocked: 1 }],
  ['MFA as a word', { mfa_required: 'yes' }],
  ['factors as an object', { mfa_factors: { totp: {} } }],
]

for (const [why, overrides] of wrong) {
  test(`processUserResponse: ${why} is an outage, whole`, () => {
    expect(processUserResponse(user(legacyUser(overrides)))).toEqual(invalid)
  })
}

test('processUserResponse: members that are null or absent are not of a wrong shape', () => {
  const bare = legacyUser({ blocked: null, mfa_required: null, mfa_factors: null, picture: null })
  expect(processUserResponse(user(bare)).type).toBe('user')
})

test('processUserResponse: another user than the one asked for is an outage', () => {
  expect(processUserResponse(user(legacyUser({ legacy_id: '1043' })), '1042')).toEqual(invalid)
})

const found: [why: string, identifier: string, overrides: PlainObject, isTheirs: boolean][] = [
  ['the address', 'ada@example.com', {}, true],
  ['the address in other letters', 'ADA@Example.com', { email: 'Ada@example.COM' }, true],
  ['the address and a blank', ' ada@example.com ', {}, true],
  ['an address in Turkish letters', 'İ@example.com', { email: 'İ@example.com' }, true],
  ['a username like an address', 'old@example.com', { username: 'Old@example.com' }, true],
  ['a username', 'ada', { username: 'ada' }, true],
  ['a number, which the store may know', '+441632960000', {}, true],
  ['an address, of a user who has none', 'ada@example.com', { email: null }, true],
  ['another address', 'eve@example.com', {}, false],
  ['an address that is longer', 'ada@example.com.eve.example', {}, false],
  ['an address with a tag', 'ada+1@example.com', {}, false],
  ['an address in a letter that looks like it', 'аda@example.com', {}, false],
  ['a dotless i', 'ı@example.com', { email: 'i@example.com' }, false],
  ['an address, and a list has it', 'ada@example.com', { email: ['ada@example.com'] }, false],
]

for (const [why, identifier, overrides, isTheirs] of found) {
  test(`processFoundResponse: by ${why}: ${isTheirs ? 'the user' : 'somebody else, an outage'}`, () => {
    const answer = processFoundResponse(user(legacyUser(overrides)), identifier)
    expect(answer).toEqual(isTheirs ? { type: 'user', user: legacyUser(overrides) } : invalid)
  })
}

test('processUserResponse: metadata nested 100,000 deep are read without a throw', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  const body = JSON.stringify(legacyUser({ user_metadata: { a: 'here' } })).replace('"here"', deep)
  expect(processUserResponse({ status: 200, contentType: '', body }).type).toBe('user')
})

const types = [
  ...['invalid-credentials', 'user-not-found', 'blocked', 'already-migrated', 'ambiguous'],
  'migrated-to-another-user',
]

for (const type of types) {
  test(`processUserResponse, processMarkResponse: ${type} is a business answer as a problem alone`, () => {
    const known = problem(`urn:legacy-api:${type}`, 409)
    expect(processUserResponse(known)).toEqual({ type: 'problem', problem: type })
    expect(processMarkResponse(known)).toEqual({ type: 'problem', problem: type })
    for (const gateway of [
      problem(`urn:legacy-api:${type}`, 404, 'application/json'),
      problem(`urn:legacy-api:${type}`, 404, 'text/html'),
      problem(`urn:legacy-api:${type}`, 502),
      problem(`urn:legacy-api:${type.toUpperCase()}`, 404),
      problem(type, 404),
      problem([`urn:legacy-api:${type}`], 404),
    ]) {
      const outage = { type: 'outage', code: 'legacy_api_unavailable', status: gateway.status }
      expect(processUserResponse(gateway)).toEqual(outage)
      expect(processMarkResponse(gateway)).toEqual(outage)
    }
  })
}

test('processMarkResponse: only 204 is success', () => {
  for (let status = 200; status < 600; status += 1) {
    const { type } = processMarkResponse({ status, contentType: 'application/json', body: '{}' })
    expect(type).toBe(status === 204 ? 'marked' : 'outage')
  }
})

test('process…Response: whatever comes back is an answer, never a throw, and quotes no body', () => {
  const response = fc.record({
    status: fc.integer({ min: 0, max: 999 }),
    contentType: fc.constantFrom('application/json', problemJson, 'text/html', ''),
    body: fc.oneof(
      jsonValue.map((value) => JSON.stringify(value)),
      fc.string({ unit: 'binary' }),
    ),
  })
  fc.assert(
    fc.property(response, (one) => {
      for (const answer of [processUserResponse(one), processMarkResponse(one)]) {
        if (answer.type !== 'outage') continue
        expect(
          Object.keys(answer).filter((key) => !['type', 'code', 'status'].includes(key)),
        ).toEqual([])
      }
    }),
  )
})
