import type { MigrationConfig } from '../core/migration-config.ts'
import type { CommandContext } from './command.ts'
import { connectLegacyOperator, type LegacyOperator } from './legacy-operator.ts'
import { connectOldTenantUnmarks } from './old-tenant/unmark-moved.ts'

/**
 * Whoever takes marks back: the legacy API, or the old tenant where users come from one.
 *
 * @throws {CommandError} `setting_missing`, `setting_invalid`.
 */
export function connectUnmarks(
  { source }: Pick<MigrationConfig, 'source'>,
  context: CommandContext,
): Pick<LegacyOperator, 'apiUrl' | 'unmark'> {
  return source === 'auth0-tenant'
    ? connectOldTenantUnmarks(context)
    : connectLegacyOperator(context)
}
