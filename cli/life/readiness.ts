import type { PublishRecord } from '../publish/record.ts'
import { addUp, type MigrationCounts } from '../status/legacy-counts.ts'
import type { MigrationSource } from '../status/migration-source.ts'
import { grouped } from '../status/numbers.ts'

/** Why a migration is not over. */
export interface Reason {
  readonly code: ReasonCode
  readonly message: string
}

/** Stable: scripts look at them. */
type ReasonCode =
  | 'lazy_logins_go_on'
  | 'numbers_do_not_add_up'
  | 'reset_links_alive'
  | 'users_not_whole'
  | 'users_remaining'

export interface ReadinessInput {
  readonly record: Pick<PublishRecord, 'phase' | 'since'>
  readonly counts: MigrationCounts
  /** Users whose migration is not whole and who are not waived. */
  readonly stuck: number
  readonly allowRemaining: number
  /** Seconds. */
  readonly linkLifetime: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** All that stands against it, not the first only. */
export function reasonsAgainst(input: ReadinessInput): readonly Reason[] {
  const { counts, stuck, allowRemaining } = input
  return [
    ...reasonOfPhase(input),
    ...(addUp(counts)
      ? []
      : [reason('numbers_do_not_add_up', 'The numbers of the legacy API do not add up.')]),
    ...(counts.remaining <= allowRemaining
      ? []
      : [
          reason(
            'users_remaining',
            `${grouped(counts.remaining)} users are left, and --allow-remaining is ${grouped(allowRemaining)}: they could not log in any more but by a new password.`,
          ),
        ]),
    ...(stuck === 0
      ? []
      : [
          reason(
            'users_not_whole',
            `${grouped(stuck)} users came without their metadata: npx migration status --list names them. Mend them, or waive them by id.`,
          ),
        ]),
  ]
}

function reasonOfPhase({ record, linkLifetime, now }: ReadinessInput): readonly Reason[] {
  if (record.phase !== 'complete') {
    const message =
      'Lazy logins go on: npx migration phase complete ends them. This comes when the links to set a password that were sent before have run out.'
    return [reason('lazy_logins_go_on', message)]
  }
  const end = Date.parse(record.since) + linkLifetime * 1_000
  if (now >= end) return []
  const message = `Links to set a password that were sent before lazy logins ended may be good until ${new Date(end).toISOString()}.`
  return [reason('reset_links_alive', message)]
}

function reason(code: ReasonCode, message: string): Reason {
  return { code, message }
}

/** How many came without metadata and are not waived. Nobody is kept in memory. */
export async function countStuck(
  source: Pick<MigrationSource, 'legacyIds'>,
  waived: ReadonlySet<string>,
): Promise<number> {
  let stuck = 0
  for (const metadata of ['too-large', 'not-found'] as const) {
    const ids = source.legacyIds({ migrated: true, metadata })
    for await (const id of ids) if (!waived.has(id)) stuck += 1
  }
  return stuck
}
