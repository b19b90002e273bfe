import { expect, test } from 'vitest'
import { compareScripts } from '../../../../cli/doctor/source/compare-scripts.ts'
import { getUser, login } from './fixtures/fixture.ts'

const idsOf = (one: string, other: string) =>
  compareScripts(
    { code: one, place: { file: 'login.js' } },
    { code: other, place: { file: 'get_user.js' } },
  ).map((outcome) =>
    outcome.type === 'finding'
      ? `${outcome.kind.id}: ${outcome.what}`
      : `not checked: ${outcome.id}`,
  )

const withId = (user_id: string) =>
  `{ user_id: ${user_id}, email: row.email, email_verified: row.verified }`

test('compareScripts: says nothing of two scripts that return the same', () => {
  expect(idsOf(login(), getUser())).toEqual([])
})

for (const [why, one, other] of [
  ['a template and a sum', `\`store|\${row.id}\``, `'store|' + row.id`],
  ['a number that is made a text', 'row.id', 'row.id.toString()'],
  ['a constant and a literal', `'store' + '|' + row.id`, `\`store|\${String(row.id)}\``],
] as const) {
  test(`compareScripts: takes ${why} for the same id`, () => {
    expect(idsOf(login({ profile: withId(one) }), getUser({ profile: withId(other) }))).toEqual([])
  })
}

for (const [why, one, other] of [
  ['another prefix', `\`store|\${row.id}\``, `\`users|\${row.id}\``],
  ['no prefix', `\`store|\${row.id}\``, 'row.id'],
  ['another column', 'row.id', 'row.uuid'],
  ['a part that is taken off', `row.user_id.replace('auth0|', '')`, 'row.user_id'],
] as const) {
  test(`compareScripts: finds ids that differ by ${why}`, () => {
    expect(idsOf(login({ profile: withId(one) }), getUser({ profile: withId(other) }))).toEqual([
      'user-ids-differ: user_id is made in another way than by login.',
    ])
  })
}

test('compareScripts: names the fields that only one of them returns, and no value', () => {
  const more = `{ user_id: row.id, email: row.email, email_verified: row.verified, app_metadata: row.rights }`
  const other = `{ user_id: row.id, email: row.email, email_verified: row.verified, nickname: row.nick }`
  expect(idsOf(login({ profile: more }), getUser({ profile: other }))).toEqual([
    'profiles-differ: Only login returns app_metadata; only get_user returns nickname.',
  ])
})

test('compareScripts: finds a field that is a constant in one of them alone', () => {
  const verified = (value: string) =>
    `{ user_id: row.id, email: row.email, email_verified: ${value} }`
  const said =
    'profiles-differ: email_verified: a constant in one of the two, and something else in the other.'
  const pair = (one: string, other: string) =>
    idsOf(login({ profile: verified(one) }), getUser({ profile: verified(other) }))
  expect(pair('row.verified', 'true')).toEqual([said])
  expect(pair('false', 'true')).toEqual([said])
  expect(pair('true', 'true')).toEqual([])
  expect(pair('row.verified || false', 'row.verified')).toEqual([])
})

test('compareScripts: finds a mark that only get_user looks at', () => {
  const looks = getUser({ before: `const text = 'select * from users where migrated_at is null';` })
  expect(idsOf(login(), looks)).toEqual(['mark-in-one-script: login does not look at the mark.'])
  expect(idsOf(login({ before: `const text = 'where migrated_at is null';` }), looks)).toEqual([])
})

test('compareScripts: does not compare what it cannot see, and says so', () => {
  expect(idsOf(login({ profile: 'toProfile(row)' }), getUser())).toEqual([
    'not checked: profiles-differ',
  ])
  const made = '{ user_id: make(row), ...rest(row) }'
  expect(idsOf(login({ profile: made }), getUser())).toEqual([
    'not checked: user-ids-differ',
    'not checked: profiles-differ',
  ])
})

test('compareScripts: leaves scripts that do nothing alone', () => {
  const nothing = 'function login(email, password, callback) { callback(null, null) }'
  expect(idsOf(nothing, getUser())).toEqual([])
})
