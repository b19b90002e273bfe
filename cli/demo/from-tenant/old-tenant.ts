import { createWorkerRuntime } from '../../../actions-testing/worker-runtime.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { makeSampleUsers, type SampleUser } from '../legacy-users.ts'
import { createManagementClient, type ManagementClient } from '../management-client.ts'
import { timed } from '../observe.ts'
import { connection, type FromTenantProject } from './project.ts'
import { runCommand } from './run-command.ts'

/** The tenant that users move from. */
export interface OldTenant {
  readonly tenant: RunningTenant
  readonly management: ManagementClient
  /** Milliseconds that publishing to it took. */
  readonly publishedIn: number
  /** What the new tenant is given of it. */
  readonly settings: Readonly<Record<string, string>>
  /** Requests that were answered, by method and route. */
  readonly calls: readonly string[]
  /** A user whom no other fact has. */
  takeUser(): OldUser
}

export interface OldUser extends Pick<SampleUser, 'app_metadata' | 'email' | 'password'> {
  /** `auth0|…` */
  readonly userId: string
  readonly user_metadata: { readonly [key: string]: unknown }
  /** Names. */
  readonly roles: readonly string[]
  readonly organizations: readonly string[]
}

export const role = 'editor'
export const organization = 'acme'

/** Starts it, fills it with users as a company has them, and publishes tenant.old.yaml to it. */
export async function startOldTenant(
  project: FromTenantProject,
  count: number,
): Promise<OldTenant> {
  const calls: string[] = []
  const tenant = await startTenant({
    name: 'old-tenant',
    runtime: createWorkerRuntime({ warm: true, threads: 1 }),
    passwordHashRounds: 5,
    onRequest: ({ method, route }) => calls.push(`${method} ${route}`),
  })
  try {
    const management = createManagementClient(tenant)
    await management.post('connections', { name: connection, strategy: 'auth0' })
    const users = await createUsers(management, count)
    const { elapsed } = await timed(() => publish(project, tenant))
    const client = await management.clientNamed('Tenant Migration')
    const settings = {
      OLD_TENANT_DOMAIN: tenant.domain,
      OLD_TENANT_CLIENT_ID: client.client_id,
      OLD_TENANT_CLIENT_SECRET: client.client_secret,
      OLD_TENANT_CONNECTION: connection,
    }
    const waiting = [...users]
    const takeUser = () => {
      const user = waiting.shift()
      if (user === undefined) throw new Error('The old tenant has no more users.')
      return user
    }
    return { tenant, management, publishedIn: elapsed, settings, calls, takeUser }
  } catch (error) {
    await tenant.close()
    throw error
  }
}

async function createUsers(management: ManagementClient, count: number) {
  const { id: roleId } = await management.post<{ id: string }>('roles', { name: role })
  const made = await management.post<{ id: string }>('organizations', { name: organization })
  const users: OldUser[] = []
  for (const sample of makeSampleUsers(count)) {
    const { app_metadata, email, name, password, user_metadata } = sample
    const body = { connection, email, email_verified: true, name, password }
    const { user_id: userId } = await management.post<{ user_id: string }>('users', {
      ...body,
      app_metadata,
      user_metadata,
    })
    await management.post(`users/${encodeURIComponent(userId)}/roles`, { roles: [roleId] })
    await management.post(`organizations/${made.id}/members`, { members: [userId] })
    const given = { roles: [role], organizations: [organization] }
    users.push({ app_metadata, email, password, user_metadata, userId, ...given })
  }
  return users
}

/** By the command of an operator, which runs deploy-cli: other applications keep the connection. */
function publish(project: FromTenantProject, { caFile, deployClient, domain }: RunningTenant) {
  const env = {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: deployClient.client_id,
    AUTH0_CLIENT_SECRET: deployClient.client_secret,
    OLD_TENANT_CONNECTION: connection,
    NODE_EXTRA_CA_CERTS: caFile,
  }
  return runCommand({ env, project }, ['publish', '--old-tenant', '--yes'])
}

/**
 * Has a user enrol a second factor, as people do on a page of Auth0's. Nobody else can: the Management
 * API gives nobody one.
 */
export function enrol({ tenant }: OldTenant, { userId }: OldUser): void {
  const { users } = tenant.tenant.state
  const user = users.get(userId)
  if (user === undefined) throw new Error('The old tenant has no such user.')
  users.set(userId, { ...user, profile: { ...user.profile, multifactor: ['guardian'] } })
}
