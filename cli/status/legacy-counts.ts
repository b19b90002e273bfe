import { z } from 'zod'
import { CommandError } from '../command.ts'
import type { LegacyOperator } from '../legacy-operator.ts'
import { pause } from '../pause.ts'

const number = z.int().nonnegative()

const schema = z.object({
  total: number,
  migrated: number,
  remaining: number,
  complete: number,
  too_large: number,
  not_found: number,
  per_day: z.array(z.object({ date: z.iso.date(), migrated: number })),
})

/** `MigrationCounts` of the contract. */
export type MigrationCounts = z.infer<typeof schema>

const mostTries = 4
/** Milliseconds. */
const firstWait = 500

/**
 * How far the migration is, by the legacy store.
 *
 * @throws {CommandError} `request_failed`, also for an answer that is not of the contract; `interrupted`.
 */
export async function readCounts(
  operator: Pick<LegacyOperator, 'read'>,
  signal: AbortSignal,
): Promise<MigrationCounts> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const response = await operator.read('read:legacy_users', 'v1/migration')
    const body = await response?.json().catch(() => null)
    if (response !== null && body !== null) return checked(body)
    if (tries < mostTries) await pause(firstWait * 2 ** (tries - 1), signal)
  }
  const why = 'The legacy API gave no numbers (GET /v1/migration): look at LEGACY_API_URL.'
  throw new CommandError('request_failed', why)
}

function checked(body: unknown): MigrationCounts {
  const { success, data, error } = schema.safeParse(body)
  const members = error?.issues.map(({ path }) => path.join('.')).join(', ')
  if (!success) throw new CommandError('request_failed', `${notOfContract}: ${members}.`)
  return data
}

/** False of a store that counts while users migrate: nothing may be decided by such numbers. */
export function addUp(counts: MigrationCounts): boolean {
  const { total, migrated, remaining, complete, too_large, not_found } = counts
  return migrated + remaining === total && complete + too_large + not_found === migrated
}

const notOfContract = 'GET /v1/migration of the legacy API is not of the contract'
