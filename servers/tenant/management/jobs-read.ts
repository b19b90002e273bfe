import type { Job } from '../jobs/job.ts'
import type { Tenant } from '../state.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { linkTo } from './jobs-exports.ts'
import { showJob } from './jobs-show.ts'
import { ManagementError } from './management-error.ts'

/** Auth0 takes `create:users` here too. */
const scope = 'read:users'

/** @see https://auth0.com/docs/api/management/v2/jobs/get-jobs-by-id */
export function addJobReadEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/jobs/:id', scope, (c) => {
    const job = jobOf(tenant, segment(c, 'id'))
    const done = job.type === 'users_export' && job.status === 'completed'
    return c.json({ ...showJob(job), ...(done && { location: linkTo(tenant, job) }) })
  })
  add('GET', '/jobs/:id/errors', scope, (c) => {
    const job = jobOf(tenant, segment(c, 'id'))
    const failures = job.type === 'users_import' ? job.failures : []
    return failures.length === 0 ? c.body(null, 204) : c.json(failures)
  })
}

function jobOf({ activity }: Tenant, id: string): Job {
  const job = activity.jobs.get(id)
  if (job !== undefined) return job
  throw new ManagementError(404, 'The job does not exist', 'inexistent_job')
}
