import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitsAuth0, type ProfileRule, toAuth0Profile } from '../../core/auth0-profile.ts'
import { isLegacyUser, type LegacyUser } from '../../core/legacy-user.ts'
import type { PlainObject } from '../../core/plain-object.ts'
import { at, jsonValue, legacyUser, rule } from './arbitraries.ts'

function profileOf(user: LegacyUser, asked: ProfileRule = rule): PlainObject {
  const result = toAuth0Profile(user, asked, at)
  if (result.type !== 'profile') throw new Error(result.code)
  return result.profile
}

const codeOf = (user: LegacyUser, asked: ProfileRule = rule) => {
  const result = toAuth0Profile(user, asked, at)
  return result.type === 'profile' ? 'profile' : result.code
}

const arrived = {
  legacy_id: '1042',
  backfilled_at: '2026-12-01T00:00:00.000Z',
  backfill: 'arrived',
}

test('toAuth0Profile: hands over who, both metadata, and the stamp that says they arrived', () => {
  expect(toAuth0Profile(legacyUser(), rule, at)).toEqual({
    type: 'profile',
    profile: {
      user_id: 'legacy-users|1042',
      email: 'ada@example.com',
      email_verified: true,
      app_metadata: { plan: 'gold', legacy_migration: arrived },
      user_metadata: { locale: 'cy' },
    },
  })
})

test('toAuth0Profile: carries every member of the contract that Auth0 has, and no other', () => {
  const texts = {
    phone_number: '+4412345678',
    name: 'Ada L',
    given_name: 'Ada',
    family_name: 'L',
    nickname: 'ada',
    picture: 'https://img.example/a.png',
  }
  const user = legacyUser({
    ...texts,
    username: 'ADA',
    phone_verified: false,
    password: 'x',
    sub: 'y',
  })
  const { app_metadata: _, user_metadata: __, ...members } = profileOf(user)
  expect(members).toEqual({
    user_id: 'legacy-users|1042',
    email: 'ada@example.com',
    email_verified: true,
    ...texts,
    username: 'ada',
    phone_verified: false,
  })
})

test('toAuth0Profile: lower-cases address and username as Unicode does, in no language', () => {
  const user = legacyUser({ email: 'IDA@EXAMPLE.COM', username: 'İIß' })
  expect(profileOf(user)).toMatchObject({ email: 'ida@example.com', username: 'i̇iß' })
})

test('toAuth0Profile: a stamp of the legacy side is dropped', () => {
  const user = legacyUser({ app_metadata: { legacy_migration: { mark: 'marked' } } })
  expect(profileOf(user).app_metadata).toEqual({ legacy_migration: arrived })
})

const refused: [why: string, user: PlainObject, asked: Partial<ProfileRule>, code: string][] = [
  ['a blocked user', { blocked: true }, {}, 'legacy_user_blocked'],
  ['a blocked user without an address', { blocked: true, email: '' }, {}, 'legacy_user_blocked'],
  ['no address', { email: undefined }, {}, 'legacy_user_unusable'],
  ['an address of a space', { email: 'a b@example.com' }, {}, 'legacy_user_unusable'],
  ['an address with two @', { email: 'a@b@example.com' }, {}, 'legacy_user_unusable'],
  ['half an address', { email: '@example.com' }, {}, 'legacy_user_unusable'],
  ['an address with a line break', { email: 'a@example.com\n' }, {}, 'legacy_user_unusable'],
  ['too long an address', { email: `${'a'.repeat(250)}@b.cd` }, {}, 'legacy_user_unusable'],
  ['no username where one is asked for', {}, { requiresUsername: true }, 'legacy_user_unusable'],
  ['an empty username there', { username: '' }, { requiresUsername: true }, 'legacy_user_unusable'],
  ['an id that no URL carries', { legacy_id: '..' }, {}, 'legacy_user_unusable'],
  ['an empty id', { legacy_id: '' }, {}, 'legacy_user_unusable'],
  ['MFA without a factor', { mfa_required: true }, {}, 'legacy_user_needs_mfa'],
  [
    'MFA with a factor that cannot be carried over',
    {
      mfa_required: true,
      mfa_factors: [{ u2f: {} }, { totp: { secret: 'lower' } }, { totp: 'A' }],
    },
    {},
    'legacy_user_needs_mfa',
  ],
]

for (const [why, user, asked, code] of refused) {
  test(`toAuth0Profile: refuses ${why}: ${code}`, () => {
    expect(codeOf(legacyUser(user), { ...rule, ...asked })).toBe(code)
  })
}

test('toAuth0Profile: MFA that stays behind is a matter of the config', () => {
  expect(codeOf(legacyUser({ mfa_required: true }), { ...rule, allowMissingMfa: true })).toBe(
    'profile',
  )
})

test('toAuth0Profile: carries at most ten factors, and of each what Auth0 takes', () => {
  const phone = { phone: { value: '+4412345678' } }
  const factors = [
    { totp: { secret: 'ABCDEFGH234567', extra: 'x', __proto__: null } },
    { phone: { value: '12' } },
    { phone: { value: '+1' }, email: { value: 'a@b.cd' } },
    { email: { value: 'a@b.cd' } },
    ...new Array(12).fill(phone),
  ]
  const { mfa_factors } = profileOf(legacyUser({ mfa_required: true, mfa_factors: factors }))
  expect(mfa_factors).toEqual([
    { totp: { secret: 'ABCDEFGH234567' } },
    { email: { value: 'a@b.cd' } },
    ...new Array(8).fill(phone),
  ])
})

test('toAuth0Profile: metadata over 10 KB stay behind, and the stamp and a warning say so', () => {
  const result = toAuth0Profile(legacyUser({ user_metadata: { a: 'x'.repeat(10_000) } }), rule, at)
  expect(result).toEqual({
    type: 'profile',
    profile: {
      user_id: 'legacy-users|1042',
      email: 'ada@example.com',
      email_verified: true,
      app_metadata: { legacy_migration: { ...arrived, backfill: 'too-large' } },
      user_metadata: {},
    },
    warning: 'profile_too_large',
  })
})

test('toAuth0Profile: a picture over 10 KB stays behind alone, with a warning', () => {
  const user = legacyUser({ picture: `data:image/png;base64,${'A'.repeat(40_000)}`, name: 'Ada' })
  const result = toAuth0Profile(user, rule, at)
  expect(result).toMatchObject({
    warning: 'profile_too_large',
    profile: {
      app_metadata: { plan: 'gold', legacy_migration: arrived },
      user_metadata: { locale: 'cy' },
    },
  })
  expect(result.type === 'profile' && 'picture' in result.profile).toBe(false)
})

/** What Auth0 keeps of a profile that is handed over, after the first logins: its own members, and the mark. */
function kept({ user_id, app_metadata, ...profile }: PlainObject): PlainObject {
  const email = String(profile.email)
  const avatar = 'https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fad.png'
  const { legacy_migration: stamp, ...metadata } = Object(app_metadata)
  return {
    ...{ created_at: at, updated_at: at, last_login: at, last_password_reset: at },
    ...{ last_ip: '2001:db8:85a3:8d3:1319:8a2e:370:7348', logins_count: 10_000 },
    ...{ name: email, nickname: email },
    picture: `https://s.gravatar.com/avatar/${'0'.repeat(32)}?s=480&r=pg&d=${avatar}`,
    ...profile,
    user_id: `auth0|${user_id}`,
    identities: [{ connection: 'legacy-users', provider: 'auth0', user_id, isSocial: false }],
    app_metadata: { ...metadata, legacy_migration: { ...stamp, marked_at: at, mark: 'not-found' } },
  }
}

test('toAuth0Profile: a profile that fits still does with what Auth0 and the mark add to it', () => {
  const sizes = { whole: 0, largest: 0 }
  for (let length = 8_000; length < 10_000; length += 7) {
    const user_metadata = { text: 'x'.repeat(length) }
    const profile = profileOf(legacyUser({ email: `${'a'.repeat(64)}@example.com`, user_metadata }))
    const bytes = Buffer.byteLength(JSON.stringify(kept(profile)))
    sizes.largest = Math.max(sizes.largest, bytes)
    if ('text' in Object(profile.user_metadata)) sizes.whole += 1
  }
  expect(sizes.whole).toBeGreaterThan(50)
  expect(sizes.largest).toBeLessThanOrEqual(10_000)
})

test('toAuth0Profile: whatever user the API sends, a profile fits Auth0 and is the same each time', () => {
  const members = [
    ...['username', 'phone_number', 'phone_verified', 'name', 'picture', 'blocked', 'mfa_factors'],
    ...['mfa_required', 'app_metadata', 'user_metadata', 'email', 'legacy_id'],
  ]
  const long = fc.integer({ min: 1, max: 30_000 }).map((length) => 'é'.repeat(length))
  const odd = fc.dictionary(fc.constantFrom(...members), fc.oneof(jsonValue, long))
  fc.assert(
    fc.property(odd, (overrides) => {
      const user = legacyUser(overrides)
      if (!isLegacyUser(user)) return
      const result = toAuth0Profile(user, rule, at)
      expect(toAuth0Profile(JSON.parse(JSON.stringify(user)), rule, at)).toEqual(result)
      if (result.type === 'profile') expect(fitsAuth0(result.profile)).toBe(true)
    }),
  )
})
