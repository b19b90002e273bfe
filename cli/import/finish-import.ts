import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import type { LegacyOperator } from '../legacy-operator.ts'
import type { DeadLetters, OnExisting, PreparedImport } from './import-types.ts'
import { type Pace, usualPace } from './jobs/job-run.ts'
import { leaveRoom } from './jobs/leave-room.ts'
import { runJobs } from './jobs/run-jobs.ts'
import { type MarkCounts, markImported } from './marks/mark-imported.ts'
import { writeFailedLetters } from './results/failed-letters.ts'
import { type ImportReport, importReport } from './results/import-report.ts'
import type { ImportState } from './state/import-state.ts'

/** An import whose rows are all read and checked, and what it is sent with. */
export interface ReadyImport {
  readonly prepared: PreparedImport
  readonly state: ImportState
  readonly deadLetters: DeadLetters
  readonly auth0: Pick<Auth0Tenant, 'manage'>
  readonly connection: { readonly id: string; readonly name: string }
  readonly onExisting: OnExisting
  /** Null where nobody is to be marked in the legacy store. */
  readonly operator: Pick<LegacyOperator, 'mark'> | null
  readonly context: Pick<CommandContext, 'progress' | 'say' | 'signal'>
  /** Milliseconds that the logs may be silent about a job whose answer was lost. */
  readonly settleAfter?: number
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/**
 * The second half of an import: its jobs, the marks in the legacy store, dead letters of whom Auth0
 * has refused, and the books.
 *
 * @throws {CommandError} Then too what the state holds is true, and the same command goes on.
 */
export async function finishImport(ready: ReadyImport): Promise<ImportReport> {
  const { context, deadLetters, now = Date.now, prepared, state } = ready
  const { signal } = context
  const manage = leaveRoom(ready.auth0.manage, { signal, now })
  const pace: Pace = { ...usualPace, settleAfter: ready.settleAfter ?? usualPace.settleAfter }
  const jobs = runJobs(
    {
      ...{ manage, state, now, pace, signal },
      ...{ progress: context.progress, say: context.say },
      connectionId: ready.connection.id,
      upsert: ready.onExisting === 'upsert',
      total: prepared.users,
    },
    prepared.files,
  )
  await jobs.catch(explain)
  const marks = await markAll(ready, manage)
  await writeFailedLetters(state.users, prepared.originals, deadLetters)
  return importReport(prepared.counts(), state.users, marks)
}

function explain(error: unknown): never {
  if (!(error instanceof CommandError) || error.code !== 'interrupted') throw error
  const message =
    'Interrupted. Jobs that Auth0 has go on there: the same command brings the import to its end.'
  throw new CommandError('interrupted', message, { cause: error })
}

async function markAll(
  { connection, context, operator, state }: ReadyImport,
  manage: ReturnType<typeof leaveRoom>,
): Promise<MarkCounts | null> {
  if (operator === null) return null
  const { progress, signal } = context
  return markImported({ manage, state, operator, connection: connection.name, progress, signal })
}
