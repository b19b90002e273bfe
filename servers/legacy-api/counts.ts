import type { Sql } from './database.ts'

/** `MigrationCounts` of the contract. */
export interface MigrationCounts {
  readonly total: number
  readonly migrated: number
  readonly remaining: number
  readonly complete: number
  readonly too_large: number
  readonly not_found: number
  /** Days, in UTC, on which somebody migrated; the earliest first. */
  readonly per_day: readonly { readonly date: string; readonly migrated: number }[]
}

/** One statement, so that the numbers belong together. */
export async function countUsers(sql: Sql): Promise<MigrationCounts> {
  const [row] = await sql.query<{ counts: MigrationCounts }>(
    `with days as (
       select to_char(migrated_at at time zone 'UTC', 'YYYY-MM-DD') as date, count(*) as migrated
       from legacy_users where migrated_at is not null group by 1
     )
     select jsonb_build_object(
       'total', count(*),
       'migrated', count(migrated_at),
       'remaining', count(*) - count(migrated_at),
       'complete', count(*) filter (where migrated_metadata = 'complete'),
       'too_large', count(*) filter (where migrated_metadata = 'too-large'),
       'not_found', count(*) filter (where migrated_metadata = 'not-found'),
       'per_day', (select coalesce(jsonb_agg(to_jsonb(days) order by date), '[]') from days)
     ) as counts from legacy_users`,
  )
  if (row === undefined) throw new Error('an aggregate without a row')
  return row.counts
}
