import { newObjectId } from '../management/identifiers.ts'
import type { Connection, Json, JsonObject, Tenant, User } from '../state.ts'
import { storedCustomHash } from '../users/custom-password-hash.ts'
import { databaseUser } from '../users/database-user.ts'
import { findByEmail, findByUsername, isIdTaken } from '../users/find-user.ts'
import { normalizeEmail } from '../users/normalize-email.ts'
import { hasPendingImport } from '../users/pending-imports.ts'
import { writeProfile } from '../users/write-profile.ts'
import { checkRow, type ImportUser } from './import-schema.ts'
import type { JobError } from './job.ts'

type Outcome = 'inserted' | 'updated' | readonly JobError[]

/**
 * Imports one user of a file, as one that comes alone would be.
 *
 * @param position Of the user in `rows`; one of the same names before it is in the way.
 */
export function importRow(
  tenant: Tenant,
  connection: Connection,
  rows: readonly Json[],
  position: number,
  upsert: boolean,
): Outcome {
  const checked = checkRow(rows[position] ?? null)
  if (checked.type === 'wrong') return checked.errors
  const { user } = checked
  if (firstPosition(rows, user) !== position) return [repeated]
  const known = findByEmail(tenant, connection, user.email)
  if (known !== null) return upsert ? update(tenant, known.user, user) : [duplicated]
  return conflictOf(tenant, connection, user) ?? insert(tenant, connection, user)
}

const duplicated: JobError = {
  code: 'DUPLICATED_USER',
  message: 'Failed to create user because user already exists in the database',
}

// https://community.auth0.com/t/is-there-documentation-for-all-the-errors-code-while-doing-a-bulk-import-of-users-and-checking-job-errors/102951
const repeated: JobError = {
  code: 'DUPLICATED_USER',
  message: 'A user with this [email|username|user_id] was already provided.',
}

/** By names of a file: where the first user with one of them stands. */
const positions = new WeakMap<readonly Json[], ReadonlyMap<string, number>>()

function firstPosition(rows: readonly Json[], user: ImportUser): number {
  const known = positions.get(rows) ?? positionsIn(rows)
  positions.set(rows, known)
  return Math.min(...keysOf(user).map((key) => known.get(key) ?? 0))
}

function positionsIn(rows: readonly Json[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const [position, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) continue
    for (const key of keysOf(row as JsonObject)) if (!found.has(key)) found.set(key, position)
  }
  return found
}

function keysOf(user: Readonly<Record<string, unknown>>): readonly string[] {
  return ['email', 'username', 'user_id'].flatMap((name) => {
    const value = user[name]
    if (typeof value !== 'string') return []
    return [`${name}\n${name === 'user_id' ? value : normalizeEmail(value)}`]
  })
}

/**
 * Records that no API shows are in the way too: those of a password reset that was confirmed before
 * the first login.
 */
function conflictOf(
  tenant: Tenant,
  connection: Connection,
  { user_id, username }: ImportUser,
): readonly JobError[] | null {
  if (user_id !== undefined) {
    if (isIdTaken(tenant, `auth0|${user_id}`)) return [duplicated]
    if (hasPendingImport(tenant.activity, connection, { user_id })) return [duplicated]
  }
  if (username === undefined || findByUsername(tenant, connection, username) === null) return null
  return [{ code: 'CONFLICT_USERNAME', message: 'The username is taken', path: 'username' }]
}

const rootMembers = [
  ...['name', 'given_name', 'family_name', 'nickname', 'picture'],
  ...['phone_number', 'phone_verified', 'blocked'],
] as const

function insert(tenant: Tenant, connection: Connection, user: ImportUser): 'inserted' {
  const { custom_password_hash: custom, email_verified = false, username } = user
  const made = databaseUser(
    tenant,
    connection,
    {
      userId: user.user_id ?? newObjectId(),
      email: normalizeEmail(user.email),
      emailVerified: email_verified,
      username: username === undefined ? null : normalizeEmail(username),
      root: given(user, rootMembers),
    },
    // Without either Auth0 makes up a password that nobody knows: none fits.
    custom === undefined ? (user.password_hash ?? null) : storedCustomHash(custom),
  )
  const profile = {
    ...made.profile,
    app_metadata: (user.app_metadata ?? {}) as JsonObject,
    user_metadata: (user.user_metadata ?? {}) as JsonObject,
  }
  const factors = user.mfa_factors as readonly Json[] | undefined
  const imported = { ...made, profile, ...(factors && { mfaFactors: factors }) }
  writeProfile(tenant, imported, 'import')
  hideFromSearch(tenant, imported.profile.user_id)
  return 'inserted'
}

/** https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure#user-profile-attributes */
const upsertable = [
  ...['app_metadata', 'user_metadata', 'email_verified'],
  ...['name', 'given_name', 'family_name', 'nickname', 'picture'],
] as const

/** Metadata are replaced, not merged; a custom hash counts until the first login. */
function update(tenant: Tenant, before: User, user: ImportUser): Outcome {
  const { custom_password_hash: custom, user_id } = user
  if (user_id !== undefined && before.profile.user_id !== `auth0|${user_id}`) {
    return [{ code: 'CONFLICT', message: 'Another user has the email', path: 'user_id' }]
  }
  const profile = { ...before.profile, ...given(user, upsertable) }
  const unused = before.profile.last_login === undefined
  const hash = custom !== undefined && unused && { passwordHash: storedCustomHash(custom) }
  writeProfile(tenant, { ...before, profile, ...hash }, 'import')
  return 'updated'
}

function given(user: ImportUser, names: readonly (keyof ImportUser)[]): JsonObject {
  const members = names.flatMap((name) => (user[name] === undefined ? [] : [[name, user[name]]]))
  return Object.fromEntries(members) as JsonObject
}

function hideFromSearch({ activity, now }: Tenant, userId: string): void {
  if (activity.searchDelay === 0) return
  activity.unsearchable.set(userId, now() + activity.searchDelay)
}
