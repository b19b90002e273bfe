import type { MigrationConfig } from '../../core/migration-config.ts'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import type { CommandContext, CommandResult } from '../command.ts'
import type { MigrationSource } from './migration-source.ts'
import { readTenantLogs } from './tenant-logs.ts'

export interface ListSources {
  readonly source: Pick<MigrationSource, 'legacyIds'>
  readonly tenant: Pick<Auth0Tenant, 'manage'> | null
  readonly config: Pick<MigrationConfig, 'connection'>
  readonly logins: number
}

/** Prints the legacy ids of those whose migration is not whole, each as it comes. */
export async function listStuckUsers(
  { source, tenant, config, logins }: ListSources,
  context: CommandContext,
  json: boolean,
): Promise<CommandResult> {
  let count = 0
  const print = (cause: string, legacyId: string) => {
    count += 1
    // An id may hold any character: a line break in it must not make two lines.
    const text = `${cause}\t${/[\p{Cc}\u2028\u2029]/u.test(legacyId) ? JSON.stringify(legacyId) : legacyId}`
    return context.print(json ? JSON.stringify({ cause, legacyId }) : text)
  }
  for (const metadata of ['too-large', 'not-found'] as const) {
    const ids = source.legacyIds({ migrated: true, metadata })
    for await (const legacyId of ids) await print(metadata, legacyId)
  }
  if (tenant !== null) {
    const { conflicts } = await readTenantLogs(tenant, config.connection, logins, context)
    for (const legacyId of conflicts) await print('conflict', legacyId)
  }
  return { exitStatus: 0, found: { end: true, count }, text: '' }
}
