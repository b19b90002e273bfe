import type { Job } from '../jobs/job.ts'
import type { JsonObject } from '../state.ts'

/** As the API shows a job: a summary when it is completed, and none when it failed. */
export function showJob(job: Job): JsonObject {
  const { connectionId, createdAt, id, status, type } = job
  const base = {
    status,
    type,
    created_at: new Date(createdAt).toISOString(),
    id,
    ...(connectionId !== null && { connection_id: connectionId }),
  }
  if (job.type === 'users_export') return { ...base, format: job.format }
  const { externalId, failures, inserted, total, updated } = job
  const done = inserted + updated + failures.length
  const share = total === 0 ? 0 : Math.floor((done / total) * 100)
  return {
    ...base,
    ...(externalId !== null && { external_id: externalId }),
    ...(status === 'pending' && { percentage_done: share }),
    ...(status === 'completed' && {
      summary: { failed: failures.length, updated, inserted, total },
    }),
  }
}
