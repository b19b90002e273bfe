import type { MigrationErrorCode } from '../core/errors.ts'

/** One thing that is wrong with what was to be built: what, where, and what to do about it. */
export interface Problem {
  readonly code: MigrationErrorCode
  /** A file, or a field of one: `migration.config.ts: claims[0].path`. */
  readonly subject: string
  readonly message: string
}
