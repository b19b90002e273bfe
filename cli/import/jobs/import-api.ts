import { isObject, succeeded } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'
import type { Manage } from './leave-room.ts'

/** What became of a file that was sent. */
export type Creation =
  | { readonly type: 'created'; readonly jobId: string; readonly createdAt: number }
  /** Two jobs are at work, whoever has begun them. */
  | { readonly type: 'busy' }
  /** It never got to Auth0. */
  | { readonly type: 'not-sent'; readonly error: CommandError }
  /** Auth0 has refused it. */
  | { readonly type: 'refused'; readonly error: CommandError }
  /** Nobody knows: there was no answer, or none that says. */
  | { readonly type: 'unknown' }

export interface JobStatus {
  readonly status: 'completed' | 'failed' | 'pending'
  readonly createdAt: number
  /** Of a job that is completed. */
  readonly summary: JobSummary | null
}

interface JobSummary {
  readonly inserted: number
  readonly updated: number
  readonly failed: number
}

export interface UserFailure {
  /** As the file has it; null where Auth0 does not say who. */
  readonly userId: string | null
  /** Of the first error, in Auth0's upper case. */
  readonly code: string
}

/** What of a profile says whose it is, and since when. */
export interface FoundUser {
  readonly userId: string
  readonly createdAt: number
  readonly hasLoggedIn: boolean
  readonly connections: readonly string[]
  readonly appMetadata: Readonly<Record<string, unknown>>
}

export interface ImportOrder {
  readonly connectionId: string
  readonly externalId: string
  readonly upsert: boolean
}

/** @see https://auth0.com/docs/api/management/v2/jobs/post-users-imports */
export async function createImportJob(
  manage: Manage,
  body: Buffer,
  { connectionId, externalId, upsert }: ImportOrder,
): Promise<Creation> {
  const form = new FormData()
  const file = new Blob([new Uint8Array(body)], { type: 'application/json' })
  form.append('users', file, 'users.json')
  form.append('connection_id', connectionId)
  form.append('external_id', externalId)
  form.append('upsert', String(upsert))
  // Else every owner of the tenant gets a mail for each of thousands of jobs.
  form.append('send_completion_email', 'false')
  try {
    return creationOf(await manage('POST', 'jobs/users-imports', form))
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    if (neverSent(error)) return { type: 'not-sent', error }
    if (error.code === 'tenant_unreachable') return { type: 'unknown' }
    throw error
  }
}

function creationOf(answer: Awaited<ReturnType<Manage>>): Creation {
  const { body, status } = answer
  if (status === 429) return { type: 'busy' }
  if (status >= 500) return { type: 'unknown' }
  if (status >= 400) return { type: 'refused', error: refusalOf(answer) }
  if (!isObject(body) || typeof body.id !== 'string') return { type: 'unknown' }
  return { type: 'created', jobId: body.id, createdAt: timeOf(body.created_at) ?? 0 }
}

function refusalOf(answer: Awaited<ReturnType<Manage>>): CommandError {
  try {
    succeeded(answer, 'POST jobs/users-imports')
  } catch (error) {
    if (error instanceof CommandError) return error
  }
  return new CommandError('request_failed', 'POST jobs/users-imports was refused.')
}

/** Codes of a connection that was never made: whatever was to be sent over it was not. */
const unconnected = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'])

function neverSent(error: CommandError): boolean {
  if (error.code === 'tenant_not_found' || error.code === 'tenant_not_verified') return true
  for (let at: unknown = error.cause; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? at.code : undefined
    if (code === 'UND_ERR_CONNECT_TIMEOUT') return true
    // A connection that was there may end by the same codes, behind a request that arrived:
    // https://man7.org/linux/man-pages/man7/ip.7.html
    const isOpen = 'syscall' in at && (at.syscall === 'read' || at.syscall === 'write')
    if (typeof code === 'string' && unconnected.has(code)) return !isOpen
  }
  return false
}

/** @returns Null when Auth0 has no such job, or not any more: it deletes them after 24 hours. */
export async function readJob(manage: Manage, jobId: string): Promise<JobStatus | null> {
  const answer = await manage('GET', `jobs/${encodeURIComponent(jobId)}`)
  if (answer.status === 404) return null
  const body = succeeded<unknown>(answer, 'GET jobs/{id}')
  const { created_at, status, summary } = isObject(body) ? body : {}
  return {
    // A status that is not known yet is that of a job at work.
    status: status === 'completed' || status === 'failed' ? status : 'pending',
    createdAt: timeOf(created_at) ?? 0,
    summary: summaryOf(summary),
  }
}

function summaryOf(summary: unknown): JobSummary | null {
  if (!isObject(summary)) return null
  const numberOf = (name: string) => (typeof summary[name] === 'number' ? summary[name] : 0)
  return {
    inserted: numberOf('inserted'),
    updated: numberOf('updated'),
    failed: numberOf('failed'),
  }
}

/** Users of a job whom Auth0 did not import; null when it does not have them any more. */
export async function readFailures(
  manage: Manage,
  jobId: string,
): Promise<readonly UserFailure[] | null> {
  const answer = await manage('GET', `jobs/${encodeURIComponent(jobId)}/errors`)
  if (answer.status === 404) return null
  const body = succeeded<unknown>(answer, 'GET jobs/{id}/errors')
  return Array.isArray(body) ? body.map(failureOf) : []
}

function failureOf(entry: unknown): UserFailure {
  const { errors, user } = isObject(entry) ? entry : {}
  const [first] = Array.isArray(errors) ? errors : []
  const code = isObject(first) && typeof first.code === 'string' ? first.code : ''
  const userId = isObject(user) && typeof user.user_id === 'string' ? user.user_id : null
  // The message may repeat a value; the code does not.
  return { userId, code: /^[A-Z_]{1,60}$/.test(code) ? code : 'UNKNOWN' }
}

const profileFields = 'user_id,created_at,last_login,logins_count,identities,app_metadata'

/**
 * Whether Auth0 shows the profile of a user.
 *
 * @param userId Without `auth0|`.
 */
export async function findUser(manage: Manage, userId: string): Promise<FoundUser | null> {
  const id = encodeURIComponent(`auth0|${userId}`)
  const answer = await manage('GET', `users/${id}?fields=${profileFields}&include_fields=true`)
  if (answer.status === 404) return null
  const body = succeeded<unknown>(answer, 'GET users/{id}')
  if (!isObject(body)) return null
  const { app_metadata: metadata, created_at, identities, last_login, logins_count: logins } = body
  return {
    userId,
    createdAt: timeOf(created_at) ?? 0,
    hasLoggedIn: typeof last_login === 'string' || (typeof logins === 'number' && logins > 0),
    connections: Array.isArray(identities)
      ? identities.flatMap((one) => (isObject(one) ? [String(one.connection)] : []))
      : [],
    appMetadata: isObject(metadata) ? metadata : {},
  }
}

function timeOf(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? null : time
}
