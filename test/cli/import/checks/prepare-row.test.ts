import { expect, test } from 'vitest'
import { prepareRow } from '../../../../cli/import/mapping/job-user.ts'
import type { RowRules } from '../../../../cli/import/mapping/row-rules.ts'
import { toAuth0Profile } from '../../../../core/auth0-profile.ts'
import type { LegacyUser } from '../../../../core/legacy-user.ts'
import { bcryptHash, legacyRow, rowRules } from './rows.ts'

function prepared(row: unknown, rules: Partial<RowRules> = {}) {
  return prepareRow(typeof row === 'string' ? row : JSON.stringify(row), rowRules(rules))
}

function userOf(row: unknown, rules: Partial<RowRules> = {}): Record<string, unknown> {
  const result = prepared(row, rules)
  if (result.type !== 'user') throw new Error(JSON.stringify(result))
  return JSON.parse(result.user.json) as Record<string, unknown>
}

test('prepareRow: makes the profile that login makes, stamp included, and the hash with it', () => {
  const row = legacyRow({
    ...{ username: 'José', name: 'José M.', phone_number: '+4912345', phone_verified: true },
    mfa_factors: [{ totp: { secret: 'JBTWY3DPEHPK3PNP' } }],
  })
  const { profile, at } = rowRules()
  const login = toAuth0Profile(row as unknown as LegacyUser, profile, at)
  expect(userOf(row)).toEqual({
    ...(login.type === 'profile' ? login.profile : {}),
    password_hash: bcryptHash,
  })
  expect(userOf(row)).toMatchObject({
    user_id: 'legacy|1042',
    email: 'josé.müller@example.com',
    app_metadata: { plan: 'gold', legacy_migration: { legacy_id: '1042', backfill: 'arrived' } },
  })
})

test('prepareRow: a row with nothing but id, address and hash is a user', () => {
  const { legacy_id, email, password_hash } = legacyRow()
  expect(userOf({ legacy_id, email, password_hash, name: null, mfa_factors: null })).toMatchObject({
    email_verified: false,
    user_metadata: {},
  })
})

test('prepareRow: whoever is blocked arrives blocked, so that the address is not free', () => {
  expect(userOf(legacyRow({ blocked: true }))).toMatchObject({ blocked: true })
  expect(userOf(legacyRow({ blocked: false }))).not.toHaveProperty('blocked')
})

test('prepareRow: whoever is marked in the legacy store is not sent', () => {
  const row = legacyRow({ migrated_at: '2026-01-01T00:00:00Z' })
  expect(prepared(row)).toEqual({ type: 'migrated' })
})

test('prepareRow: the stamp of the legacy side is no metadata, and no loss', () => {
  const row = legacyRow({ app_metadata: { legacy_migration: { mark: 'marked' } } })
  expect(userOf(row)).toMatchObject({ app_metadata: { legacy_migration: { legacy_id: '1042' } } })
})

const large = legacyRow({ user_metadata: { text: 'é'.repeat(5_000) } })

test('prepareRow: what login would leave behind is left behind where the operator says so', () => {
  expect(userOf(large, { dropLargeMetadata: true })).toMatchObject({
    app_metadata: { legacy_migration: { backfill: 'too-large' } },
    user_metadata: {},
  })
  const forbidden = legacyRow({ app_metadata: { plan: 'gold', blocked: true, 'a.b': { $c: 1 } } })
  const dropped = userOf(forbidden, { dropForbiddenKeys: true })
  expect(Object.keys(dropped.app_metadata as object)).toEqual(['plan', 'legacy_migration'])
  const bare = legacyRow({ password_hash: undefined })
  expect(userOf(bare, { withoutPasswords: true })).not.toHaveProperty('password_hash')
})

test('prepareRow: a profile is sent up to 9,000 bytes, its hash not counted, and not one byte more', () => {
  const bare = { withoutPasswords: true }
  const rowOf = (text: string, more: object = {}) =>
    legacyRow({ password_hash: undefined, user_metadata: { text }, ...more })
  const empty = Buffer.byteLength(JSON.stringify(userOf(rowOf(''), bare)))
  for (const letter of ['x', 'é', '漢']) {
    const letters = letter.repeat(Math.floor((9_000 - empty) / Buffer.byteLength(letter)))
    const text = letters + 'x'.repeat(9_000 - empty - Buffer.byteLength(letters))
    expect(Buffer.byteLength(JSON.stringify(userOf(rowOf(text), bare)))).toBe(9_000)
    expect(prepared(rowOf(text, { password_hash: bcryptHash }))).toMatchObject({ type: 'user' })
    expect(prepared(rowOf(`${text}x`), bare)).toMatchObject({
      fault: {
        reason: 'profile_too_large',
        message: 'would be a profile over 9,000 bytes, which with what Auth0 adds are its 10 KB',
      },
    })
  }
})

for (const [reason, row, why] of [
  ['row_not_json', '{"legacy_id":', 'half a row'],
  ['row_not_an_object', '[1]', 'a list'],
  ['row_not_an_object', 'null', 'null'],
  ['legacy_id_invalid', legacyRow({ legacy_id: 1042 }), 'an id that is a number'],
  ['legacy_id_invalid', legacyRow({ legacy_id: '' }), 'an empty id'],
  ['legacy_id_invalid', legacyRow({ legacy_id: '..' }), 'an id that no URL carries'],
  ['email_invalid', legacyRow({ email: undefined }), 'no address'],
  ['email_invalid', legacyRow({ email: 'a b@example.com' }), 'an address with a space'],
  ['email_invalid', legacyRow({ email: 'a..b@example.com' }), 'an address with two dots'],
  ['email_invalid', legacyRow({ email: 'a@-example.com' }), 'an address at no host'],
  ['email_invalid', legacyRow({ email: `${'a'.repeat(250)}@example.com` }), 'an address too long'],
  ['email_verified_invalid', legacyRow({ email_verified: 'true' }), 'text for a truth'],
  ['phone_verified_invalid', legacyRow({ phone_verified: 1 }), 'a number for a truth'],
  ['blocked_invalid', legacyRow({ blocked: 'false' }), 'a block that is text'],
  ['phone_number_invalid', legacyRow({ phone_number: '0301234' }), 'a phone without a country'],
  ['phone_number_invalid', legacyRow({ phone_number: `+1${'2'.repeat(15)}` }), 'a phone too long'],
  ['username_invalid', legacyRow({ username: 7 }), 'a username that is a number'],
  ['text_invalid', legacyRow({ nickname: {} }), 'a nickname that is an object'],
  ['app_metadata_invalid', legacyRow({ app_metadata: [] }), 'app_metadata that are a list'],
  ['user_metadata_invalid', legacyRow({ user_metadata: 'x' }), 'user_metadata that are text'],
  ['metadata_key_forbidden', legacyRow({ app_metadata: { email: 'x' } }), 'a key of the profile'],
  ['metadata_key_forbidden', legacyRow({ user_metadata: { a: { 'b.c': 1 } } }), 'a dot, deep down'],
  ['metadata_key_forbidden', legacyRow({ user_metadata: { a: [{ $b: 1 }] } }), 'a $ in a list'],
  ['profile_too_large', large, 'a profile over 9,000 bytes'],
  ['mfa_factors_invalid', legacyRow({ mfa_factors: {} }), 'factors that are no list'],
  ['mfa_factors_invalid', legacyRow({ mfa_factors: [{ totp: { secret: 'a1' } }] }), 'no Base32'],
  [
    'mfa_factors_invalid',
    legacyRow({ mfa_factors: [{ phone: { value: '+1' }, email: { value: 'a@b.c' } }] }),
    'two in one',
  ],
  [
    'mfa_factors_invalid',
    legacyRow({ mfa_factors: [{ email: { value: 'a@b.c', name: 'x' } }] }),
    'a member more',
  ],
  [
    'mfa_factors_invalid',
    legacyRow({ mfa_factors: Array.from({ length: 11 }, () => ({ phone: { value: '+12' } })) }),
    'eleven factors',
  ],
  ['mfa_not_portable', legacyRow({ mfa_required: true }), 'a second factor that stays behind'],
  ['migrated_at_invalid', legacyRow({ migrated_at: 'yesterday' }), 'a mark without a date'],
  ['password_hash_missing', legacyRow({ password_hash: undefined }), 'no hash'],
  [
    'password_hash_invalid',
    legacyRow({ password_hash: bcryptHash.replace('$10$', '$12$') }),
    '12 rounds',
  ],
  ['password_hash_invalid', legacyRow({ password_hash: bcryptHash.replace('2b', '2y') }), '$2y$'],
  ['two_password_hashes', legacyRow({ custom_password_hash: { algorithm: 'md5' } }), 'two hashes'],
  [
    'custom_password_hash_invalid',
    legacyRow({ password_hash: null, custom_password_hash: { algorithm: 'crc32' } }),
    'crc32',
  ],
] as const) {
  test(`prepareRow: ${reason} for ${why}, and not a value of the row in the message`, () => {
    const result = prepared(row)
    expect(result).toMatchObject({ type: 'dead', fault: { reason } })
    const message = result.type === 'dead' ? result.fault.message : ''
    for (const value of [bcryptHash, 'Example.com', 'example.com', 'é']) {
      expect(message).not.toContain(value)
    }
  })
}

test('prepareRow: a username is asked for where the connection requires one', () => {
  const profile = { ...rowRules().profile, requiresUsername: true }
  expect(prepared(legacyRow(), { profile })).toMatchObject({
    fault: { reason: 'username_invalid' },
  })
  expect(userOf(legacyRow({ username: 'Ana' }), { profile })).toMatchObject({ username: 'ana' })
})

test('prepareRow: an export keeps its ids, without auth0|, and its stamps', () => {
  const stamp = { legacy_id: '7', backfill: 'filled', mark: 'marked' }
  const exported = { email: 'a@b.example', password_hash: bcryptHash }
  const legacy = { ...exported, user_id: 'auth0|legacy|7' }
  const format = 'auth0-export'
  expect(userOf(legacy, { format })).toMatchObject({
    user_id: 'legacy|7',
    app_metadata: { legacy_migration: { legacy_id: '7', backfill: 'arrived' } },
  })
  const stamped = { ...legacy, app_metadata: { legacy_migration: stamp } }
  expect(userOf(stamped, { format })).toMatchObject({ app_metadata: { legacy_migration: stamp } })
  const signedUp = { ...exported, user_id: 'auth0|63f8', app_metadata: { plan: 'gold' } }
  expect(userOf(signedUp, { format })).toMatchObject({ user_id: '63f8' })
  expect(userOf(signedUp, { format }).app_metadata).toEqual({ plan: 'gold' })
  const social = { ...exported, user_id: 'google-oauth2|1' }
  expect(prepared(social, { format })).toMatchObject({ fault: { reason: 'not_a_database_user' } })
})

test('prepareRow: a row of the legacy API is of the contract, or is not used at all', () => {
  const format = 'legacy-api'
  expect(userOf(legacyRow(), { format })).toMatchObject({ user_id: 'legacy|1042' })
  for (const member of ['email_verified', 'app_metadata', 'user_metadata']) {
    const row = legacyRow({ [member]: undefined })
    expect(prepared(row, { format })).toMatchObject({ fault: { reason: 'contract_broken' } })
  }
})
