import { createLocalJWKSet } from 'jose'
import { connectLegacyOperator, type LegacyOperator } from '../../../cli/legacy-operator.ts'
import type { Database } from '../../../servers/legacy-api/database.ts'
import { seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import { startLegacyApi } from '../../../servers/legacy-api/server.ts'
import { contextOf, createImportWorld, type ImportWorld } from './import-world.ts'

/** An import world with a legacy store behind it, and its operator. */
export interface LegacyWorld extends ImportWorld {
  readonly operator: LegacyOperator
  isMarked(legacyId: string): Promise<boolean>
}

const audience = 'https://legacy-api.example/'

/**
 * @param database Emptied first: a database takes seconds to start, and one is enough for a file.
 * @param users Number of users in the legacy store, ids from 1.
 */
export async function createLegacyWorld(database: Database, users: number): Promise<LegacyWorld> {
  const world = await createImportWorld()
  const scopes = ['unmark:legacy_users', 'update:legacy_users']
  const operatorClient = await createOperator(world, scopes)
  await database.query('delete from legacy_users')
  await seedUsers(
    database,
    Array.from({ length: users }, (_, index) => ({
      legacy_id: `${index + 1}`,
      email: `user-${index + 1}@legacy.example`,
    })),
  )
  const { issuer, jwks } = world.running.tenant
  const now = () => Date.now()
  const keys = createLocalJWKSet(jwks)
  const api = await startLegacyApi({ database, audience, issuer, jwks: keys, now })
  Object.assign(world.env, {
    LEGACY_API_URL: api.url,
    LEGACY_API_AUDIENCE: audience,
    LEGACY_TOKEN_URL: `${issuer}oauth/token`,
    LEGACY_OPERATOR_CLIENT_ID: operatorClient.client_id,
    LEGACY_OPERATOR_CLIENT_SECRET: operatorClient.client_secret,
  })
  return {
    ...world,
    operator: connectLegacyOperator(contextOf(world.env, null)),
    async isMarked(legacyId) {
      const rows = await database.query(
        'select 1 from legacy_users where legacy_id = $1 and migrated_at is not null',
        [legacyId],
      )
      return rows.length === 1
    },
    async close() {
      await api.close()
      await world.close()
    },
  }
}

async function createOperator({ auth0 }: ImportWorld, scopes: readonly string[]) {
  const values = scopes.map((value) => ({ value }))
  const api = { name: 'Legacy API', identifier: audience, scopes: values }
  await auth0.manage('POST', 'resource-servers', api)
  const { body } = await auth0.manage('POST', 'clients', {
    ...{ name: 'Legacy Operator', app_type: 'non_interactive' },
    grant_types: ['client_credentials'],
  })
  const client = body as { readonly client_id: string; readonly client_secret: string }
  const grant = { client_id: client.client_id, audience, scope: scopes }
  await auth0.manage('POST', 'client-grants', grant)
  return client
}
