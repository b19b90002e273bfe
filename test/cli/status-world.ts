import { createLocalJWKSet } from 'jose'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { createManagementClient, type ManagementClient } from '../../cli/demo/management-client.ts'
import { type Database, openDatabase } from '../../servers/legacy-api/database.ts'
import { type SeedUser, seedUsers } from '../../servers/legacy-api/seed-users.ts'
import { startLegacyApi } from '../../servers/legacy-api/server.ts'
import { type RunningTenant, startTenant } from '../../servers/tenant/server.ts'

/** A tenant and a legacy store in the middle of a migration. */
export interface StatusWorld {
  readonly tenant: RunningTenant
  readonly management: ManagementClient
  readonly database: Database
  /** Every request to the tenant, `GET /api/v2/logs`, the oldest first. */
  readonly requests: readonly string[]
  /** All that `migration status` asks for. */
  readonly env: Readonly<Record<string, string>>
  /** Puts users into the store; into Auth0 too those who have migrated, unless their stamp is null. */
  addUsers(users: readonly WorldUser[]): Promise<void>
  close(): Promise<void>
}

type Metadata = 'complete' | 'not-found' | 'too-large'
type WorldUser = readonly [legacyId: string, metadata?: Metadata, stamp?: object | null]

const audience = 'https://legacy-api.example/'
const scopes = ['read:legacy_users', 'export:legacy_users', 'unmark:legacy_users']
/** Yesterday, whenever this runs: too few days for a projection. */
const migrated_at = new Date(Date.now() - 86_400_000).toISOString()
// Of no password: nobody logs in here.
const passwordHash = `$2b$10$${'a'.repeat(53)}`

export async function createStatusWorld(): Promise<StatusWorld> {
  const database = await openDatabase({})
  const requests: string[] = []
  const tenant = await startTenant({
    runtime: createInProcessRuntime(),
    passwordHashRounds: 4,
    onRequest: ({ method, route }) => requests.push(`${method} ${route}`),
  })
  const management = createManagementClient(tenant)
  await management.post('resource-servers', {
    name: 'Legacy API',
    identifier: audience,
    scopes: scopes.map((value) => ({ value })),
  })
  const operator = await management.post<{ client_id: string; client_secret: string }>('clients', {
    name: 'Legacy Operator',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  })
  const { client_id } = operator
  await management.post('client-grants', { client_id, audience, scope: scopes.slice(0, 2) })
  await management.post('connections', { name: 'legacy-users', strategy: 'auth0' })
  const { issuer, jwks } = tenant.tenant
  const keys = createLocalJWKSet(jwks)
  const legacy = await startLegacyApi({ database, audience, issuer, jwks: keys, now: Date.now })
  return {
    tenant,
    management,
    database,
    requests,
    env: {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.deployClient.client_id,
      AUTH0_CLIENT_SECRET: tenant.deployClient.client_secret,
      LEGACY_API_URL: legacy.url,
      LEGACY_API_AUDIENCE: audience,
      LEGACY_TOKEN_URL: `${tenant.issuer}oauth/token`,
      LEGACY_OPERATOR_CLIENT_ID: client_id,
      LEGACY_OPERATOR_CLIENT_SECRET: operator.client_secret,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
    },
    async addUsers(users) {
      // At once: the embedded database holds up the servers of this process while it works.
      await seedUsers(
        database,
        users.map(([id, metadata]) => seedOf(id, metadata)),
      )
      for (const [id, metadata, stamp] of users) {
        if (metadata !== undefined && stamp !== null) await inAuth0(management, id, stamp)
      }
    },
    async close() {
      await legacy.close()
      await database.close()
      await tenant.close()
    },
  }
}

function seedOf(legacy_id: string, metadata: Metadata | undefined): SeedUser {
  const user = { legacy_id, email: `${legacy_id}@legacy.example`, passwordHash }
  if (metadata === undefined) return user
  const auth0_user_id = `auth0|legacy-users|${legacy_id}`
  return { ...user, migration: { auth0_user_id, migrated_at, metadata } }
}

async function inAuth0(management: ManagementClient, legacyId: string, stamp?: object) {
  const legacy_migration = {
    ...{ legacy_id: legacyId, backfilled_at: '2026-11-20T08:00:00.000Z', backfill: 'arrived' },
    ...{ marked_at: '2026-11-20T08:00:00.000Z', mark: 'marked', ...stamp },
  }
  await management.post('users', {
    connection: 'legacy-users',
    user_id: `legacy-users|${legacyId}`,
    email: `${legacyId}@legacy.example`,
    password: 'Aa1-of-a-person',
    app_metadata: { legacy_migration },
  })
}
