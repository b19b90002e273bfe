import { createWorkerRuntime } from '../../../actions-testing/worker-runtime.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { type DeploymentResult, deploy } from '../../deploy.ts'
import { makeSampleUsers, type SampleUser } from '../legacy-users.ts'
import { createManagementClient, type ManagementClient } from '../management-client.ts'
import { connection } from './project.ts'

/** The tenant that users move from. */
export interface OldTenant {
  readonly tenant: RunningTenant
  readonly management: ManagementClient
  readonly deployment: DeploymentResult
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
export async function startOldTenant(oldRoot: string, count: number): Promise<OldTenant> {
  const calls: string[] = []
  const tenant = await startTenant({
    name: 'old-tenant',
    runtime: createWorkerRuntime({ warm: true, threads: 1 }),
    passwordHashRounds: 5,
    onRequest: ({ method, route }) => calls.push(`${method} ${route}`),
  })
  try {
    const management = createManagementClient(tenant)
    const connectionId = await createConnection(management)
    const users = await createUsers(management, count)
    const deployment = await publish(tenant, oldRoot)
    const client = await management.clientNamed('Tenant Migration')
    // By deploy-cli it would be the list of all applications: others would lose the connection.
    await management.patch(`connections/${connectionId}/clients`, [
      { client_id: client.client_id, status: true },
    ])
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
    return { tenant, management, deployment, settings, calls, takeUser }
  } catch (error) {
    await tenant.close()
    throw error
  }
}

async function createConnection(management: ManagementClient): Promise<string> {
  const { id } = await management.post<{ id: string }>('connections', {
    name: connection,
    strategy: 'auth0',
  })
  return id
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

async function publish(tenant: RunningTenant, root: string): Promise<DeploymentResult> {
  const { client_id: clientId, client_secret: clientSecret } = tenant.deployClient
  const { caFile, domain } = tenant
  const result = await deploy({ root, domain, caFile, clientId, clientSecret, keywords: {} })
  if (result.exitCode === 0) return result
  throw new Error(
    `a0deploy import to the old tenant ended with ${result.exitCode}:\n${result.output}`,
  )
}
