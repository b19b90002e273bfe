import type { JobRecord, Outcome, UserOutcome } from '../state/job-records.ts'
import { type FoundUser, findUser, type JobStatus, readFailures } from './import-api.ts'
import { inParallel } from './in-parallel.ts'
import type { JobRun } from './job-run.ts'

/** What Auth0 says of a user who is there already, by id, address or name; or hidden. */
const conflicts = new Set(['CONFLICT', 'CONFLICT_EMAIL', 'CONFLICT_USERNAME', 'DUPLICATED_USER'])

/** Requests at a time. */
const width = 4

/**
 * Finds out how each user of a job ended, and writes it down with the job's own end. Users whom Auth0
 * reports are looked up where they may be there all the same: whoever has migrated is no failure.
 *
 * @param status Null when Auth0 has nothing of the job any more.
 */
export async function settleJob(
  run: JobRun,
  job: JobRecord,
  status: JobStatus | null,
): Promise<void> {
  const { state } = run
  const failures =
    status === null || job.jobId === null ? null : await readFailures(run.manage, job.jobId)
  const known = new Map<string, string>()
  for (const { code, userId } of failures ?? []) if (userId !== null) known.set(userId, code)
  const outcomes: UserOutcome[] = []
  await inParallel(known, width, async ([userId, code]) => {
    outcomes.push(await outcomeOfFailure(run, userId, code))
  })
  const everybody = state.jobs.userIds(job)
  const rest = everybody.filter((userId) => !known.has(userId))
  const told = toldOutcome(status, known.size, rest.length)
  if (told === null) {
    const since = status?.createdAt || job.createdAt || (job.sentAt ?? 0) - clockLeeway
    await inParallel(rest, width, async (userId) => {
      const found = await findUser(run.manage, userId)
      if (found !== null) outcomes.push(outcomeOfUser(run, userId, since, found))
      // A job that is completed has tried everybody; of any other it may not have got so far.
      else if (status?.status === 'completed') outcomes.push(notImported(userId))
      else outcomes.push({ userId, outcome: 'requeued' })
    })
  }
  const end = status?.status === 'pending' || status === null ? 'gone' : status.status
  state.jobs.end(job, end, outcomes, told ?? 'requeued', run.now())
}

/** Milliseconds: only where this clock is held against Auth0's. */
const clockLeeway = 5 * 60_000

/**
 * How all users ended whom no error is about; null where only their profiles can say: of a job that
 * failed, of one whose numbers do not fit, and of one that has inserted some and updated others.
 */
function toldOutcome(status: JobStatus | null, failed: number, rest: number): Outcome | null {
  const summary = status?.status === 'completed' ? status.summary : null
  if (summary === null || summary.failed !== failed) return null
  if (summary.inserted === rest && summary.updated === 0) return 'inserted'
  return summary.updated === rest && summary.inserted === 0 ? 'updated' : null
}

async function outcomeOfFailure(run: JobRun, userId: string, code: string): Promise<UserOutcome> {
  const reason = code.toLowerCase()
  if (!conflicts.has(code)) return { userId, outcome: 'failed', reason }
  const found = await findUser(run.manage, userId)
  // Nobody to be seen, and yet somebody is in the way: see `import repair`.
  if (found === null) return { userId, outcome: 'failed', reason }
  return { userId, outcome: 'already_migrated' }
}

/** @param since Milliseconds by Auth0's clock: when the job was made. */
function outcomeOfUser(
  { upsert }: JobRun,
  userId: string,
  since: number,
  found: FoundUser,
): UserOutcome {
  if (found.createdAt >= since && !found.hasLoggedIn) return { userId, outcome: 'inserted' }
  return { userId, outcome: upsert ? 'updated' : 'already_migrated' }
}

function notImported(userId: string): UserOutcome {
  return { userId, outcome: 'failed', reason: 'not_imported' }
}
