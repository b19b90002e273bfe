import { type Auth0Tenant, connectTenant } from './auth0-tenant.ts'
import type { CommandContext } from './command.ts'
import { checkDomain, readSettings } from './command-line.ts'

/** The names of the settings that say which tenant, and as which application. */
export const tenantSettings = ['AUTH0_DOMAIN', 'AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET'] as const

/** @throws {CommandError} `setting_missing`, `setting_invalid`. */
export function tenantOfEnvironment({
  env,
  signal,
  say,
}: Pick<CommandContext, 'env' | 'signal'> & Partial<Pick<CommandContext, 'say'>>): Auth0Tenant {
  const settings = readSettings(env, tenantSettings)
  return connectTenant({
    domain: checkDomain('AUTH0_DOMAIN', settings.AUTH0_DOMAIN),
    clientId: settings.AUTH0_CLIENT_ID,
    clientSecret: settings.AUTH0_CLIENT_SECRET,
    signal,
    ...(say !== undefined && { say }),
  })
}
