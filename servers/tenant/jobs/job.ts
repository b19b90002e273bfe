import { newIdentifier } from '../management/identifiers.ts'
import type { Json, JsonObject, Tenant } from '../state.ts'

/** How one import job goes. */
export interface JobConduct {
  /** Milliseconds before its first user. */
  readonly delay: number
  readonly usersPerSecond: number
  /** After that many users it stalls, and then times out, or fails at once. */
  readonly stop?: { readonly after: number; readonly how: 'fail' | 'stall' }
}

/** Quicker than Auth0, which takes some 55 users a second and job on its fastest plan. */
export const usualConduct: JobConduct = { delay: 250, usersPerSecond: 2_000 }

interface CommonJob {
  readonly id: string
  readonly status: 'completed' | 'failed' | 'pending'
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** A user of a job who was not imported, as GET /jobs/{id}/errors shows it. */
export interface JobFailure extends JsonObject {
  readonly user: Json
  readonly errors: readonly JobError[]
}

export interface JobError extends JsonObject {
  readonly code: string
  readonly message: string
  /** Of the member that is wrong; absent where it is the user. */
  readonly path?: string
}

export interface ImportJob extends CommonJob {
  readonly type: 'users_import'
  readonly connectionId: string
  readonly externalId: string | null
  readonly upsert: boolean
  readonly sendsMail: boolean
  readonly conduct: JobConduct
  /** As the file has them; null where it is not a JSON array. Empty once the job has ended. */
  readonly users: readonly Json[] | null
  readonly total: number
  readonly inserted: number
  readonly updated: number
  readonly failures: readonly JobFailure[]
}

export interface ExportJob extends CommonJob {
  readonly type: 'users_export'
  readonly connectionId: string | null
  readonly format: 'csv' | 'json'
  /** The file, compressed; null until the job has ended. */
  readonly file: Buffer | null
  readonly content: ExportContent
}

/** What is exported, and under which names. */
export interface ExportContent {
  readonly limit: number | null
  readonly fields: readonly { readonly name: string; readonly exportAs: string }[] | null
}

export type Job = ExportJob | ImportJob

/** The secrets of download links, by job. */
export interface JobLink {
  readonly jobId: string
  readonly expiresAt: number
}

export function newJobId(): string {
  return `job_${newIdentifier(16)}`
}

/** Import jobs that are not over: Auth0 takes no more than two of them at a time. */
export function runningImports({ activity }: Tenant): number {
  return [...activity.jobs.values()].filter(
    ({ status, type }) => type === 'users_import' && status === 'pending',
  ).length
}
