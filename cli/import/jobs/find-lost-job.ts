import { isObject } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'
import { pause } from '../../pause.ts'
import type { JobRecord } from '../state/job-records.ts'
import { findUser, readJob } from './import-api.ts'
import type { JobRun } from './job-run.ts'
import type { Manage } from './leave-room.ts'

/** What became of a job whose POST was not answered. */
export type LostJob =
  | { readonly type: 'found'; readonly jobId: string; readonly createdAt: number }
  /** No trace of it: it was never made. */
  | { readonly type: 'never-made' }
  /** Users of it are there. It has had its time. */
  | { readonly type: 'worked' }

/** Milliseconds in which every job ends. https://auth0.com/docs/manage-users/user-migration/bulk-user-imports#job-timeouts */
const jobTimeout = 2 * 60 * 60_000

/** Milliseconds that two clocks may be apart, and a log may be late. */
const leeway = 5 * 60_000

/**
 * Looks for a job that may have been made: in the tenant's logs by its `external_id`, and among the
 * users. Only a job that can be at work no more, or that has left no trace in the logs for a while, is
 * given up: until then it counts as one of the two that Auth0 allows.
 */
export async function findLostJob(run: JobRun, job: JobRecord): Promise<LostJob> {
  const { now, pace, signal } = run
  const sentAt = job.sentAt ?? now()
  const sample = sampleOf(run.state.jobs.userIds(job))
  for (let wait = pace.firstPoll; ; wait = Math.min(wait * 2, pace.longestPoll)) {
    const logged = await findInLogs(run.manage, job.externalId ?? '')
    if (logged.type === 'found') {
      const status = await readJob(run.manage, logged.jobId)
      return { ...logged, createdAt: status?.createdAt ?? 0 }
    }
    const waited = now() - sentAt
    if (waited >= jobTimeout + leeway) return { type: 'worked' }
    const hasLogs = logged.type === 'none'
    if (hasLogs && waited >= pace.settleAfter && !(await anyArrived(run, sample, sentAt))) {
      return { type: 'never-made' }
    }
    await pause(wait, signal)
  }
}

type Logged =
  | { readonly type: 'found'; readonly jobId: string }
  | { readonly type: 'none' | 'unreadable' }

/** Of an endpoint's entries the one with our id. https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes */
async function findInLogs(manage: Manage, externalId: string): Promise<Logged> {
  // https://github.com/auth0/auth0.net/issues/443 shows such an entry.
  const query = encodeURIComponent('type:sapi AND description:"Create import users job"')
  const answer = await manage('GET', `logs?q=${query}&sort=date:-1&per_page=100`)
  if (answer.status !== 200 || !Array.isArray(answer.body)) {
    if (answer.status === 401 || answer.status === 403 || answer.status < 300) {
      return { type: 'unreadable' }
    }
    throw new CommandError('request_failed', `GET logs: the tenant answered ${answer.status}.`)
  }
  for (const entry of answer.body) {
    const jobId = jobIdIn(entry, externalId)
    if (jobId !== null) return { type: 'found', jobId }
  }
  return { type: 'none' }
}

function jobIdIn(entry: unknown, externalId: string): string | null {
  const details = isObject(entry) && isObject(entry.details) ? entry.details : {}
  const request = isObject(details.request) ? details.request : {}
  const response = isObject(details.response) ? details.response : {}
  const sent = isObject(request.body) ? request.body.external_id : undefined
  const made = isObject(response.body) ? response.body.id : undefined
  return sent === externalId && typeof made === 'string' ? made : null
}

/** The first, the last and those at the quarters. */
function sampleOf(userIds: readonly string[]): readonly string[] {
  const places = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.floor(share * (userIds.length - 1)))
  return [...new Set(places)].flatMap((place) => userIds[place] ?? [])
}

/** Whether one of them was made since, and not by a login. */
async function anyArrived(
  { manage }: JobRun,
  sample: readonly string[],
  sentAt: number,
): Promise<boolean> {
  for (const userId of sample) {
    const user = await findUser(manage, userId)
    if (user !== null && !user.hasLoggedIn && user.createdAt >= sentAt - leeway) return true
  }
  return false
}
