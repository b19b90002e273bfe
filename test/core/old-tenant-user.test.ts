import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  lookupRequest,
  markRequest,
  processLookupResponse,
  processMarkResponse,
  processUserResponse,
  readUserRequest,
} from '../../core/old-tenant-api.ts'
import { processPasswordResponse } from '../../core/old-tenant-login.ts'
import {
  holderRequest,
  isElsewhere,
  processAnybodyResponse,
  processHolderResponse,
} from '../../core/old-tenant-search.ts'
import { readLegacyApiSettings } from '../../core/old-tenant-settings.ts'
import { movedKey, oldTenantUser } from '../../core/old-tenant-user.ts'
import { jsonObject } from './arbitraries.ts'

const connection = 'Username-Password-Authentication'
const api = 'https://old.example/api/v2'
const legacyId = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })

function profileOf(id: string, more: object = {}) {
  return {
    user_id: `auth0|${id}`,
    ...{ email: 'ada@example.com', email_verified: true, name: '' },
    identities: [{ connection, provider: 'auth0', user_id: id, isSocial: false }],
    ...more,
  }
}

test('oldTenantUser: whatever the metadata, all but the note of the move come along', () => {
  fc.assert(
    fc.property(legacyId, jsonObject, jsonObject, (id, app, own) => {
      const noted = { ...app, [movedKey]: { migrated_at: '2026-11-22T10:00:00Z' } }
      const profile = profileOf(id, { app_metadata: noted, user_metadata: own })
      const user = oldTenantUser(profile, { connection })
      const { [movedKey]: _, ...carried } = app
      expect(user).toMatchObject({ legacy_id: id, migrated_at: '2026-11-22T10:00:00Z' })
      expect([user?.app_metadata, user?.user_metadata]).toEqual([carried, own])
      expect(user).not.toHaveProperty('name')
    }),
  )
})

test('oldTenantUser: any JSON is a user or null, and never a throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (one, other, third) => {
      oldTenantUser(one, { connection })
      const odd = { identities: [one, other], app_metadata: third, blocked: other }
      const user = oldTenantUser(profileOf('1', odd), { user_id: '1' })
      if (user !== null) expect(user.legacy_id).toBe('1')
    }),
  )
})

test('oldTenantUser: a linked identity has its own data, and nothing of the primary’s where there is none', () => {
  const google = { connection: 'google-oauth2', provider: 'google-oauth2', user_id: '7' }
  const linked = { connection, provider: 'auth0', user_id: '1', isSocial: false }
  const primary = {
    ...{ user_id: 'google-oauth2|7', email: 'google@example.com', email_verified: true },
    ...{ name: 'Google’s', username: 'primary', phone_number: '+1', phone_verified: true },
  }
  const userOf = (identity: object) =>
    oldTenantUser({ ...primary, identities: [google, { ...linked, ...identity }] }, { connection })
  const profileData = { email: 'own@example.com', email_verified: true, name: 'Own' }
  expect(userOf({ profileData })).toMatchObject({ ...profileData, legacy_id: '1' })
  for (const odd of [{}, { profileData: null }, { profileData: 'x' }, { profileData: [] }]) {
    const user = userOf(odd)
    expect(user).toMatchObject({ legacy_id: '1', email_verified: false })
    expect(user?.email).toBeUndefined()
    expect(JSON.stringify(user)).not.toMatch(/google|primary|Google|\+1/)
  }
})

test('oldTenantUser: a block that is no truth value is nobody, and not “not blocked”', () => {
  for (const blocked of ['true', 1, {}]) {
    expect(oldTenantUser(profileOf('1', { blocked }), { connection })).toBeNull()
  }
})

test('requests: whatever the id, it is one segment of the path, and one phrase of a search', () => {
  fc.assert(
    fc.property(legacyId, (id) => {
      const { pathname } = new URL(readUserRequest(api, id).url)
      expect(decodeURIComponent(pathname)).toBe(`/api/v2/users/auth0|${id}`)
      expect(pathname.split('/')).toHaveLength(5)
      const query = new URL(holderRequest(api, id, connection).url).searchParams.get('q') ?? ''
      const [, phrase = ''] = /^identities\.user_id:"((?:[^"\\]|\\.)*)" AND /su.exec(query) ?? []
      expect(phrase.replaceAll(/\\(.)/gsu, '$1')).toBe(id)
    }),
  )
})

test('requests: whatever the address, it is the one parameter of users-by-email, in lower case', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const { searchParams } = new URL(lookupRequest(api, `${name}@Example.com`).url)
      expect([...searchParams]).toEqual([['email', `${name}@example.com`.toLowerCase()]])
    }),
  )
})

test('mark: sends its own key alone, to whoever holds the identity', () => {
  const mark = {
    auth0_user_id: 'auth0|1',
    migrated_at: '2026-11-22T10:00:00Z',
    metadata: 'complete',
  } as const
  const { body = '', url } = markRequest(api, '1', mark, 'google-oauth2|7')
  expect(JSON.parse(body)).toEqual({ app_metadata: { [movedKey]: mark } })
  expect(url).toBe(`${api}/users/google-oauth2%7C7`)
})

const answer = (status: number, body: unknown) => ({
  status,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

test('answers: only 200 and what Auth0 says of a missing user mean anything, of every reader', () => {
  const readers = [
    (status: number, body: unknown) => processUserResponse(answer(status, body), '1'),
    (status: number, body: unknown) =>
      processLookupResponse(answer(status, body), 'a@b', connection),
    (status: number, body: unknown) => processHolderResponse(answer(status, body), '1', connection),
    (status: number, body: unknown) => processAnybodyResponse(answer(status, body)),
    (status: number, body: unknown) => processMarkResponse(answer(status, body)),
  ]
  const statuses = fc.integer({ min: 201, max: 599 })
  fc.assert(
    fc.property(fc.constantFrom(...readers), statuses, fc.jsonValue(), (read, status, body) => {
      expect(read(status, body).type).toBe('outage')
      const gone = read(status, { errorCode: 'inexistent_user' })
      expect(gone.type).toBe(status === 404 ? 'problem' : 'outage')
    }),
  )
})

test('answers: whatever a list holds, a reader finds whom it was asked for, or nobody, and never throws', () => {
  const text = fc.constantFrom('ada@example.com', 'Ada@Example.com', 'other@example.com', '')
  const names = fc.constantFrom(connection, 'others', '__proto__')
  const identity = fc.record(
    {
      connection: fc.oneof(names, fc.jsonValue()),
      provider: fc.constantFrom('auth0', 'google-oauth2'),
      user_id: fc.oneof(fc.constantFrom('1', '2'), fc.jsonValue()),
      profileData: fc.oneof(fc.record({ email: text }), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  const metadata = fc.oneof(jsonObject, fc.jsonValue())
  const odd = fc.record(
    {
      user_id: fc.oneof(fc.constantFrom('auth0|1', 'auth0|2', 'google-oauth2|1'), fc.jsonValue()),
      email: fc.oneof(text, fc.jsonValue()),
      identities: fc.oneof(fc.array(identity, { maxLength: 3 }), fc.jsonValue()),
      app_metadata: metadata,
      user_metadata: metadata,
      blocked: fc.oneof(fc.boolean(), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  const lists = fc.array(fc.oneof(odd, fc.jsonValue()), { maxLength: 4 })
  fc.assert(
    fc.property(lists, (list) => {
      const found = processLookupResponse(answer(200, list), 'ADA@example.com', connection)
      if (found.type === 'user') {
        expect(String(found.user.email).toLowerCase()).toBe('ada@example.com')
        expect(JSON.stringify(list)).toContain(JSON.stringify(found.user.legacy_id))
      }
      const held = processHolderResponse(answer(200, list), '1', connection)
      if (held.type === 'user') expect(held.user.legacy_id).toBe('1')
      const [one] = list
      const read = processUserResponse(answer(200, one), '1')
      if (read.type === 'user') expect(read.user.legacy_id).toBe('1')
      isElsewhere(answer(200, list), connection)
      processAnybodyResponse(answer(200, list))
    }),
    { numRuns: 500 },
  )
})

test('processUserResponse: a profile of somebody else is no answer', () => {
  const other = answer(200, profileOf('2'))
  expect(processUserResponse(other, '1')).toMatchObject({ code: 'legacy_api_invalid_response' })
})

test('processPasswordResponse: nothing but invalid_grant is a wrong password', () => {
  const codes = fc.oneof(
    fc.constantFrom('access_denied', 'mfa_required', 'unauthorized'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.integer({ min: 201, max: 599 }), codes, fc.string(), (status, error, said) => {
      fc.pre(error !== 'invalid_grant')
      const read = processPasswordResponse(answer(status, { error, error_description: said }))
      expect(read).not.toMatchObject({ problem: 'invalid-credentials' })
      expect(read.type).not.toBe('id-token')
    }),
  )
})

test('processPasswordResponse: a wrong password is said with a status that refuses, and with no other', () => {
  const read = (status: number, error: string) =>
    processPasswordResponse(answer(status, { error, error_description: 'user is blocked' }))
  for (const status of [400, 401, 403]) {
    expect(read(status, 'invalid_grant')).toEqual({
      ...{ type: 'problem', problem: 'invalid-credentials' },
    })
  }
  const errors = ['invalid_grant', 'unauthorized', 'access_denied', 'invalid_client']
  const elsewhere = fc.integer({ min: 100, max: 599 }).filter((one) => one < 400 || one > 403)
  fc.assert(
    fc.property(elsewhere, fc.constantFrom(...errors), (status, error) => {
      fc.pre(status !== 200)
      // A redirect, a gateway and a limit know nothing of anybody's password, whatever they say.
      expect(read(status, error)).toEqual({
        ...{ type: 'outage', code: 'legacy_api_unavailable', status },
      })
    }),
  )
})

test('isElsewhere: is asked of databases alone', () => {
  const google = { connection: 'google-oauth2', provider: 'google-oauth2', user_id: '7' }
  const is = (profiles: unknown) => isElsewhere(answer(200, profiles), connection)
  expect([is([]), is('no JSON'), is([profileOf('1')]), is([{ identities: [google] }])]).toEqual([
    ...[false, false, false, false],
  ])
  const other = [{ connection: 'others', provider: 'auth0', user_id: '1' }]
  expect(is([profileOf('1', { identities: other })])).toBe(true)
})

test('readLegacyApiSettings: of any domain that passes, every URL is of that host, by https', () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.webUrl(), fc.string()), (domain) => {
      const settings = readLegacyApiSettings({
        ...{ OLD_TENANT_DOMAIN: domain, OLD_TENANT_CLIENT_ID: 'a' },
        ...{ OLD_TENANT_CLIENT_SECRET: 'b', OLD_TENANT_CONNECTION: 'c' },
      })
      if ('code' in settings) return
      for (const url of [settings.apiUrl, settings.audience, settings.tokenUrl]) {
        const { host, protocol, search, username } = new URL(url)
        expect([protocol, search, username]).toEqual(['https:', '', ''])
        expect(host).toBe(new URL(`https://${domain.trim()}`).host)
      }
    }),
  )
})

test('readLegacyApiSettings: a domain in capitals is the audience that Auth0 knows', () => {
  expect(
    readLegacyApiSettings({
      ...{ OLD_TENANT_DOMAIN: ' Old.EU.auth0.com\n', OLD_TENANT_CLIENT_ID: 'a' },
      ...{ OLD_TENANT_CLIENT_SECRET: 'b', OLD_TENANT_CONNECTION: 'c' },
    }),
  ).toMatchObject({
    audience: 'https://old.eu.auth0.com/api/v2/',
    tokenUrl: 'https://old.eu.auth0.com/oauth/token',
  })
})
