import { resolve } from 'node:path'
import type { MigrationConfig } from '../../core/migration-config.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { openLegacyApi } from '../import/sources/open-source.ts'
import type { Source } from '../import/sources/source.ts'
import { openTemporaryFile } from '../temporary-file.ts'
import { assertTwoTenants } from './assert-two-tenants.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { assertOldTenantScopes, connectOldTenant } from './connect-old-tenant.ts'
import { exportRows } from './export-rows.ts'
import { exportUsers } from './export-users.ts'
import { noPasswords, openPasswordFile } from './password-file.ts'

/**
 * Opens the users of the old tenant as rows of the contract. Whoever has moved has a mark there, and is
 * left out as by any other source.
 *
 * @param passwords File of hashes from Auth0's support.
 * @throws {CommandError} `setting_invalid` where the config has another source; what the parts may.
 */
export async function openOldTenant(
  { oldTenant: carried }: Pick<MigrationConfig, 'oldTenant'>,
  passwords: string | undefined,
  context: CommandContext,
  folder: string,
): Promise<Source> {
  if (carried === undefined) {
    const message = `migration.config.ts: source has to be 'auth0-tenant', with oldTenant, to import from one.`
    throw new CommandError('setting_invalid', message)
  }
  assertTwoTenants(context, false)
  const old = connectOldTenant(context)
  await assertOldTenantScopes(old, ['read:users'])
  const { connection, tenant } = old
  await clearLeftovers(folder, Date.now())
  const file = await openTemporaryFile(folder)
  let hashes = noPasswords
  const close = async () => {
    await hashes.close()
    await file.close()
  }
  try {
    if (passwords !== undefined) {
      hashes = await openPasswordFile(resolve(context.cwd, passwords), connection, folder)
    }
    context.say(`The old tenant ${tenant.domain} exports its users …`)
    await exportUsers(tenant, file.handle, context)
    const rows = exportRows(file.handle, { connection, carried, hashOf: hashes.hashOf })
    const source = await openLegacyApi(rows, folder)
    const closeAll = () => source.close().finally(close)
    return { ...source, close: closeAll }
  } catch (error) {
    await close()
    throw error
  }
}
