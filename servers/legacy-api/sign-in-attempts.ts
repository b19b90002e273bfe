import { createHash } from 'node:crypto'
import type { Sql } from './database.ts'

/** Tries of one identifier in one window, right ones not counted. */
export const maxTries = 10
/** Milliseconds. */
export const tryWindow = 15 * 60_000

/**
 * Counts a try before its password is looked at, so that tries at the same time, on however many
 * instances, cannot pass together. Counts identifiers that name nobody alike.
 *
 * @param now Milliseconds since 1970.
 * @returns Milliseconds until the next try is taken; 0 when this one is.
 */
export async function countTry(sql: Sql, identifier: string, now: number): Promise<number> {
  const [row] = await sql.query<{ tries: number; window_ends_at: Date }>(
    `insert into sign_in_attempts as a (identifier_sha256, tries, window_ends_at)
     values ($1, 1, $3)
     on conflict (identifier_sha256) do update set
       tries = case when a.window_ends_at <= $2 then 1 else a.tries + 1 end,
       window_ends_at = case when a.window_ends_at <= $2 then $3 else a.window_ends_at end
     returning tries, window_ends_at`,
    [key(identifier), new Date(now), new Date(now + tryWindow)],
  )
  await forgetEndedWindows(sql, now)
  if (row === undefined || row.tries <= maxTries) return 0
  return row.window_ends_at.getTime() - now
}

/** Begins anew for an identifier whose password was right. */
export async function forgetTries(sql: Sql, identifier: string): Promise<void> {
  await sql.query('delete from sign_in_attempts where identifier_sha256 = $1', [key(identifier)])
}

/** A few at a time, past rows that another instance holds: no try waits for the cleaning. */
async function forgetEndedWindows(sql: Sql, now: number): Promise<void> {
  await sql.query(
    `delete from sign_in_attempts where identifier_sha256 in (
       select identifier_sha256 from sign_in_attempts where window_ends_at <= $1
       limit 20 for update skip locked
     )`,
    [new Date(now)],
  )
}

/** People type passwords and other people's addresses into the wrong field: neither is kept. */
function key(identifier: string): string {
  return createHash('sha256').update(identifier.toLowerCase()).digest('hex')
}
