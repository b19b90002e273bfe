import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Connection, JsonObject } from '../../../../servers/tenant/state.ts'
import { checkImportedProfile } from '../../../../servers/tenant/users/imported-profile.ts'
import { mergeMetadata, metadataProblem } from '../../../../servers/tenant/users/metadata.ts'

const connection: Connection = {
  id: 'con_x',
  name: 'x',
  strategy: 'auth0',
  options: {},
  enabled_clients: [],
}
const good = { user_id: '1', email: 'A@Example.com' }

test('checkImportedProfile: whatever a script hands over, it is taken whole or refused by a sentence', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), (more) => {
      const check = checkImportedProfile(connection, { ...more, ...good })
      if (check.type === 'refused') return check.message.endsWith('.')
      const { profile } = check
      return profile.userId === '1' && profile.email === 'a@example.com'
    }),
  )
})

const refused: readonly [
  why: string,
  change: Readonly<Record<string, unknown>>,
  message: string,
][] = [
  ['no user_id', { user_id: undefined }, 'The profile has no user_id.'],
  ['an empty user_id', { user_id: '' }, 'The profile has no user_id.'],
  ['no email', { email: undefined }, 'The profile has no valid email.'],
  ['an email of spaces', { email: 'a b@c.d' }, 'The profile has no valid email.'],
  [
    'email_verified as text',
    { email_verified: 'true' },
    'email_verified of the profile is not a boolean.',
  ],
  ['a name that is a number', { name: 7 }, 'name of the profile is not a string.'],
  ['factors that are no list', { mfa_factors: {} }, 'mfa_factors of the profile is not an array.'],
  [
    'app_metadata null',
    { app_metadata: null },
    'The profile is refused: app_metadata must be an object.',
  ],
  [
    'metadata called metadata',
    { app_metadata: { metadata: {} } },
    'The profile is refused: app_metadata may not have a property named metadata.',
  ],
  [
    'metadata that JSON could hardly hold',
    { app_metadata: { a: JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) } },
    'app_metadata of the profile is nested too deep.',
  ],
  [
    'a key with a dot',
    { user_metadata: { deep: { 'a.b': 1 } } },
    'The profile is refused: user_metadata has a key with a dot or a dollar sign: a.b.',
  ],
]
for (const [why, change, message] of refused) {
  test(`checkImportedProfile: refuses ${why}`, () => {
    expect(checkImportedProfile(connection, { ...good, ...change })).toEqual({
      type: 'refused',
      message,
    })
  })
}

test('checkImportedProfile: members that every object has are unknown, as others are', () => {
  const names = ['constructor', 'hasOwnProperty', 'toString', 'valueOf']
  const more = Object.fromEntries(names.map((name) => [name, 'x']))
  const check = checkImportedProfile(connection, { ...good, ...more, name: 'A' })
  expect(check).toMatchObject({ type: 'good', profile: { root: { name: 'A' }, unknown: names } })
  expect(check.type === 'good' && Object.keys(check.profile.root)).toEqual(['name'])
})

test('checkImportedProfile: a username is asked for only where the connection requires one', () => {
  const requiring = { ...connection, options: { requires_username: true } }
  expect(checkImportedProfile(requiring, good).type).toBe('refused')
  expect(checkImportedProfile(requiring, { ...good, username: 'a' }).type).toBe('good')
  expect(checkImportedProfile(connection, good).type).toBe('good')
})

test('mergeMetadata: the result has the keys of both, less those that are null in the patch', () => {
  const keys = fc.constantFrom('a', 'b', 'c', 'd')
  const metadata = fc.dictionary(
    keys,
    fc.jsonValue().filter((value) => value !== null),
  )
  const patch = fc.dictionary(keys, fc.jsonValue(), { minKeys: 1 })
  fc.assert(
    fc.property(metadata, patch, (before, change) => {
      const after = mergeMetadata(before as JsonObject, change as JsonObject)
      for (const key of ['a', 'b', 'c', 'd']) {
        const expected = Object.hasOwn(change, key) ? change[key] : before[key]
        expect(after[key] ?? null).toEqual(expected ?? null)
        expect(Object.hasOwn(after, key)).toBe(expected !== null && expected !== undefined)
      }
    }),
  )
})

test('metadataProblem: finds a key with a dot or a dollar sign at any depth, and no other', () => {
  const { value: json } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.nat(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'a.b', '$c'), tie('value'), { maxKeys: 3 }),
    ),
  }))
  fc.assert(
    fc.property(json, (value) => {
      const found = metadataProblem('user_metadata', { value } as JsonObject) !== null
      expect(found).toBe(/"(a\.b|\$c)":/.test(JSON.stringify(value)))
    }),
  )
})
