import type { Sql } from './database.ts'
import { isStorable } from './storable.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** What a user may have, by the contract's names; absent rather than null. */
export interface LegacyProfile {
  readonly username?: string
  readonly phone_number?: string
  readonly phone_verified?: boolean
  readonly name?: string
  readonly given_name?: string
  readonly family_name?: string
  readonly nickname?: string
  readonly picture?: string
  readonly blocked?: boolean
  readonly mfa_factors?: readonly JsonObject[]
  readonly mfa_required?: boolean
}

/** `LegacyUser` of the contract. */
export interface LegacyUser extends LegacyProfile {
  readonly legacy_id: string
  readonly email: string
  readonly email_verified: boolean
  readonly app_metadata: JsonObject
  readonly user_metadata: JsonObject
  /** RFC 3339, in UTC. */
  readonly migrated_at: string | null
}

const profileColumns = [
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'blocked',
  'mfa_factors',
  'mfa_required',
] as const satisfies readonly (keyof LegacyProfile)[]

const requiredColumns = [
  'legacy_id',
  'email',
  'email_verified',
  'app_metadata',
  'user_metadata',
  'migrated_at',
] as const

/** For a `select` over legacy_users; each is unambiguous in a join with legacy_identifiers as `u`. */
export const userColumns = [...requiredColumns, ...profileColumns].map((name) => `u.${name}`).join()

/** A row of {@link userColumns}. */
export type UserRow = Omit<LegacyUser, 'migrated_at' | keyof LegacyProfile> & {
  readonly migrated_at: Date | null
} & { readonly [Column in keyof LegacyProfile]-?: LegacyProfile[Column] | null }

export function toLegacyUser(row: UserRow): LegacyUser {
  const profile = profileColumns
    .filter((column) => row[column] !== null)
    .map((column) => [column, row[column]] as const)
  return {
    legacy_id: row.legacy_id,
    email: row.email,
    email_verified: row.email_verified,
    ...Object.fromEntries(profile),
    app_metadata: row.app_metadata,
    user_metadata: row.user_metadata,
    migrated_at: row.migrated_at?.toISOString() ?? null,
  }
}

export async function findUser(sql: Sql, legacyId: string): Promise<LegacyUser | null> {
  if (!isStorable(legacyId)) return null
  const [row] = await sql.query<UserRow>(
    `select ${userColumns} from legacy_users u where u.legacy_id = $1`,
    [legacyId],
  )
  return row === undefined ? null : toLegacyUser(row)
}

/** The kinds of password hash that a user may have; both null where the user has no password. */
export interface StoredPassword {
  readonly password_hash: string | null
  readonly custom_password_hash: JsonObject | null
}

export interface IdentifiedUser {
  readonly user: LegacyUser
  readonly password: StoredPassword
}

/**
 * Finds who an identifier names, by e-mail, username and phone number at once.
 *
 * @param identifier Lower-cased here, by Unicode's default rules and never by a locale's.
 * @returns Two users at most: more than one is all that anybody needs to know.
 */
export async function findByIdentifier(
  sql: Sql,
  identifier: string,
): Promise<readonly IdentifiedUser[]> {
  if (!isStorable(identifier)) return []
  const rows = await sql.query<UserRow & StoredPassword>(
    `select ${userColumns}, u.password_hash, u.custom_password_hash
     from legacy_identifiers i join legacy_users u using (legacy_id)
     where i.identifier = $1 limit 2`,
    [identifier.toLowerCase()],
  )
  return rows.map((row) => ({ user: toLegacyUser(row), password: row }))
}
