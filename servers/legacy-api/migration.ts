import type { Sql } from './database.ts'
import { isStorable } from './storable.ts'

/** `Migration` of the contract. */
export interface Migration {
  readonly auth0_user_id: string
  /** RFC 3339. */
  readonly migrated_at: string
  readonly metadata: 'complete' | 'too-large' | 'not-found'
}

export type MarkResult = 'done' | 'user-not-found' | 'migrated-to-another-user'

/**
 * Marks a user migrated. One statement, so of two Auth0 users that come at the same time the row's
 * lock lets one through, and the other sees its mark.
 */
export async function mark(sql: Sql, legacyId: string, migration: Migration): Promise<MarkResult> {
  return change(
    sql,
    legacyId,
    `migrated_at = coalesce(migrated_at, $3::timestamptz), auth0_user_id = $2, migrated_metadata = $4`,
    [migration.auth0_user_id, new Date(migration.migrated_at), migration.metadata],
  )
}

/** Takes a mark back, if it is this Auth0 user's or there is none. */
export async function unmark(sql: Sql, legacyId: string, auth0UserId: string): Promise<MarkResult> {
  return change(
    sql,
    legacyId,
    'migrated_at = null, auth0_user_id = null, migrated_metadata = null',
    [auth0UserId],
  )
}

/** @param parameters From `$2` on; the first is the Auth0 user that asks. */
async function change(
  sql: Sql,
  legacyId: string,
  assignments: string,
  parameters: readonly unknown[],
): Promise<MarkResult> {
  if (!isStorable(legacyId)) return 'user-not-found'
  const [row] = await sql.query<{ done: boolean; found: boolean }>(
    `with changed as (
       update legacy_users set ${assignments}
       where legacy_id = $1 and (auth0_user_id is null or auth0_user_id = $2::text)
       returning 1
     )
     select exists(select from changed) as done,
       exists(select from legacy_users where legacy_id = $1) as found`,
    [legacyId, ...parameters],
  )
  if (row?.done) return 'done'
  return row?.found ? 'migrated-to-another-user' : 'user-not-found'
}
