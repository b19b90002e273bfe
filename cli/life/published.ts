import { loadMigrationConfig } from '../../build/migration-config.ts'
import type { Problem } from '../../build/problem.ts'
import { readTenantFile } from '../../build/tenant-file.ts'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { findMigrationClients, type MigrationClients } from '../publish/migration-clients.ts'
import type { Project } from '../publish/project.ts'
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

/**
 * tenant.yaml and migration.config.ts without any bundle: names of secrets are all that a switch of
 * the phase takes, and a kill switch does not wait for a build.
 *
 * @throws {CommandError} `project_invalid`.
 */
export async function loadNames(root: string): Promise<Project> {
  const loaded = await loadMigrationConfig(root)
  const read = readTenantFile(root)
  if ('problems' in loaded) throw invalid(loaded.problems)
  if ('problems' in read) throw invalid(read.problems)
  return { root, config: loaded.config, tenantFile: read.tenant, bundles: new Map() }
}

function invalid(problems: readonly Problem[]): CommandError {
  const lines = problems.map(({ code, subject, message }) => `${subject} ${message} [${code}]`)
  return new CommandError('project_invalid', lines.join('\n'))
}
