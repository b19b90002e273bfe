import type { Auth0Tenant } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { findMigrationClients, type MigrationClients } from '../publish/migration-clients.ts'
import { type PublishRecord, recordIn } from '../publish/record.ts'

/** A tenant that the kit was published to. */
export interface Published {
  readonly clients: MigrationClients
  /** Client id of the application that keeps the record. */
  readonly recordId: string
  readonly record: PublishRecord
}

/** @throws {CommandError} `not_published`; as `succeeded` does. */
export async function readPublished(tenant: Auth0Tenant): Promise<Published> {
  const clients = await findMigrationClients(tenant)
  const record = clients.actions === null ? null : recordIn(clients.actions)
  if (clients.actions === null || record === null) {
    const message = `${tenant.domain} has no record of a publish: npx migration publish comes first.`
    throw new CommandError('not_published', message)
  }
  return { clients, recordId: clients.actions.id, record }
}
