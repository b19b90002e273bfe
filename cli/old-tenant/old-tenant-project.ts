import { readTenantFile } from '../../build/tenant-file.ts'
import { readSetting } from '../../core/settings.ts'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { readSettings } from '../command-line.ts'
import { configOf } from '../project-config.ts'
import { findMigrationClients, oldTenantClientNames } from '../publish/migration-clients.ts'
import { loadProject, type Project } from '../publish/project.ts'
import { assertTwoTenants } from './assert-two-tenants.ts'

const oldTenantFile = 'tenant.old.yaml'

/**
 * What is published to the tenant that the users are in: tenant.old.yaml, and that its application may
 * use the connection that OLD_TENANT_CONNECTION names. Nothing else of that connection is touched.
 *
 * @throws {CommandError} `setting_invalid` where the config has no old tenant; `setting_missing`,
 *   `project_invalid`, `dist_stale`.
 */
async function loadOldTenantProject(
  root: string,
  { env }: Pick<CommandContext, 'env'>,
): Promise<Project> {
  // Before the build is looked at: to build it anew would mend nothing.
  const { source } = await configOf(root)
  if (source !== 'auth0-tenant') {
    const message = `migration.config.ts: source has to be 'auth0-tenant', with oldTenant: which metadata come along is in the code of the old tenant's Action.`
    throw new CommandError('setting_invalid', message)
  }
  const project = await loadProject(root)
  const read = readTenantFile(root, oldTenantFile)
  if ('problems' in read) {
    const lines = read.problems.map(({ subject, message }) => `${subject} ${message}`)
    throw new CommandError('project_invalid', lines.join('\n'))
  }
  const { OLD_TENANT_CONNECTION: connection } = readSettings(env, ['OLD_TENANT_CONNECTION'])
  const database = {
    name: connection,
    strategy: 'auth0',
    enabled_clients: [oldTenantClientNames.actions],
    options: { customScripts: {}, configuration: {} },
  }
  return {
    ...project,
    tenantFile: { ...read.tenant, databases: [...read.tenant.databases, database] },
    // After all others: whom one of those denies is not handed over.
    config: { ...project.config, connection, bindings: 'last' },
    clientNames: oldTenantClientNames,
    isOldTenant: true,
  }
}

/**
 * tenant.yaml, or with `--old-tenant` tenant.old.yaml.
 *
 * @throws {CommandError} `setting_invalid` where AUTH0_… are those of the other tenant.
 */
export async function projectOf(
  context: Pick<CommandContext, 'cwd' | 'env'>,
  isOldTenant: boolean,
): Promise<Project> {
  const { cwd } = context
  const project = await (isOldTenant ? loadOldTenantProject(cwd, context) : loadProject(cwd))
  if (project.config.source === 'auth0-tenant') assertTwoTenants(context, isOldTenant)
  return project
}

/** What the new tenant is to be given. The secret stays where it is: nobody's log is the place for it. */
export async function settingsText(
  tenant: Auth0Tenant,
  { env }: Pick<CommandContext, 'env'>,
): Promise<string> {
  const { actions } = await findMigrationClients(tenant, undefined, oldTenantClientNames)
  return [
    '. For the new tenant:',
    `  OLD_TENANT_DOMAIN=${tenant.domain}`,
    `  OLD_TENANT_CLIENT_ID=${actions?.id ?? ''}`,
    `  OLD_TENANT_CLIENT_SECRET, in the Dashboard, at the application ${oldTenantClientNames.actions}`,
    `  OLD_TENANT_CONNECTION=${readSetting(env, 'OLD_TENANT_CONNECTION') ?? ''}`,
  ].join('\n')
}
