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
}

/**
 * Checks what every reader of an answer relies on. An answer is used whole or not at all: metadata of
 * a wrong type would otherwise look like metadata that the user does not have.
 */
export function isLegacyUser(value: unknown): value is LegacyUser {
  if (!isPlainObject(value)) return false
  return (
    typeof value.legacy_id === 'string' &&
    typeof value.email_verified === 'boolean' &&
    isPlainObject(value.app_metadata) &&
    isPlainObject(value.user_metadata) &&
    (value.migrated_at === null || typeof value.migrated_at === 'string')
  )
}
