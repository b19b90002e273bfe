import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { CommandContext } from '../command.ts'
import type { MigrationCounts } from '../status/legacy-counts.ts'
import type { StreamFilter } from '../status/legacy-stream.ts'
import type { MigrationSource } from '../status/migration-source.ts'
import { openTemporaryFile, type TemporaryFile } from '../temporary-file.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { assertOldTenantScopes, connectOldTenant } from './connect-old-tenant.ts'
import { exportedUsers } from './export-rows.ts'
import { exportUsers } from './export-users.ts'
import { accountsIn, type OldAccount } from './moved-note.ts'

/** Enough to tell who an account is and whether it has moved: no address and no name. */
const fields = ['user_id', 'identities', 'app_metadata']

/**
 * Who of an old tenant's users has moved, by one export of all of them. Not by a search: that is behind
 * by seconds, ends at 1,000, and finds profiles, where two accounts may be one. An export takes one job
 * of the Management API and a few looks at it, however many users there are; its file is not of that API.
 *
 * @throws {CommandError} `setting_missing`, `setting_invalid`; later what exporting may.
 * @see https://auth0.com/docs/manage-users/user-search/user-search-best-practices
 */
export function connectOldTenantUsers(context: CommandContext): MigrationSource {
  const old = connectOldTenant(context)
  const { connection, tenant } = old
  let exported: Promise<TemporaryFile> | undefined

  async function exportOnce(): Promise<TemporaryFile> {
    await assertOldTenantScopes(old, ['read:users'])
    await clearLeftovers(tmpdir(), Date.now())
    const file = await openTemporaryFile(tmpdir())
    try {
      context.say(`The old tenant ${tenant.domain} exports its users …`)
      await exportUsers(tenant, file.handle, { ...context, fields })
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async function* accounts(): AsyncGenerator<OldAccount> {
    exported ??= exportOnce()
    const { handle } = await exported
    yield* accountsOf(handle, connection)
  }

  return {
    name: `the old tenant ${tenant.domain}`,
    counts: () => countAccounts(accounts()),
    legacyIds: (filter) => idsOf(accounts(), filter),
    async close() {
      const file = await exported?.catch(() => undefined)
      await file?.close()
    },
  }
}

async function* accountsOf(file: FileHandle, connection: string): AsyncGenerator<OldAccount> {
  for await (const { profile } of exportedUsers(file, connection)) {
    yield* accountsIn(profile, connection)
  }
}

/** As `GET /v1/migration` of a legacy API counts. */
export async function countAccounts(accounts: AsyncIterable<OldAccount>): Promise<MigrationCounts> {
  const counts = { total: 0, complete: 0, too_large: 0, not_found: 0 }
  const days = new Map<string, number>()
  for await (const { moved } of accounts) {
    counts.total += 1
    if (moved === null) continue
    if (moved.metadata === 'complete') counts.complete += 1
    else if (moved.metadata === 'too-large') counts.too_large += 1
    else counts.not_found += 1
    const date = moved.at.slice(0, 10)
    days.set(date, (days.get(date) ?? 0) + 1)
  }
  const migrated = counts.complete + counts.too_large + counts.not_found
  const per_day = [...days].sort().map(([date, number]) => ({ date, migrated: number }))
  return { ...counts, migrated, remaining: counts.total - migrated, per_day }
}

async function* idsOf(
  accounts: AsyncIterable<OldAccount>,
  { metadata, migrated }: StreamFilter,
): AsyncGenerator<string> {
  for await (const { legacyId, moved } of accounts) {
    if (migrated !== undefined && migrated !== (moved !== null)) continue
    if (metadata === undefined || metadata === moved?.metadata) yield legacyId
  }
}
