import type { JsonObject, User } from '../../../../servers/tenant/state.ts'
import { databaseUser } from '../../../../servers/tenant/users/database-user.ts'
import { hashPassword } from '../../../../servers/tenant/users/passwords.ts'
import {
  addApi,
  addClient,
  addDatabase,
  addGrant,
  legacyApi,
  ordersApi,
  passwordRealm,
} from './tenant-resources.ts'
import { startTenantUnderTest, type TenantUnderTest } from './tenant-under-test.ts'

export const ada = { username: 'ada@example.com', password: 'correct horse' }
export const adaId = 'auth0|ada'

/** Applications, APIs and a database with one user who is there already: Ada. */
export async function startSampleTenant(
  ...options: Parameters<typeof startTenantUnderTest>
): Promise<TenantUnderTest> {
  const under = await startTenantUnderTest(...options)
  const { tenant } = under
  addClient(tenant, { client_id: 'web' })
  addClient(tenant, { client_id: 'other' })
  addClient(tenant, { client_id: 'spa', token_endpoint_auth_method: 'none' })
  addClient(tenant, {
    client_id: 'trusted',
    grant_types: ['password', passwordRealm, 'refresh_token'],
  })
  addClient(tenant, { client_id: 'machine', grant_types: ['client_credentials'] })
  addApi(tenant, ordersApi)
  addApi(tenant, legacyApi, {
    subject_type_authorization: {
      user: { policy: 'deny_all' },
      client: { policy: 'require_client_grant' },
    },
  })
  addGrant(tenant, 'machine', legacyApi, ['read:things'])
  addDatabase(tenant, 'people')
  tenant.state.settings.set('tenant', { default_directory: 'people' })
  await addUser(under, 'people', 'ada', ada)
  return under
}

/** Adds a user as one who signed up long ago. @param id Without `auth0|`. */
export async function addUser(
  { tenant }: TenantUnderTest,
  database: string,
  id: string,
  { username, password }: { readonly username: string; readonly password: string },
  profile: JsonObject = {},
): Promise<void> {
  const connection = tenant.state.connections.get(`con_${database}`)
  if (connection === undefined) throw new Error(`no database ${database}`)
  const account = {
    userId: id,
    email: username,
    emailVerified: true,
    username: null,
    root: profile,
  }
  const hash = await hashPassword(tenant, password)
  const user: User = databaseUser(tenant, connection, account, hash)
  tenant.state.users.set(user.profile.user_id, user)
}
