import fc from 'fast-check'
import type { LegacyUser } from '../../core/legacy-user.ts'
import type { PlainObject } from '../../core/plain-object.ts'

/** Names that somebody would have to fall for: forbidden, inherited, ours. */
const oddKeys = [
  ...['__proto__', 'constructor', 'prototype', 'a.b', '$set', 'legacy_migration', 'email'],
  ...['metadata', 'user_id', 'toString', 'hasOwnProperty', 'valueOf', '', '0'],
]

const key = fc.oneof(
  fc.constantFrom('plan', 'a', 'b'),
  fc.constantFrom(...oddKeys),
  fc.string({ maxLength: 5, unit: 'binary' }),
)

interface Json {
  value: unknown
  object: PlainObject
}

const json = fc.letrec<Json>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.string({ maxLength: 8, unit: 'binary' }), fc.double(), fc.boolean()),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  // `fromEntries` makes a key `__proto__` an own one, as JSON.parse does.
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 6 })
    .map((entries) => Object.fromEntries(entries) as PlainObject),
}))

/** Whatever a JSON text may hold, with keys that mean harm. */
export const jsonValue = json.value
export const jsonObject = json.object

/** An object nested `levels` deep, as a hostile body would bring it. */
export function nested(levels: number): PlainObject {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
}

export const rule = {
  connection: 'legacy-users',
  idPrefix: 'legacy-users|',
  backfill: { since: '2026-11-21' },
} as const

/** 2026-12-01T00:00:00.000Z, in milliseconds. */
export const now = Date.UTC(2026, 11, 1)
/** The same, as a stamp tells it. */
export const at = new Date(now).toISOString()

/** A legacy user as the contract has one. */
export function legacyUser(overrides: PlainObject = {}): LegacyUser {
  return {
    legacy_id: '1042',
    email: 'ada@example.com',
    email_verified: true,
    app_metadata: { plan: 'gold' },
    user_metadata: { locale: 'cy' },
    migrated_at: null,
    ...overrides,
  }
}

/** A user of the migrating connection, as an event has one. */
export function loginUser(overrides: PlainObject = {}) {
  return {
    user_id: 'auth0|legacy-users|1042',
    created_at: '2026-11-25T10:00:00.000Z',
    app_metadata: {} as PlainObject,
    user_metadata: {} as PlainObject,
    identities: [
      { connection: 'legacy-users', provider: 'auth0', user_id: 'legacy-users|1042' } as const,
    ],
    ...overrides,
  }
}
