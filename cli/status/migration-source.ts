import type { MigrationConfig } from '../../core/migration-config.ts'
import type { CommandContext } from '../command.ts'
import { connectLegacyOperator } from '../legacy-operator.ts'
import { connectOldTenantUsers } from '../old-tenant/moved-users.ts'
import { type MigrationCounts, readCounts } from './legacy-counts.ts'
import { legacyIds, type StreamFilter } from './legacy-stream.ts'

/** Where users come from, as far as it knows who of them has migrated. */
export interface MigrationSource {
  /** In a sentence: `the legacy API`. */
  readonly name: string
  /** @throws {CommandError} As what asks the source does. */
  counts(): Promise<MigrationCounts>
  /**
   * The legacy ids of a filter, each once, or an error: nobody takes a part of them for everybody.
   *
   * @throws {CommandError} As what asks the source does.
   */
  legacyIds(filter: StreamFilter): AsyncIterable<string>
  close(): Promise<void>
}

/**
 * The source that migration.config.ts names, with the settings that it takes. Nothing is asked of it yet.
 *
 * @throws {CommandError} `setting_missing`, `setting_invalid`.
 */
export function connectMigrationSource(
  { source }: Pick<MigrationConfig, 'source'>,
  context: CommandContext,
): MigrationSource {
  if (source === 'auth0-tenant') return connectOldTenantUsers(context)
  const operator = connectLegacyOperator(context)
  return {
    name: 'the legacy API',
    counts: () => readCounts(operator, context.signal),
    legacyIds: (filter) => legacyIds(operator, filter, context),
    close: async () => undefined,
  }
}
