import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { deepMerge } from '../../actions-testing/deep-merge.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'

test('createPostLoginEvent: the same seed gives the same event, and another seed another', () => {
  assert(
    property(integer(), integer(), (left, right) => {
      const [one, two] = [
        createPostLoginEvent({}, { seed: left }),
        createPostLoginEvent({}, { seed: right }),
      ]
      expect(createPostLoginEvent({}, { seed: left })).toEqual(one)
      if (left >>> 0 !== right >>> 0) expect(two).not.toEqual(one)
    }),
  )
})

test('createPostLoginEvent: whatever the seed, it is JSON, a database user, and of one piece', () => {
  assert(
    property(integer(), (seed) => {
      const event = createPostLoginEvent({}, { seed })
      expect(JSON.parse(JSON.stringify(event))).toEqual(event)
      expect(event.connection).toMatchObject({ name: 'legacy-users', strategy: 'auth0' })
      expect(event.user.user_id).toMatch(/^auth0\|legacy-users\|\d+$/)
      expect(event.user.identities).toEqual([
        {
          connection: 'legacy-users',
          isSocial: false,
          provider: 'auth0',
          user_id: event.user.user_id.slice(6),
        },
      ])
      expect(event.request.query.client_id).toBe(event.client.client_id)
      expect(event.request.geoip.timeZone?.startsWith('Asia/')).toBe(
        event.request.geoip.continentCode === 'AS',
      )
      expect(Date.parse(event.user.created_at)).toBeLessThan(Date.parse(event.user.updated_at))
    }),
  )
})

test('createPostLoginEvent: overrides reach any depth, undefined takes out, arrays are whole', () => {
  const event = createPostLoginEvent({
    user: { app_metadata: { plan: { name: 'gold' } }, email: undefined },
    transaction: { prompt: ['none'], state: undefined },
    resource_server: { identifier: 'https://api.example' },
    session: undefined,
  })
  expect(event.user.app_metadata).toEqual({ plan: { name: 'gold' } })
  expect('email' in event.user).toBe(false)
  expect(event.user.name).toBe(createPostLoginEvent().user.name)
  expect(event.transaction).toMatchObject({ prompt: ['none'], protocol: 'oidc-basic-profile' })
  expect(event.transaction).not.toHaveProperty('state')
  expect(event).not.toHaveProperty('session')
  expect(event.resource_server).toEqual({ identifier: 'https://api.example' })
})

test('createPostLoginEvent: the identity follows user_id and connection, unless it is given', () => {
  const social = createPostLoginEvent({
    user: { user_id: 'google-oauth2|1|2' },
    connection: { name: 'google' },
  })
  expect(social.user.identities).toEqual([
    { connection: 'google', isSocial: false, provider: 'google-oauth2', user_id: '1|2' },
  ])
  expect(createPostLoginEvent({ user: { identities: [] } }).user.identities).toEqual([])
})

test('createPostLoginEvent: no clock; now is an argument', () => {
  const event = createPostLoginEvent({}, { now: Date.UTC(2030, 1, 1) })
  expect(event.user.updated_at).toBe('2030-02-01T00:00:00.000Z')
  expect(createPostLoginEvent().user.updated_at).toBe('2026-01-15T09:30:00.000Z')
})

test('createPostLoginEvent: two events share nothing, and overrides are copied', () => {
  const metadata = { nested: { a: 1 } }
  const event = createPostLoginEvent({ user: { app_metadata: metadata } })
  Object.assign(event.user.app_metadata.nested as object, { a: 2 })
  Object.assign(event.request.query, { scope: 'changed' })
  expect(metadata.nested.a).toBe(1)
  expect(createPostLoginEvent().request.query.scope).toBe('openid profile email')
})

test('deepMerge: shares no member with what it merged, nor has a prototype set by a key', () => {
  const base = { kept: { a: 1 }, both: { b: 1, c: 1 } }
  const overrides = { both: { b: 2 }, list: [{ d: 1 }], ...JSON.parse('{"__proto__": { "e": 1 }}') }
  const merged = deepMerge<Record<string, unknown>>(base, overrides)
  expect(merged).toMatchObject({ kept: { a: 1 }, both: { b: 2, c: 1 }, list: [{ d: 1 }] })
  expect(merged.kept).not.toBe(base.kept)
  expect(merged.list).not.toBe(overrides.list)
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
})
