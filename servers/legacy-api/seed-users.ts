import type { Database, Sql } from './database.ts'
import { LegacyApiError } from './errors.ts'
import type { Migration } from './migration.ts'
import { isStorable } from './storable.ts'
import type { LegacyProfile } from './users.ts'

/** A user as a legacy store would hold one. E-mail addresses are not judged: legacy stores do not either. */
export interface SeedUser extends LegacyProfile {
  readonly legacy_id: string
  readonly email: string
  /** Default: false. */
  readonly email_verified?: boolean
  /** Default: `{}`. */
  readonly app_metadata?: Readonly<Record<string, unknown>>
  /** Default: `{}`. */
  readonly user_metadata?: Readonly<Record<string, unknown>>
  /** bcrypt, `$2a$` or `$2b$`, 10 rounds. */
  readonly passwordHash?: string
  /** As the bulk import's schema defines it; not together with `passwordHash`. */
  readonly custom_password_hash?: Readonly<Record<string, unknown>>
  /** For one who has migrated already. */
  readonly migration?: Migration
}

const bcryptPattern = /^\$2[ab]\$10\$[./A-Za-z0-9]{53}$/

/** Path segments that mean something else: the contract cannot address a user of that id. */
const unaddressable: ReadonlySet<string> = new Set(['', '.', '..', 'authenticate', 'lookup'])

/** Rows a statement. */
const batchSize = 2_000

/**
 * Puts users into the store, all or none.
 *
 * @throws {LegacyApiError} `seed_user_invalid`, naming the user by position, counted from 1, or
 *   saying that a legacy_id is there twice.
 */
export async function seedUsers(database: Database, users: readonly SeedUser[]): Promise<void> {
  for (const [index, user] of users.entries()) {
    const fault = findFault(user)
    if (fault !== null) throw new LegacyApiError('seed_user_invalid', `user ${index + 1}: ${fault}`)
  }
  await database.transaction(async (sql) => {
    for (let start = 0; start < users.length; start += batchSize) {
      await insert(sql, users.slice(start, start + batchSize))
    }
  })
}

function findFault(user: SeedUser): string | null {
  if (unaddressable.has(user.legacy_id)) return 'legacy_id cannot be addressed by the API'
  if ([...user.legacy_id].length > 255) return 'legacy_id is over 255 characters'
  if (user.passwordHash !== undefined && !bcryptPattern.test(user.passwordHash)) {
    return 'passwordHash must be bcrypt, $2a$ or $2b$, 10 rounds'
  }
  if (user.passwordHash !== undefined && user.custom_password_hash !== undefined) {
    return 'passwordHash and custom_password_hash exclude each other'
  }
  return isStorableDeep(user) ? null : 'U+0000 and half surrogate pairs cannot be stored'
}

function isStorableDeep(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, member]) => isStorable(key) && isStorableDeep(member))
}

async function insert(sql: Sql, users: readonly SeedUser[]): Promise<void> {
  const inserted = await sql.query(
    `insert into legacy_users
     select * from jsonb_populate_recordset(null::legacy_users, $1::jsonb)
     on conflict (legacy_id) do nothing returning legacy_id`,
    [JSON.stringify(users.map(toRow))],
  )
  if (inserted.length < users.length) {
    throw new LegacyApiError('seed_user_invalid', 'a legacy_id is given twice, or there already')
  }
  await sql.query(
    `insert into legacy_identifiers
     select * from jsonb_populate_recordset(null::legacy_identifiers, $1::jsonb)`,
    [JSON.stringify(users.flatMap(toIdentifiers))],
  )
}

function toRow({ passwordHash, migration, ...fields }: SeedUser): Record<string, unknown> {
  return {
    ...fields,
    email_verified: fields.email_verified ?? false,
    app_metadata: fields.app_metadata ?? {},
    user_metadata: fields.user_metadata ?? {},
    password_hash: passwordHash,
    migrated_at: migration?.migrated_at,
    auth0_user_id: migration?.auth0_user_id,
    migrated_metadata: migration?.metadata,
  }
}

function toIdentifiers({ legacy_id, email, username, phone_number }: SeedUser): object[] {
  const identifiers = new Set<string>()
  for (const value of [email, username, phone_number]) {
    if (value !== undefined) identifiers.add(value.toLowerCase())
  }
  return [...identifiers].map((identifier) => ({ identifier, legacy_id }))
}
