import { readSetting } from '../../core/settings.ts'
import { type CommandContext, CommandError } from '../command.ts'

/**
 * Whether AUTH0_DOMAIN is the tenant that a command is for. A connection that asked its own tenant would
 * ask without end, and an import into the tenant that users are in would mark all of them as moved.
 *
 * @param isOldTenant True: of a command with --old-tenant.
 * @throws {CommandError} `setting_invalid`.
 */
export function assertTwoTenants({ env }: Pick<CommandContext, 'env'>, isOldTenant: boolean): void {
  const [domain, old] = ['AUTH0_DOMAIN', 'OLD_TENANT_DOMAIN'].map((name) =>
    readSetting(env, name)?.trim().toLowerCase(),
  )
  if (old === undefined || (domain === old) === isOldTenant) return
  const message = isOldTenant
    ? 'AUTH0_DOMAIN is not OLD_TENANT_DOMAIN: with --old-tenant, AUTH0_… have to be those of the tenant that the users are in. Nothing was done.'
    : 'AUTH0_DOMAIN is OLD_TENANT_DOMAIN: AUTH0_… have to be those of the tenant that the users move to. Nothing was done.'
  throw new CommandError('setting_invalid', message)
}
