import { succeeded } from '../../auth0-tenant.ts'
import type { LegacyOperator } from '../../legacy-operator.ts'
import type { Progress } from '../../progress.ts'
import { findUser } from '../jobs/import-api.ts'
import { inParallel } from '../jobs/in-parallel.ts'
import type { Manage } from '../jobs/leave-room.ts'
import type { ImportState } from '../state/import-state.ts'
import type { UserRecord } from '../state/user-records.ts'

/** What taking an import back is given. */
export interface UndoRun {
  readonly manage: Manage
  readonly state: ImportState
  /** Null where nobody was marked. */
  readonly operator: Pick<LegacyOperator, 'unmark'> | null
  /** Whether users who have logged in are deleted too. */
  readonly force: boolean
  readonly progress: Progress
}

/** Numbers of users. */
export interface UndoCounts {
  readonly deleted: number
  /** Not in Auth0 any more; their mark is taken back all the same. */
  readonly gone: number
  /** Logged in since: they may have changed something, and stay. */
  readonly loggedIn: number
  /** In Auth0 before the job that named them, or deleted since and made anew by somebody else. */
  readonly existed: number
  /** The legacy API did not take the mark back: they stay, so that nobody is in neither store. */
  readonly failed: number
}

/** Users at a time. */
const width = 8

/** Written down together. Those of a process that dies are found gone by the next. */
const batchSize = 100

/** Milliseconds: an answer on its way counts for the difference of two clocks. */
const clockLeeway = 5 * 60_000

export const undoable = { outcomes: ['inserted'] } as const

/**
 * Deletes whom the import has created, and nobody else. The mark goes first: a process that dies in
 * between leaves somebody who is in both stores, and never one who is in neither.
 */
export async function undoImport(run: UndoRun): Promise<UndoCounts> {
  const { progress, state } = run
  const counts = { deleted: 0, gone: 0, loggedIn: 0, existed: 0, failed: 0 }
  const total = state.users.count(undoable)
  const batch: string[] = []
  const flush = () => state.users.setOutcome(batch.splice(0), 'inserted', 'undone')
  let done = 0
  try {
    await inParallel(state.users.list(undoable), width, async (user) => {
      const outcome = await undoOne(run, user)
      counts[outcome] += 1
      if (outcome === 'deleted' || outcome === 'gone') batch.push(user.userId)
      if (batch.length >= batchSize) flush()
      done += 1
      progress.report({ what: 'taken back', done, total, unit: 'users' })
    })
  } finally {
    flush()
    progress.end()
  }
  return counts
}

async function undoOne(
  { force, manage, operator }: UndoRun,
  { createdAt, endedAt, legacyId, userId }: UserRecord,
): Promise<keyof UndoCounts> {
  const found = await findUser(manage, userId)
  const from = createdAt ?? Number.NEGATIVE_INFINITY
  const to = endedAt === null ? Number.POSITIVE_INFINITY : endedAt + clockLeeway
  if (found !== null && (found.createdAt < from || found.createdAt > to)) return 'existed'
  if (found?.hasLoggedIn === true && !force) return 'loggedIn'
  const auth0UserId = `auth0|${userId}`
  // Whatever this side knows of the mark: it may have died before it wrote it down.
  const unmarked = await operator?.unmark(legacyId, auth0UserId)
  if (unmarked === 'failed') return 'failed'
  if (found === null) return 'gone'
  succeeded(await manage('DELETE', `users/${encodeURIComponent(auth0UserId)}`), 'DELETE users/{id}')
  return 'deleted'
}
