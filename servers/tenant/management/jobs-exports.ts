import type { Hono } from 'hono'
import { type ExportContent, type ExportJob, newJobId } from '../jobs/job.ts'
import type { JsonObject, Tenant } from '../state.ts'
import type { AddEndpoint } from './endpoint.ts'
import { newIdentifier } from './identifiers.ts'
import { showJob } from './jobs-show.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { type BodyShape, objectsOf, readBody, textOf } from './request-body.ts'

/** Milliseconds that a link is valid for. https://auth0.com/docs/manage-users/user-migration/bulk-user-exports */
const linkLifetime = 60_000

/** https://auth0.com/docs/manage-users/user-migration/bulk-user-exports#limits */
const mostCsvFields = 30

const shape: BodyShape = {
  members: {
    connection_id: 'string',
    format: ['csv', 'json'],
    limit: 'integer',
    fields: 'array',
  },
}

const fieldShape: BodyShape = {
  members: { name: 'string', export_as: 'string' },
  required: ['name'],
}

/** @see https://auth0.com/docs/api/management/v2/jobs/post-users-exports */
export function addExportEndpoint(add: AddEndpoint, tenant: Tenant): void {
  add('POST', '/jobs/users-exports', 'read:users', async (c) => {
    const job = jobOf(tenant, await readBody(c, shape))
    tenant.activity.jobs.set(job.id, job)
    return c.json(showJob(job))
  })
}

/** Where the files are, outside the Management API: who has the link needs no token. */
export function addExportDownload(app: Hono, tenant: Tenant): void {
  app.get('/exports/:secret', (c) => {
    const link = tenant.activity.jobLinks.get(c.req.param('secret'))
    const job = tenant.activity.jobs.get(link?.jobId ?? '')
    const valid = link !== undefined && tenant.now() < link.expiresAt
    if (!valid || job?.type !== 'users_export' || job.file === null) {
      return c.text('Access denied', 403)
    }
    c.header('content-type', 'application/gzip')
    c.header('content-disposition', `attachment; filename="${tenant.name}.${job.format}.gz"`)
    return c.body(new Uint8Array(job.file))
  })
}

/** A link of its own each time, for a minute. */
export function linkTo(tenant: Tenant, { id: jobId }: ExportJob): string {
  const secret = newIdentifier(40)
  tenant.activity.jobLinks.set(secret, { jobId, expiresAt: tenant.now() + linkLifetime })
  return `${tenant.issuer}exports/${secret}`
}

function jobOf(tenant: Tenant, body: JsonObject): ExportJob {
  const connectionId = textOf(body, 'connection_id') ?? null
  if (connectionId !== null && !tenant.state.connections.has(connectionId)) {
    throw new ManagementError(404, 'The connection does not exist', 'inexistent_connection')
  }
  const format = body.format === 'csv' ? 'csv' : 'json'
  const content = contentOf(body)
  if (format === 'csv') assertCsv(content)
  const base = { id: newJobId(), type: 'users_export', status: 'pending' } as const
  return { ...base, createdAt: tenant.now(), connectionId, format, content, file: null }
}

function contentOf(body: JsonObject): ExportContent {
  const fields = objectsOf(body, 'fields', fieldShape)?.map((field) => {
    const name = textOf(field, 'name') ?? ''
    return { name, exportAs: textOf(field, 'export_as') ?? name }
  })
  return { limit: typeof body.limit === 'number' ? body.limit : null, fields: fields ?? null }
}

function assertCsv({ fields }: ExportContent): void {
  if (fields === null) throw invalidBody("'Missing required property: fields'")
  if (fields.length > mostCsvFields) throw invalidBody("'Array is too long' on property fields")
  if (!fields.some(({ name }) => name === 'app_metadata' || name === 'user_metadata')) return
  throw invalidBody("'Metadata go into CSV field by field' on property fields")
}
