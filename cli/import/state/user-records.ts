import type { SettledUsers, SourcePlace } from '../import-types.ts'
import type { Outcome } from './job-records.ts'
import type { OpenState } from './open-state.ts'

export type MarkState = 'conflict' | 'marked' | 'not_found'

/** A user whom an import has sent. */
export interface UserRecord extends SourcePlace {
  /** Without `auth0|`. */
  readonly userId: string
  readonly legacyId: string
  readonly outcome: Outcome | 'undone' | null
  readonly reason: string | null
  readonly mark: MarkState | null
  /** Milliseconds, by Auth0's clock: when the job was created; null where nobody knows. */
  readonly createdAt: number | null
  /** The same: when the job was seen to be over. */
  readonly endedAt: number | null
}

/** Numbers of users, by how they ended. */
interface UserCounts {
  readonly inserted: number
  readonly updated: number
  readonly alreadyMigrated: number
  readonly failed: number
  /** On the way: in a job that has not ended. */
  readonly pending: number
  readonly requeued: number
  readonly undone: number
}

/** Which of them a step is about. */
interface UserFilter {
  readonly outcomes: readonly UserRecord['outcome'][]
  /** Those too whose mark was refused: whoever has looked at them expects it of the next run. */
  readonly unmarked?: boolean
  /** Of the source at hand only. */
  readonly ofSource?: boolean
}

export interface UserRecords extends SettledUsers {
  /** Of those that `has` was true for, how many belong to another source. */
  elsewhere(): number
  /** Users of the source at hand. */
  counts(): UserCounts
  /** Users of the source at hand who failed, by reason. */
  reasons(): Readonly<Record<string, number>>
  /** Number of users. */
  count(filter: UserFilter): number
  /** In the order of their ids. What is written meanwhile is seen. */
  list(filter: UserFilter): Iterable<UserRecord>
  setMarks(marks: readonly { readonly userId: string; readonly mark: MarkState | null }[]): void
  /** Of those who ended as `from`: whom another step has brought further meanwhile stays so. */
  setOutcome(userIds: readonly string[], from: Outcome, to: Outcome | 'undone'): void
}

interface Row {
  readonly user_id: string
  readonly legacy_id: string
  readonly line: number
  readonly offset: number
  readonly bytes: number
  readonly outcome: UserRecord['outcome']
  readonly reason: string | null
  readonly mark: MarkState | null
  readonly created_at: number | null
  readonly sent_at: number | null
  readonly ended_at: number | null
}

const pageSize = 500

/** @param source At hand: the one that is being imported. */
export function userRecords({ database, write }: OpenState, source: number): UserRecords {
  const find = database.prepare(`
    select outcome, source from users join jobs using (job) where user_id = ?`)
  const setMark = database.prepare('update users set mark = ? where user_id = ?')
  const setOutcome = database.prepare(
    'update users set outcome = ?, reason = null where user_id = ? and outcome = ?',
  )
  let elsewhere = 0

  return {
    has(userId) {
      const found = find.get(userId) as { outcome: Row['outcome']; source: number } | undefined
      if (found === undefined || !isSettled(found.outcome, found.source === source)) return false
      if (found.source !== source) elsewhere += 1
      return true
    },
    elsewhere: () => elsewhere,
    counts() {
      const rows = database
        .prepare(
          `select coalesce(outcome, 'pending') as outcome, count(*) as number
           from users join jobs using (job) where source = ? group by 1`,
        )
        .all(source) as unknown as readonly { outcome: string; number: number }[]
      const numberOf = (name: string) => rows.find(({ outcome }) => outcome === name)?.number ?? 0
      return {
        inserted: numberOf('inserted'),
        updated: numberOf('updated'),
        alreadyMigrated: numberOf('already_migrated'),
        failed: numberOf('failed'),
        pending: numberOf('pending'),
        requeued: numberOf('requeued'),
        undone: numberOf('undone'),
      }
    },
    reasons() {
      const rows = database
        .prepare(
          `select coalesce(reason, 'unknown') as reason, count(*) as number
           from users join jobs using (job) where source = ? and outcome = 'failed' group by 1`,
        )
        .all(source) as unknown as readonly { reason: string; number: number }[]
      return Object.fromEntries(rows.map(({ number, reason }) => [reason, number]))
    },
    count(filter) {
      const { where, values } = conditionOf(filter, source)
      const query = `select count(*) as number from users join jobs using (job) where ${where}`
      return (database.prepare(query).get(...values) as { number: number }).number
    },
    *list(filter) {
      const { where, values } = conditionOf(filter, source)
      const page = database.prepare(
        `select users.*, jobs.created_at, jobs.sent_at, jobs.ended_at from users join jobs using (job)
         where ${where} and user_id > ? order by user_id limit ${pageSize}`,
      )
      for (let last = ''; ; ) {
        const rows = page.all(...values, last) as unknown as readonly Row[]
        for (const row of rows) yield recordOf(row)
        if (rows.length < pageSize) return
        last = rows.at(-1)?.user_id ?? last
      }
    },
    setMarks(marks) {
      write(() => {
        for (const { mark, userId } of marks) setMark.run(mark, userId)
      })
    },
    setOutcome(userIds, from, to) {
      write(() => {
        for (const userId of userIds) setOutcome.run(to, userId, from)
      })
    },
  }
}

/**
 * Whether a user is not to be packed again. Whom Auth0 refused comes again with another source: the
 * mended dead letters.
 */
function isSettled(outcome: Row['outcome'], sameSource: boolean): boolean {
  if (outcome === 'requeued' || outcome === 'undone') return false
  return outcome !== 'failed' || sameSource
}

function conditionOf({ ofSource = false, outcomes, unmarked = false }: UserFilter, source: number) {
  const holes = outcomes.map(() => '?').join(', ')
  const parts = [
    `outcome in (${holes})`,
    unmarked && "mark is not 'marked'",
    ofSource && 'source = ?',
  ]
  const where = parts.filter((part) => part !== false).join(' and ')
  return { where, values: [...outcomes, ...(ofSource ? [source] : [])] }
}

function recordOf(row: Row): UserRecord {
  const { bytes, created_at, legacy_id, line, mark, offset, outcome, reason, user_id } = row
  const place = { line, offset, bytes }
  return {
    userId: user_id,
    legacyId: legacy_id,
    ...place,
    outcome,
    reason,
    mark,
    createdAt: created_at,
    endedAt: endedAt(row),
  }
}

/** By how much Auth0's clock is ahead of this one is seen where both have told the job's beginning. */
function endedAt({ created_at: created, ended_at: ended, sent_at: sent }: Row): number | null {
  return !created || sent === null || ended === null ? null : ended + (created - sent)
}
