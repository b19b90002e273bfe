import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import {
  connection,
  type FromTenantProject,
  makeFromTenantProject,
} from '../../../cli/demo/from-tenant/project.ts'
import {
  createManagementClient,
  type ManagementClient,
} from '../../../cli/demo/management-client.ts'
import {
  type RunningTenant,
  startTenant,
  type TenantOptions,
} from '../../../servers/tenant/server.ts'
import { type Ended, migration } from '../run-migration.ts'

/** An old tenant with something of others' on it, and a project to publish. */
export interface OldTenantWorld {
  readonly project: FromTenantProject
  readonly running: RunningTenant
  readonly management: ManagementClient
  /** Settings by which commands ask it as the tenant to publish to. */
  readonly env: Readonly<Record<string, string>>
  run(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Ended>
  close(): Promise<void>
}

export async function startOldTenantWorld(
  options: Partial<TenantOptions> = {},
): Promise<OldTenantWorld> {
  const project = await makeFromTenantProject('2026-11-21')
  const running = await startTenant({
    runtime: createInProcessRuntime(),
    buildTime: 0,
    passwordHashRounds: 4,
    ...options,
  })
  const management = createManagementClient(running)
  await management.post('connections', { name: connection, strategy: 'auth0' })
  const { client_id, client_secret } = running.deployClient
  const env = {
    AUTH0_DOMAIN: running.domain,
    AUTH0_CLIENT_ID: client_id,
    AUTH0_CLIENT_SECRET: client_secret,
    OLD_TENANT_CONNECTION: connection,
    NODE_EXTRA_CA_CERTS: running.caFile,
  }
  return {
    ...{ project, running, management, env },
    run: (args, more = {}) => migration(args, { cwd: project.root, env: { ...env, ...more } }),
    async close() {
      await running.close()
      project.remove()
    },
  }
}

/** The settings by which a new tenant asks it, once it is published to. */
export async function oldTenantSettings({ management, running }: OldTenantWorld) {
  const client = await management.clientNamed('Tenant Migration')
  return {
    OLD_TENANT_DOMAIN: running.domain,
    OLD_TENANT_CLIENT_ID: client.client_id,
    OLD_TENANT_CLIENT_SECRET: client.client_secret,
    OLD_TENANT_CONNECTION: connection,
  }
}

interface ShownBinding {
  readonly id: string
  readonly created_at: string
  readonly updated_at: string
}

/** A list of bindings is written whole: each of them is made anew, with another id and time. */
async function bindingsOf({ management }: OldTenantWorld): Promise<readonly object[]> {
  const { bindings } = await management.get<{ readonly bindings: readonly ShownBinding[] }>(
    'actions/triggers/post-login/bindings',
  )
  return bindings.map(({ id: _, created_at: __, updated_at: ___, ...binding }) => binding)
}

/** Everything that GET shows of what can be configured. */
export async function everything(world: OldTenantWorld) {
  const { management } = world
  const connections = await management.get<readonly { readonly id: string }[]>('connections')
  return {
    actions: await management.get('actions/actions'),
    bindings: await bindingsOf(world),
    clients: await management.get('clients?per_page=100'),
    grants: await management.get('client-grants?per_page=100'),
    apis: await management.get('resource-servers?per_page=100'),
    settings: await management.get('tenants/settings'),
    connections,
    enabled: await Promise.all(
      connections.map(({ id }) => management.get(`connections/${id}/clients`)),
    ),
  }
}
