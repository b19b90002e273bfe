import { isPlainObject, type PlainObject } from './plain-object.ts'

/** A user as the legacy API sends one (`LegacyUser` of the contract), its required members checked. */
export interface LegacyUser extends PlainObject {
  readonly legacy_id: string
  readonly email: unknown
  readonly email_verified: boolean
  readonly app_metadata: PlainObject
  readonly user_metadata: PlainObject
  /** ISO 8601, null while the user has not migrated. */
  readonly migrated_at: string | null
  /** Of an old tenant alone: its metadata were more than an ID token takes, and are not among these. */
  readonly metadata_left_behind?: boolean
}

/**
 * Checks what every reader of an answer relies on. An answer is used whole or not at all: metadata of
 * a wrong type would otherwise look like metadata that the user does not have, and a block or a second
 * factor of a wrong type like none.
 */
export function isLegacyUser(value: unknown): value is LegacyUser {
  return (
    isPlainObject(value) &&
    typeof value.legacy_id === 'string' &&
    typeof value.email_verified === 'boolean' &&
    isPlainObject(value.app_metadata) &&
    isPlainObject(value.user_metadata) &&
    (value.migrated_at === null || isInstant(value.migrated_at)) &&
    isFlag(value.blocked) &&
    isFlag(value.mfa_required) &&
    Array.isArray(value.mfa_factors ?? [])
  )
}

/**
 * `blocked: "true"` is not for us to read: taken for no block, it would let a blocked user in. Many a
 * serializer writes null for a member that is not there.
 */
function isFlag(value: unknown): boolean {
  return typeof (value ?? false) === 'boolean'
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}
