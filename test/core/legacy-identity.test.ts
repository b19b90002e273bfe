import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  findLegacyIdentity,
  isLegacyId,
  type LoginIdentity,
  type LoginUser,
} from '../../core/legacy-identity.ts'
import { jsonValue, rule } from './arbitraries.ts'

const identity = (user_id: unknown, connection = 'legacy-users', provider = 'auth0') => ({
  user_id,
  connection,
  provider,
})

const primary = (id: string): LoginUser => ({ user_id: `auth0|${id}`, identities: [identity(id)] })

const found: [why: string, user: LoginUser, legacyId: string | null][] = [
  ['a legacy user', primary('legacy-users|1042'), '1042'],
  ['an id with a bar in it', primary('legacy-users|a|b'), 'a|b'],
  ['who signed up', primary('65f0c2a1b3'), null],
  ['a prefix and nothing else', primary('legacy-users|'), null],
  ['an id that vanishes from a URL', primary('legacy-users|..'), null],
  ['another connection', { identities: [identity('legacy-users|1', 'staff')] }, null],
  ['no database', { identities: [identity('legacy-users|1', 'legacy-users', 'google')] }, null],
  ['no identities', {}, null],
]

for (const [why, user, legacyId] of found) {
  test(`findLegacyIdentity: ${why}: ${legacyId}`, () => {
    expect(findLegacyIdentity(user, rule)?.legacyId ?? null).toBe(legacyId)
  })
}

test('findLegacyIdentity: a linked account is found, and is not the primary', () => {
  const identities: LoginIdentity[] = [
    identity('10', 'google-oauth2', 'google-oauth2'),
    identity('legacy-users|7'),
  ]
  expect(findLegacyIdentity({ user_id: 'google-oauth2|10', identities }, rule)).toEqual({
    legacyId: '7',
    primary: false,
  })
  expect(findLegacyIdentity(primary('legacy-users|7'), rule)?.primary).toBe(true)
})

test('findLegacyIdentity: of the accepted prefixes the longest that fits is taken off', () => {
  const wider = { ...rule, acceptedPrefixes: ['', 'legacy-users|old|'] }
  const legacyIdOf = (id: string) => findLegacyIdentity(primary(id), wider)?.legacyId
  expect(['7', 'legacy-users|7', 'legacy-users|old|7'].map(legacyIdOf)).toEqual(['7', '7', '7'])
})

test('findLegacyIdentity: identities of any shape are survived', () => {
  fc.assert(
    fc.property(jsonValue, (identities) => {
      const user = { identities } as unknown as LoginUser
      expect(findLegacyIdentity(user, rule)).toBe(null)
    }),
  )
})

test('isLegacyId: whatever passes stands in a path as one segment, and comes back as it was', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('.', '..', ''),
  )
  fc.assert(
    fc.property(text, (id) => {
      if (!isLegacyId(id)) return
      const { pathname } = new URL(
        `https://legacy.example/v1/users/${encodeURIComponent(id)}/migration`,
      )
      const [, , , segment = '', last, ...more] = pathname.split('/')
      expect([decodeURIComponent(segment), last, more]).toEqual([id, 'migration', []])
    }),
    { examples: [['%2e%2e'], ['a/b'], ['\u0000'], ['é😀']] },
  )
})

for (const id of ['', '.', '..', 'a'.repeat(256), '\ud800', 7, null]) {
  test(`isLegacyId: ${JSON.stringify(id)?.slice(0, 12)} is none`, () => {
    expect(isLegacyId(id)).toBe(false)
  })
}
