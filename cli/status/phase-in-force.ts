import type { Auth0Tenant } from '../auth0-tenant.ts'
import { clientNames, listClients, readClient, uniqueIdOf } from '../publish/migration-clients.ts'
import { type PublishRecord, recordIn } from '../publish/record.ts'

/**
 * The phase by the record on the tenant.
 *
 * @returns Null where nothing was published by the kit, or not by a version that keeps a record.
 * @throws {CommandError} As `succeeded` does: `scope_missing` without read:clients.
 */
export async function readPhaseInForce(
  tenant: Auth0Tenant,
): Promise<Pick<PublishRecord, 'phase' | 'since'> | null> {
  const id = uniqueIdOf(await listClients(tenant), clientNames.actions)
  const record = id === null ? null : recordIn(await readClient(tenant, id))
  return record === null ? null : { phase: record.phase, since: record.since }
}
