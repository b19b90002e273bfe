import type { Sql } from './database.ts'
import type { Migration } from './migration.ts'
import { type StoredPassword, toLegacyUser, type UserRow, userColumns } from './users.ts'

export interface ExportFilter {
  readonly migrated?: boolean | undefined
  readonly metadata?: Migration['metadata'] | undefined
  /** The last legacy_id of the part that is there already. */
  readonly after?: string | undefined
}

/** Users in memory at a time. */
const pageSize = 500

/**
 * Users as NDJSON, bytewise by legacy_id, a page of lines at a time. Holds no cursor and no
 * transaction: a reader may take hours, and users that change meanwhile are seen as they are when
 * their page is read.
 *
 * @yields Whole lines; the last is `{"end":true,"count":N}`, and its absence means "cut off".
 */
export async function* exportLines(sql: Sql, filter: ExportFilter): AsyncGenerator<string> {
  let after = filter.after ?? null
  let count = 0
  for (;;) {
    const rows = await readPage(sql, filter, after)
    if (rows.length > 0) yield rows.map(toLine).join('')
    count += rows.length
    after = rows.at(-1)?.legacy_id ?? null
    if (rows.length < pageSize) break
  }
  yield `${JSON.stringify({ end: true, count })}\n`
}

type ExportRow = UserRow & StoredPassword

async function readPage(
  sql: Sql,
  { migrated, metadata }: ExportFilter,
  after: string | null,
): Promise<readonly ExportRow[]> {
  return sql.query<ExportRow>(
    `select ${userColumns}, u.password_hash, u.custom_password_hash from legacy_users u
     where ($1::text is null or u.legacy_id > $1::text)
       and ($2::boolean is null or (u.migrated_at is not null) = $2::boolean)
       and ($3::text is null or u.migrated_metadata = $3::text)
     order by u.legacy_id limit ${pageSize}`,
    [after, migrated ?? null, metadata ?? null],
  )
}

function toLine(row: ExportRow): string {
  const user = {
    ...toLegacyUser(row),
    ...(row.password_hash !== null && { password_hash: row.password_hash }),
    ...(row.custom_password_hash !== null && { custom_password_hash: row.custom_password_hash }),
  }
  return `${JSON.stringify(user)}\n`
}
