import type { Phase } from '../../core/phase.ts'
import type { HistoryDay } from './days.ts'
import type { MigrationCounts } from './legacy-counts.ts'
import type { Projection } from './projection.ts'
import type { LogFindings } from './tenant-logs.ts'
import type { Verification } from './verify.ts'

/** All that a status says, however it is shown. No e-mail address is in it: ids at most. */
export interface StatusReport {
  /** ISO 8601. */
  readonly at: string
  readonly connection: string
  /** By the record on the tenant; null where there is none, or it was not asked. */
  readonly phase: { readonly phase: Phase; readonly since: string } | null
  readonly counts: MigrationCounts
  readonly history: readonly HistoryDay[]
  /** Of the last seven whole days; null where there is none. */
  readonly usualRate: number | null
  readonly projection: Projection | null
  /** Null when the tenant was not asked. */
  readonly logs: LogFindings | null
  /** Null when nobody was to be verified. */
  readonly verification: Verification | null
}

/** For `--json`. */
export function foundIn(report: StatusReport): object {
  const { counts, history, logs, projection, verification } = report
  return {
    at: report.at,
    connection: report.connection,
    phase: report.phase,
    total: counts.total,
    migrated: counts.migrated,
    remaining: counts.remaining,
    complete: counts.complete,
    tooLarge: counts.too_large,
    notFound: counts.not_found,
    perDay: history.map(({ date, migrated }) => ({ date, migrated })),
    usualRate: report.usualRate,
    projection,
    logs,
    verification,
  }
}

/** Why a user's migration is not whole, and what to do about it. */
export interface Cause {
  readonly name: string
  /** Null where nobody has looked. */
  readonly users: number | null
  readonly advice: string
}

export function causesOf({ counts, logs }: StatusReport): readonly Cause[] {
  return [
    {
      name: 'too large',
      users: counts.too_large,
      advice: 'migrated without metadata, which would have taken the profile over 10 KB',
    },
    {
      name: 'not found',
      users: counts.not_found,
      advice: 'migrated without metadata: the store did not know them; asked again after 7 days',
    },
    {
      name: 'conflict',
      users: logs === null ? null : logs.conflicts.length,
      advice:
        'the store has another Auth0 user for them: a twin, a linked account or a second tenant',
    },
  ]
}
