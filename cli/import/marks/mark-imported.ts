import { readStamp } from '../../../core/stamp.ts'
import { CommandError } from '../../command.ts'
import type { LegacyOperator, Marked } from '../../legacy-operator.ts'
import type { Progress } from '../../progress.ts'
import { type FoundUser, findUser } from '../jobs/import-api.ts'
import { inParallel } from '../jobs/in-parallel.ts'
import type { Manage } from '../jobs/leave-room.ts'
import type { ImportState } from '../state/import-state.ts'
import type { MarkState, UserRecord } from '../state/user-records.ts'

/** What marking is given. */
export interface MarkRun {
  /** Leaves room for logins: `leaveRoom`. */
  readonly manage: Manage
  readonly state: ImportState
  readonly operator: Pick<LegacyOperator, 'mark'>
  /** Name of the connection that users were imported into. */
  readonly connection: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Numbers of users. */
export interface MarkCounts {
  readonly marked: number
  /** Marked for another Auth0 user: somebody has to look. */
  readonly conflict: number
  /** The legacy store has no such user. */
  readonly notFound: number
  /** Auth0 shows no profile of the user: not marked, or nobody could log in any more. */
  readonly notShown: number
  /** The legacy API did not take the mark. The next run tries again. */
  readonly failed: number
}

/** Users at a time. */
const width = 8

/** Marks that are written down together. Those of a process that dies are made once more. */
const batchSize = 100

/**
 * Marks in the legacy store whoever is in Auth0, which each user's profile shows first: a reset that
 * is pending leaves a hidden record, and its user is in nobody's store once he is marked.
 */
export async function markImported(run: MarkRun): Promise<MarkCounts> {
  const { progress, signal, state } = run
  const counts = { marked: 0, conflict: 0, notFound: 0, notShown: 0, failed: 0 }
  const filter = { outcomes: ['inserted', 'updated', 'already_migrated'], unmarked: true } as const
  const total = state.users.count(filter)
  const batch: { userId: string; mark: MarkState }[] = []
  let done = 0
  const flush = () => state.users.setMarks(batch.splice(0))
  try {
    await inParallel(state.users.list(filter), width, async (user) => {
      if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.')
      const outcome = await markOne(run, user)
      counts[outcome] += 1
      const mark = markStates[outcome]
      if (mark !== null) batch.push({ userId: user.userId, mark })
      if (batch.length >= batchSize) flush()
      done += 1
      progress.report({ what: 'marked', done, total, unit: 'users' })
    })
  } finally {
    flush()
    progress.end()
  }
  return counts
}

type MarkOutcome = keyof MarkCounts

/** What is kept. Whoever is not marked the next run tries again. */
const markStates: Readonly<Record<MarkOutcome, MarkState | null>> = {
  marked: 'marked',
  conflict: 'conflict',
  notFound: 'not_found',
  notShown: null,
  failed: null,
}

const outcomes: Readonly<Record<Marked, MarkOutcome>> = {
  marked: 'marked',
  migratedToAnother: 'conflict',
  notFound: 'notFound',
  failed: 'failed',
}

async function markOne(
  { connection, manage, operator }: MarkRun,
  { legacyId, userId }: UserRecord,
): Promise<MarkOutcome> {
  const user = await findUser(manage, userId)
  if (user === null || !user.connections.includes(connection)) return 'notShown'
  const mark = {
    auth0_user_id: `auth0|${userId}`,
    migrated_at: new Date(user.createdAt).toISOString(),
    metadata: metadataOf(user),
  }
  return outcomes[await operator.mark(legacyId, mark)]
}

/** As the Action says it: by the stamp. */
function metadataOf({ appMetadata }: FoundUser): 'complete' | 'not-found' | 'too-large' {
  const backfill = readStamp(appMetadata)?.backfill
  return backfill === 'too-large' || backfill === 'not-found' ? backfill : 'complete'
}
