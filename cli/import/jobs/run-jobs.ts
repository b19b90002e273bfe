import { pause } from '../../pause.ts'
import type { JobFile } from '../import-types.ts'
import type { JobRecord } from '../state/job-records.ts'
import { findLostJob } from './find-lost-job.ts'
import { createImportJob, readJob } from './import-api.ts'
import { inParallel } from './in-parallel.ts'
import type { JobRun } from './job-run.ts'
import { settleJob } from './settle-job.ts'
import { showProgress } from './show-progress.ts'

/** Of a tenant. https://auth0.com/docs/manage-users/user-migration/bulk-user-imports#concurrent-import-jobs */
const mostJobs = 2

/** How often Auth0 may be out of reach before a file is given back to the next run. */
const mostUnreachable = 5

/** Milliseconds. A job ends after two hours; Auth0 may be late in saying so. */
const longestJob = 2 * 60 * 60_000 + 10 * 60_000

/**
 * Sends files as jobs, two at a time, and settles each before the next is sent in its place. Jobs that
 * an earlier process has left are ended first: they count among the two, and only then is it known
 * which of their users are to be packed again.
 *
 * @throws {CommandError} `interrupted`, and what `manage` throws. What is written down is true then,
 *   and the next run goes on from there.
 */
export async function runJobs(run: JobRun, files: AsyncIterable<JobFile>): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([run.signal, stop.signal])
  const lanes = { ...run, signal }
  const { alreadyMigrated, failed, inserted, updated } = run.state.users.counts()
  const shown = showProgress(run, alreadyMigrated + failed + inserted + updated)
  const next = oneByOne(files)
  const sendAll = async () => {
    for (let file = await next(); file !== null && !stop.signal.aborted; file = await next()) {
      await sendFile(lanes, file)
      shown.add(file.users.length)
    }
  }
  let first: unknown
  const guarded = (work: () => Promise<void>) =>
    work().catch((error: unknown) => {
      // The other one stops at its next pause: what it has written down is enough to go on. That it was
      // interrupted is no news: what went wrong is.
      first ??= error
      stop.abort()
      throw first
    })
  try {
    await inParallel(run.state.jobs.unfinished(), mostJobs, (job) =>
      guarded(async () => {
        await finish(lanes, job, null)
        shown.add(job.users)
      }),
    )
    const both = Array.from({ length: mostJobs }, () => sendAll)
    await inParallel(both, mostJobs, guarded)
  } finally {
    run.progress.end()
  }
}

/** Files for several who ask at a time. */
function oneByOne(files: AsyncIterable<JobFile>): () => Promise<JobFile | null> {
  const iterator = files[Symbol.asyncIterator]()
  let turn: Promise<unknown> = Promise.resolve()
  return () => {
    const mine = turn.then(async () => {
      const { done, value } = await iterator.next()
      return done === true ? null : value
    })
    turn = mine.catch(() => undefined)
    return mine
  }
}

async function sendFile(run: JobRun, file: JobFile): Promise<void> {
  const job = run.state.jobs.prepare(file)
  await finish(run, job, file.body)
  file.release?.()
}

/**
 * Brings a job to its end, wherever it stands.
 *
 * @param body Of its file; null for one of an earlier process.
 */
async function finish(run: JobRun, begun: JobRecord, body: Buffer | null): Promise<void> {
  let job = begun
  for (;;) {
    if (job.state === 'prepared' && body !== null) job = await send(run, job, body)
    if (job.state === 'sending') {
      const settled = await settleLost(run, job, body)
      if (settled === null) return
      job = settled
    }
    if (job.state === 'sent') return settleJob(run, job, await awaitEnd(run, job))
  }
}

/** @returns The job as `sent`, or as `sending` where nobody knows. */
async function send(run: JobRun, prepared: JobRecord, body: Buffer): Promise<JobRecord> {
  const { connectionId, manage, now, pace, signal, state, upsert } = run
  for (let failures = 0; ; ) {
    const job = state.jobs.sending(prepared, now())
    const order = { connectionId, externalId: job.externalId ?? '', upsert }
    const creation = await createImportJob(manage, body, order).catch((error: unknown) => {
      // Before a request is sent only: interrupted, or no token.
      state.jobs.held(job)
      throw error
    })
    if (creation.type === 'created') {
      return state.jobs.sent(job, creation.jobId, creation.createdAt)
    }
    if (creation.type === 'unknown') return job
    state.jobs.held(job)
    if (creation.type === 'refused') throw creation.error
    if (creation.type === 'not-sent') failures += 1
    if (creation.type === 'not-sent' && failures === mostUnreachable) throw creation.error
    await pause(pace.busy, signal)
  }
}

/** @returns Null when its users are settled; else the job, as `sent` or to be sent again. */
async function settleLost(
  run: JobRun,
  job: JobRecord,
  body: Buffer | null,
): Promise<JobRecord | null> {
  const { jobs } = run.state
  run.say(
    `The answer to job ${job.job} was lost: looking for it in the tenant's logs and among its users.`,
  )
  const lost = await findLostJob(run, job)
  if (lost.type === 'found') return jobs.sent(job, lost.jobId, lost.createdAt)
  if (lost.type === 'worked') {
    await settleJob(run, job, null)
    return null
  }
  if (body !== null) return jobs.held(job)
  // Whose file is gone with the process that had it: the next run packs them again.
  jobs.end(job, 'lost', [], 'requeued', run.now())
  return null
}

async function awaitEnd({ manage, now, pace, signal }: JobRun, job: JobRecord) {
  const until = (job.sentAt ?? now()) + longestJob
  for (let wait = pace.firstPoll; ; wait = Math.min(wait * 1.5, pace.longestPoll)) {
    const status = await readJob(manage, job.jobId ?? '')
    if (status === null || status.status !== 'pending' || now() >= until) return status
    await pause(wait, signal)
  }
}
