import { loadMigrationConfig } from '../build/migration-config.ts'
import type { MigrationConfig } from '../core/migration-config.ts'
import { CommandError } from './command.ts'

/** @throws {CommandError} `setting_invalid`, with every mistake. */
export async function configOf(cwd: string): Promise<MigrationConfig> {
  const result = await loadMigrationConfig(cwd)
  if ('config' in result) return result.config
  const lines = result.problems.map(({ subject, message }) => `${subject} ${message}`)
  throw new CommandError('setting_invalid', lines.join('\n'))
}
