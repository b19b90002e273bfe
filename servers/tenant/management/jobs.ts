import type { Context } from 'hono'
import { type ImportJob, newJobId, runningImports, usualConduct } from '../jobs/job.ts'
import { isNestedTooDeep } from '../json-depth.ts'
import type { Json, JsonObject, Tenant } from '../state.ts'
import { log } from '../users/tenant-log.ts'
import type { AddEndpoint } from './endpoint.ts'
import { addExportEndpoint } from './jobs-exports.ts'
import { addJobReadEndpoints } from './jobs-read.ts'
import { showJob } from './jobs-show.ts'
import { invalidBody, ManagementError } from './management-error.ts'

/** Bytes. Auth0 says 500 KB; read as decimal, the smaller. https://auth0.com/docs/manage-users/user-migration/bulk-user-imports */
const largestFile = 500_000

const mostRunning = 2

/** @see https://auth0.com/docs/api/management/v2/jobs/post-users-imports */
export function addJobEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('POST', '/jobs/users-imports', 'create:users', async (c, { clientId }) => {
    const form = await formOf(c)
    const file = form.get('users')
    if (!(file instanceof Blob)) throw invalidBody("'Missing required property: users'")
    if (file.size > largestFile) {
      const message = `Payload content length greater than maximum allowed: ${largestFile}`
      throw new ManagementError(413, message, 'payload_too_large')
    }
    const order = orderOf(form, tenant)
    // Looked at last, and nothing is awaited before the job is there: two at once are not three.
    const users = parse(await file.text())
    if (runningImports(tenant) >= mostRunning) return tooManyJobs(c)
    const job = createJob(tenant, order, users)
    logCreation(tenant, job, clientId)
    return c.json(showCreated(job), 202)
  })
  addExportEndpoint(add, tenant)
  addJobReadEndpoints(add, tenant)
}

async function formOf(c: Context): Promise<FormData> {
  return c.req.raw.formData().catch(() => {
    throw invalidBody("'The body is no multipart/form-data'")
  })
}

interface Order {
  readonly connectionId: string
  readonly externalId: string | null
  readonly upsert: boolean
  readonly sendsMail: boolean
}

function orderOf(form: FormData, { state }: Tenant): Order {
  const connectionId = form.get('connection_id')
  if (typeof connectionId !== 'string') {
    throw invalidBody("'Missing required property: connection_id'")
  }
  const connection = state.connections.get(connectionId)
  if (connection === undefined) {
    throw new ManagementError(404, 'The connection does not exist', 'inexistent_connection')
  }
  const { enabledDatabaseCustomization, import_mode } = connection.options
  const imports = enabledDatabaseCustomization !== true || import_mode === true
  if (connection.strategy !== 'auth0' || !imports) {
    throw invalidBody("'The connection stores no users in Auth0' on property connection_id")
  }
  const externalId = form.get('external_id')
  return {
    connectionId,
    externalId: typeof externalId === 'string' ? externalId : null,
    upsert: flag(form, 'upsert', false),
    sendsMail: flag(form, 'send_completion_email', true),
  }
}

function flag(form: FormData, name: string, usual: boolean): boolean {
  const value = form.get(name)
  if (value === null) return usual
  if (value === 'true' || value === 'false') return value === 'true'
  throw invalidBody(`'Expected type boolean' on property ${name}`)
}

function createJob(tenant: Tenant, order: Order, users: readonly Json[] | null): ImportJob {
  const { activity } = tenant
  const conduct = activity.conductJob(activity.jobCount.imports) ?? usualConduct
  activity.jobCount.imports += 1
  const counts = { total: users?.length ?? 0, inserted: 0, updated: 0, failures: [] }
  const base = { id: newJobId(), type: 'users_import', status: 'pending' } as const
  const job: ImportJob = { ...base, createdAt: tenant.now(), ...order, conduct, users, ...counts }
  activity.jobs.set(job.id, job)
  return job
}

function showCreated(job: ImportJob): JsonObject {
  const { sendsMail, upsert } = job
  return { ...showJob(job), upsert, send_completion_email: sendsMail }
}

/** @returns Null for what is not a JSON array, or nested too deep: the job is made, and fails. */
function parse(text: string): readonly Json[] | null {
  try {
    const value = JSON.parse(text) as Json
    return Array.isArray(value) && !isNestedTooDeep(value) ? (value as readonly Json[]) : null
  } catch {
    return null
  }
}

// https://auth0.com/docs/manage-users/user-migration/bulk-user-imports#concurrent-import-jobs
function tooManyJobs(c: Context): Response {
  const message = `There are ${mostRunning} active import users jobs, please wait until some of them are finished and try again`
  return c.json({ statusCode: 429, error: 'Too Many Requests', message }, 429)
}

// https://github.com/auth0/auth0.net/issues/443
function logCreation(tenant: Tenant, { externalId, id }: ImportJob, clientId: string): void {
  const request = {
    method: 'post',
    path: '/api/v2/jobs/users-imports',
    body: externalId === null ? {} : { external_id: externalId },
  }
  const response = { statusCode: 202, body: { id } }
  const details = { request, response }
  log(tenant, {
    type: 'sapi',
    client_id: clientId,
    description: 'Create import users job',
    details,
  })
}
