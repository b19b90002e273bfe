import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as oidc from 'openid-client'
import { createWorkerRuntime } from '../../../actions-testing/worker-runtime.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { configure, fetchTrusting, ordersApi } from '../applications.ts'
import { createManagementClient, type ManagementClient } from '../management-client.ts'
import { timed } from '../observe.ts'
import type { Fetch } from '../user-agent.ts'
import { claimNamespace } from '../world.ts'
import { type OldTenant, organization, role, startOldTenant } from './old-tenant.ts'
import { connection, type FromTenantProject, makeFromTenantProject } from './project.ts'
import { runCommand } from './run-command.ts'

/** Two tenants that deploy-cli published to, and people who move from one to the other. */
export interface FromTenantWorld {
  readonly project: FromTenantProject
  readonly old: OldTenant
  readonly tenant: RunningTenant
  readonly management: ManagementClient
  readonly connection: string
  readonly applications: { readonly fetch: Fetch; readonly sample: oidc.Configuration }
  /** Was in the new tenant's connection before it began to migrate. */
  readonly resident: { readonly email: string; readonly password: string; readonly userId: string }
  /** Id of the new tenant's organization. */
  readonly organizationId: string
  /** Milliseconds that publishing to the new tenant took. */
  readonly publishedIn: number
  /** What commands of an operator are given. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface FromTenantOptions {
  /** Told of each step as it begins. */
  readonly onStep: (step: string) => void
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Users of the old tenant. */
  readonly users?: number
}

/** Builds, starts both tenants on free ports of this machine, and publishes to both. */
export async function createFromTenantWorld(options: FromTenantOptions): Promise<FromTenantWorld> {
  const { onStep, now, users = 13 } = options
  const opened: (() => void | Promise<void>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).toReversed()) await end()
  }
  try {
    onStep('build a project whose users are in another tenant')
    const project = await makeFromTenantProject(new Date(now).toISOString().slice(0, 10))
    opened.push(project.remove)
    onStep(`start the old tenant with ${users} users; npx migration publish --old-tenant`)
    const old = await startOldTenant(project, users)
    opened.push(() => old.tenant.close())
    onStep('start the new tenant; npx migration publish of tenant.from-tenant.yaml')
    const tenant = await startTenant({
      name: 'new-tenant',
      passwordHashRounds: 5,
      // Scripts and Actions call the old tenant: its certificate is of this machine too.
      runtime: (ca) =>
        createWorkerRuntime({
          warm: true,
          extraCaCertificates: [ca, old.tenant.caCertificate],
        }),
    })
    opened.push(() => tenant.close())
    return { ...(await furnish(project, old, tenant)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function furnish(project: FromTenantProject, old: OldTenant, tenant: RunningTenant) {
  const management = createManagementClient(tenant)
  const resident = await createResident(management)
  const { client_id, client_secret } = tenant.deployClient
  const env = {
    ...old.settings,
    CLAIM_NAMESPACE: claimNamespace,
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: client_id,
    AUTH0_CLIENT_SECRET: client_secret,
    // The operator's commands call both tenants.
    NODE_EXTRA_CA_CERTS: certificatesOf(project, [tenant, old.tenant]),
  }
  const published = await timed(() => runCommand({ env, project }, ['publish', '--yes']))
  const fetch = fetchTrusting(tenant.caCertificate)
  const application = await management.clientNamed('Sample Application')
  const organizationId = await createDirectory(management, application.client_id)
  const sample = await configure(tenant.issuer, fetch, application.client_id)
  const applications = { fetch, sample }
  const made = { project, old, tenant, management, connection, applications, resident }
  return { ...made, organizationId, publishedIn: published.elapsed, env }
}

/** As on most tenants: the connection is there, with somebody in it. */
async function createResident(management: ManagementClient): Promise<FromTenantWorld['resident']> {
  await management.post('connections', { name: connection, strategy: 'auth0' })
  const person = { email: 'resident@new.example', password: 'correct horse 9' }
  const body = { ...person, connection, email_verified: true, app_metadata: { plan: 'own' } }
  const { user_id: userId } = await management.post<{ user_id: string }>('users', body)
  return { ...person, userId }
}

/** Roles and organizations of the same names as the old tenant's: an operator makes them, or deploy-cli. */
async function createDirectory(management: ManagementClient, clientId: string): Promise<string> {
  await management.post('resource-servers', {
    name: 'Orders API',
    identifier: ordersApi,
    allow_offline_access: true,
    scopes: [{ value: 'read:orders', description: 'Read orders' }],
  })
  await management.post('roles', { name: role })
  const { id } = await management.post<{ id: string }>('organizations', { name: organization })
  const connections = await management.get<readonly { id: string; name: string }[]>('connections')
  const database = connections.find(({ name }) => name === connection)
  await management.post(`organizations/${id}/enabled_connections`, {
    connection_id: database?.id,
    assign_membership_on_login: false,
  })
  await management.patch(`clients/${clientId}`, { organization_usage: 'allow' })
  return id
}

function certificatesOf({ root }: FromTenantProject, tenants: readonly RunningTenant[]): string {
  const file = join(root, 'certificates.pem')
  writeFileSync(file, tenants.map(({ caCertificate }) => caCertificate).join('\n'))
  return file
}
