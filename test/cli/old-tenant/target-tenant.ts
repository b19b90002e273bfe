import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { connection } from '../../../cli/demo/from-tenant/project.ts'
import {
  createManagementClient,
  type ManagementClient,
} from '../../../cli/demo/management-client.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { type OldTenantWorld, oldTenantSettings } from './old-tenant-world.ts'

/** The tenant that users move to, with the usual connection and nothing published yet. */
export interface TargetTenant {
  readonly running: RunningTenant
  readonly management: ManagementClient
  /** Settings of both tenants, for commands. */
  readonly env: Readonly<Record<string, string>>
}

export async function startTargetTenant(old: OldTenantWorld): Promise<TargetTenant> {
  const running = await startTenant({
    ...{ runtime: createInProcessRuntime(), buildTime: 0, passwordHashRounds: 4 },
  })
  const management = createManagementClient(running)
  const { client_id } = await management.post<{ client_id: string }>('clients', { name: 'Shop' })
  const enabled_clients = [client_id]
  await management.post('connections', { name: connection, strategy: 'auth0', enabled_clients })
  const certificates = join(old.project.root, 'both.pem')
  writeFileSync(certificates, `${running.caCertificate}\n${old.running.caCertificate}`)
  const env = {
    ...(await oldTenantSettings(old)),
    AUTH0_DOMAIN: running.domain,
    AUTH0_CLIENT_ID: running.deployClient.client_id,
    AUTH0_CLIENT_SECRET: running.deployClient.client_secret,
    NODE_EXTRA_CA_CERTS: certificates,
  }
  return { running, management, env }
}
