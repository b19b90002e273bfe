import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet } from 'jose'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { createManagementClient } from '../../../cli/demo/management-client.ts'
import { type Database, openDatabase } from '../../../servers/legacy-api/database.ts'
import { seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import { startLegacyApi } from '../../../servers/legacy-api/server.ts'
import { runningImports } from '../../../servers/tenant/jobs/job.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { type Ended, startMigration } from '../../cli/run-migration.ts'
import type { LegacyRow } from './legacy-rows.ts'

const audience = 'https://legacy-api.example/'

/** A tenant, a legacy store, and the command between them, which can be killed. */
export interface ImportTenant {
  readonly running: RunningTenant
  readonly database: Database
  readonly connectionId: string
  readonly folder: string
  /** Answers of the tenant, by route and status: `POST /api/v2/jobs/users-imports 202`. */
  readonly answers: Map<string, number>
  mostJobs(): number
  /** Starts the command; kills it with SIGKILL after that many requests to the tenant. */
  start(args: readonly string[], killAfter?: number): { readonly ended: Promise<Ended> }
  close(): Promise<void>
}

export async function startImportTenant(rows: readonly LegacyRow[]): Promise<ImportTenant> {
  const answers = new Map<string, number>()
  let most = 0
  let onAnswer = () => undefined as unknown
  const running = await startTenant({
    runtime: createInProcessRuntime(),
    passwordHashRounds: 4,
    onRequest: ({ method, route, status }) => {
      const key = `${method} ${route} ${status}`
      answers.set(key, (answers.get(key) ?? 0) + 1)
      most = Math.max(most, runningImports(running.tenant))
      onAnswer()
    },
  })
  const management = createManagementClient(running)
  const connection = await management.post<{ readonly id: string }>('connections', {
    ...{ name: 'legacy-users', strategy: 'auth0' },
    enabled_clients: [running.deployClient.client_id],
  })
  const operator = await createOperator(management)
  const database = await openDatabase({})
  await seedUsers(
    database,
    rows.map(({ id }) => ({ legacy_id: id, email: `person.${id}@legacy.example` })),
  )
  const { issuer, jwks } = running.tenant
  const keys = createLocalJWKSet(jwks)
  const api = await startLegacyApi({ database, audience, issuer, jwks: keys, now: Date.now })
  const folder = await mkdtemp(join(tmpdir(), 'import-e2e-'))
  const env = {
    AUTH0_DOMAIN: running.domain,
    AUTH0_CLIENT_ID: running.deployClient.client_id,
    AUTH0_CLIENT_SECRET: running.deployClient.client_secret,
    LEGACY_API_URL: api.url,
    LEGACY_API_AUDIENCE: audience,
    LEGACY_TOKEN_URL: `${issuer}oauth/token`,
    LEGACY_OPERATOR_CLIENT_ID: operator.client_id,
    LEGACY_OPERATOR_CLIENT_SECRET: operator.client_secret,
    MIGRATION_PHASE: 'complete',
    NODE_EXTRA_CA_CERTS: running.caFile,
  }
  return {
    ...{ running, database, connectionId: connection.id, folder, answers },
    mostJobs: () => most,
    start(args, killAfter) {
      const { child, ended } = startMigration(args, { env })
      let left = killAfter ?? Number.POSITIVE_INFINITY
      onAnswer = () => {
        left -= 1
        if (left === 0) child.kill('SIGKILL')
      }
      return { ended }
    },
    async close() {
      await api.close()
      await database.close()
      await running.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function createOperator(management: ReturnType<typeof createManagementClient>) {
  const scope = ['unmark:legacy_users', 'update:legacy_users']
  const scopes = scope.map((value) => ({ value }))
  await management.post('resource-servers', { name: 'Legacy', identifier: audience, scopes })
  const client = await management.post<{
    readonly client_id: string
    readonly client_secret: string
  }>('clients', {
    ...{ name: 'Operator', app_type: 'non_interactive', grant_types: ['client_credentials'] },
  })
  await management.post('client-grants', { client_id: client.client_id, audience, scope })
  return client
}
