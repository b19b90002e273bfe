import type { MiddlewareHandler } from 'hono'
import type { Tenant } from '../state.ts'
import { log } from '../users/tenant-log.ts'
import { exportUsers } from './export-users.ts'
import { importRow } from './import-row.ts'
import type { ExportJob, ImportJob, JobFailure } from './job.ts'
import { masked } from './masked.ts'

/** Milliseconds. https://auth0.com/docs/manage-users/user-migration/bulk-user-imports#job-timeouts */
const timeout = 2 * 60 * 60_000
const retention = 24 * 60 * 60_000

/** Milliseconds. Ours: long enough that it is waited for. */
const exportTime = 200

/**
 * Brings every job to where it is by the tenant's clock, before anything is asked of the tenant: no
 * timer runs, and whoever looks sees a job that has gone on meanwhile.
 */
export function runJobsFirst(tenant: Tenant): MiddlewareHandler {
  return async (_c, next) => {
    if (tenant.activity.jobs.size > 0) runJobs(tenant)
    await next()
  }
}

function runJobs(tenant: Tenant): void {
  const { jobs } = tenant.activity
  const now = tenant.now()
  for (const job of [...jobs.values()]) {
    if (job.status === 'pending') {
      const isImport = job.type === 'users_import'
      jobs.set(job.id, isImport ? advance(tenant, job, now) : finish(tenant, job, now))
    }
    if (now - job.createdAt >= retention) jobs.delete(job.id)
  }
}

function advance(tenant: Tenant, job: ImportJob, now: number): ImportJob {
  const { conduct, connectionId, users } = job
  const connection = tenant.state.connections.get(connectionId)
  if (users === null || connection === undefined) return ended(tenant, job, 'failed')
  const time = Math.min(now - job.createdAt, timeout) - conduct.delay
  const due = Math.min(Math.floor((Math.max(time, 0) * conduct.usersPerSecond) / 1_000), job.total)
  const reached = Math.min(due, conduct.stop?.after ?? due)
  const done = job.inserted + job.updated + job.failures.length
  const counts = { inserted: job.inserted, updated: job.updated }
  const failures: JobFailure[] = [...job.failures]
  for (let position = done; position < reached; position += 1) {
    const outcome = importRow(tenant, connection, users, position, job.upsert)
    if (typeof outcome === 'string') counts[outcome] += 1
    else failures.push({ user: masked(users[position] ?? null), errors: outcome })
  }
  const moved = { ...job, ...counts, failures }
  if (reached === job.total) return ended(tenant, moved, 'completed')
  if (conduct.stop?.how === 'fail' && reached === conduct.stop.after) {
    return ended(tenant, moved, 'failed')
  }
  return now - job.createdAt >= timeout ? ended(tenant, moved, 'failed') : moved
}

function ended(tenant: Tenant, job: ImportJob, status: 'completed' | 'failed'): ImportJob {
  const details = { job_id: job.id }
  const type = status === 'completed' ? 'sui' : 'fui'
  log(tenant, { type, connection_id: job.connectionId, details })
  return { ...job, status, users: [] }
}

function finish(tenant: Tenant, job: ExportJob, now: number): ExportJob {
  if (now - job.createdAt < exportTime) return job
  return { ...job, status: 'completed', file: exportUsers(tenant, job) }
}
