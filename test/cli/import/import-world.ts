import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates, setDefaultCACertificates } from 'node:tls'
import { Agent, fetch as undiciFetch } from 'undici'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { type Auth0Tenant, connectTenant, type Fetch } from '../../../cli/auth0-tenant.ts'
import type { Command, CommandContext, CommandResult } from '../../../cli/command.ts'
import { projectRoot } from '../../../cli/demo/world.ts'
import type { JobFile } from '../../../cli/import/import-types.ts'
import type { JobRun, Pace } from '../../../cli/import/jobs/job-run.ts'
import { leaveRoom } from '../../../cli/import/jobs/leave-room.ts'
import { type ImportState, openImportState } from '../../../cli/import/state/import-state.ts'
import { runningImports } from '../../../servers/tenant/jobs/job.ts'
import type { Plan } from '../../../servers/tenant/rate-limit-plans.ts'
import type { RequestEntry } from '../../../servers/tenant/request-log.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'

/** A stand-in tenant with a database, and what an import needs of it. */
export interface ImportWorld {
  readonly running: RunningTenant
  readonly auth0: Auth0Tenant
  readonly connectionId: string
  readonly folder: string
  readonly statePath: string
  /** Answers since the start. */
  readonly requests: RequestEntry[]
  /** Most import jobs that were at work at a time. */
  mostJobs(): number
  open(source?: string): ImportState
  run(state: ImportState, more?: Partial<JobRun>): JobRun
  /** Settings for the tenant; a test may add its own. */
  readonly env: Record<string, string>
  /** Runs a command in this process, as if at a terminal where `answer` is typed. */
  command(command: Command, args: readonly string[], answer?: string): Promise<CommandResult>
  /** Moves the tenant's clock and this side's. */
  readonly clock: { ahead: number }
  close(): Promise<void>
}

const quickPace: Pace = { firstPoll: 15, longestPoll: 60, busy: 30, settleAfter: 250 }

export const connectionName = 'legacy-users'

export async function createImportWorld(plan?: Plan): Promise<ImportWorld> {
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const requests: RequestEntry[] = []
  let most = 0
  const running = await startTenant({
    runtime: createInProcessRuntime(),
    passwordHashRounds: 4,
    now,
    ...(plan !== undefined && { plan }),
    onRequest: (entry) => {
      requests.push(entry)
      most = Math.max(most, runningImports(running.tenant))
    },
  })
  running.tenant.activity.conductJob = () => ({ delay: 30, usersPerSecond: 20_000 })
  const dispatcher = new Agent({ connect: { ca: running.caCertificate } })
  const fetch = ((url: string, init?: object) =>
    undiciFetch(url, { ...init, dispatcher })) as unknown as Fetch
  const { client_id: clientId, client_secret: clientSecret } = running.deployClient
  const auth0 = connectTenant({ domain: running.domain, clientId, clientSecret, fetch, now })
  const made = await auth0.manage('POST', 'connections', {
    name: connectionName,
    strategy: 'auth0',
  })
  const connectionId = (made.body as { readonly id: string }).id
  // What NODE_EXTRA_CA_CERTS does for a process of its own.
  setDefaultCACertificates([...rootCertificates, running.caCertificate])
  const env: Record<string, string> = {
    AUTH0_DOMAIN: running.domain,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
  }
  const folder = await mkdtemp(join(tmpdir(), 'import-test-'))
  const statePath = join(folder, 'state.sqlite')
  const identity = { domain: running.domain, connectionId, idPrefix: 'legacy|' }
  return {
    ...{ running, auth0, connectionId, folder, statePath, requests, clock, env },
    command: (command, args, answer) => command.run(args, contextOf(env, answer ?? null)),
    mostJobs: () => most,
    open: (source = 'users.ndjson') => openImportState(statePath, identity, source, { now }),
    run: (state, more = {}) => ({
      manage: leaveRoom(auth0.manage, { now }),
      state,
      connectionId,
      upsert: false,
      signal: new AbortController().signal,
      progress: { report: () => undefined, end: () => undefined },
      say: () => undefined,
      total: 0,
      now,
      pace: quickPace,
      ...more,
    }),
    async close() {
      await dispatcher.close()
      await running.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What a command is given, with nobody at the terminal where `answer` is null. */
export function contextOf(env: CommandContext['env'], answer: string | null): CommandContext {
  return {
    ...{ env, cwd: projectRoot, signal: new AbortController().signal },
    say: () => undefined,
    print: async () => undefined,
    progress: { report: () => undefined, end: () => undefined },
    ask: async () => answer,
    readInput: async () => '',
  }
}

export interface TestUser {
  readonly id: number | string
  readonly more?: object
}

/** A job file of these users, as the packer makes them. */
export function fileOf(number: number, users: readonly TestUser[]): JobFile {
  const rows = users.map(({ id, more }) => ({
    email: `user-${id}@legacy.example`,
    user_id: `legacy|${id}`,
    app_metadata: { legacy_migration: { legacy_id: `${id}`, backfill: 'arrived' } },
    ...more,
  }))
  return {
    number,
    body: Buffer.from(JSON.stringify(rows)),
    users: users.map(({ id }, index) => {
      const place = { line: number * 1_000 + index, offset: 0, bytes: 1 }
      return { legacyId: `${id}`, userId: `legacy|${id}`, ...place, jsonBytes: 1 }
    }),
  }
}

/** Files of `size` users each, ids from 1. */
export function filesOf(count: number, size: number): readonly JobFile[] {
  return Array.from({ length: count }, (_, file) =>
    fileOf(
      file + 1,
      Array.from({ length: size }, (_, index) => ({ id: file * size + index + 1 })),
    ),
  )
}

/** As packing gives them: whoever is settled is left out. */
export async function* pack(
  state: ImportState,
  files: readonly JobFile[],
): AsyncGenerator<JobFile> {
  for (const file of files) {
    const rows = JSON.parse(file.body.toString()) as readonly unknown[]
    const left = file.users.map(({ userId }) => !state.users.has(userId))
    const users = file.users.filter((_, index) => left[index])
    const body = Buffer.from(JSON.stringify(rows.filter((_, index) => left[index])))
    if (users.length > 0) yield { ...file, users, body }
  }
}
