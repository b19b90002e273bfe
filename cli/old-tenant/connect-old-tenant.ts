import { readSetting } from '../../core/settings.ts'
import { type Auth0Tenant, connectTenant } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { checkDomain, readSettings } from '../command-line.ts'

/** The tenant that users come from, as its own settings name it. */
export interface OldTenant {
  readonly tenant: Auth0Tenant
  /** Name of the connection that its users are in. */
  readonly connection: string
  /** Names of the settings of the application that asks, for whoever has to mend it. */
  readonly application: string
}

/** What the login script and the Actions of the new tenant are given. */
export const oldTenantSettings = [
  'OLD_TENANT_DOMAIN',
  'OLD_TENANT_CLIENT_ID',
  'OLD_TENANT_CLIENT_SECRET',
  'OLD_TENANT_CONNECTION',
] as const

/** An application of the operator's own: for scopes that no login needs. */
const operatorSettings = [
  'OLD_TENANT_OPERATOR_CLIENT_ID',
  'OLD_TENANT_OPERATOR_CLIENT_SECRET',
] as const

export function withoutOperator(env: CommandContext['env']): CommandContext['env'] {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !operatorSettings.some((one) => one === name)),
  )
}

/**
 * Connects to the old tenant: by the application that the migration has there, or by an operator's own
 * where the environment names one.
 *
 * @throws {CommandError} `setting_missing`, `setting_invalid`. Later `token_refused`, by these names.
 */
export function connectOldTenant({
  env,
  signal,
}: Pick<CommandContext, 'env' | 'signal'>): OldTenant {
  const settings = readSettings(env, oldTenantSettings)
  const hasOperator = operatorSettings.some((name) => readSetting(env, name) !== undefined)
  const operator = hasOperator ? readSettings(env, operatorSettings) : null
  const domain = checkDomain('OLD_TENANT_DOMAIN', settings.OLD_TENANT_DOMAIN)
  const tenant = connectTenant({
    domain,
    clientId: operator?.OLD_TENANT_OPERATOR_CLIENT_ID ?? settings.OLD_TENANT_CLIENT_ID,
    clientSecret: operator?.OLD_TENANT_OPERATOR_CLIENT_SECRET ?? settings.OLD_TENANT_CLIENT_SECRET,
    signal,
  })
  const application = operator === null ? 'OLD_TENANT_CLIENT_ID' : 'OLD_TENANT_OPERATOR_CLIENT_ID'
  const named = { ...tenant, ...withNames(tenant, application) }
  return { tenant: named, connection: settings.OLD_TENANT_CONNECTION, application }
}

/** Whoever is refused reads of the settings of this tenant, not of the one that is published to. */
function withNames({ domain, manage, scopes }: Auth0Tenant, application: string) {
  const secret = application.replace(/ID$/, 'SECRET')
  const renamed = (error: unknown): never => {
    if (!(error instanceof CommandError) || error.code !== 'token_refused') throw error
    const [, why = ''] = /\((\d+[^)]*)\)/.exec(error.message) ?? []
    const todo = why.startsWith('401')
      ? `it has no application ${application}, or ${secret} is another's (npx migration publish --old-tenant makes it)`
      : `the application of ${application} has no grant for it, with the scope read:users (npx migration publish --old-tenant gives it)`
    const message = `The old tenant ${domain} gave no token for its Management API (${why}): ${todo}.`
    throw new CommandError('token_refused', message, { cause: error })
  }
  return {
    manage: (...args: Parameters<Auth0Tenant['manage']>) => manage(...args).catch(renamed),
    scopes: () => scopes().catch(renamed),
  }
}

/**
 * Asked before anything long begins.
 *
 * @throws {CommandError} `scope_missing`, naming every one that is.
 */
export async function assertOldTenantScopes(
  { tenant, application }: OldTenant,
  wanted: readonly string[],
): Promise<void> {
  const granted = await tenant.scopes()
  const missing = wanted.filter((scope) => !granted.has(scope))
  if (missing.length === 0) return
  const way =
    application === 'OLD_TENANT_CLIENT_ID'
      ? ', or name an application of yours by OLD_TENANT_OPERATOR_CLIENT_ID and …_SECRET'
      : ''
  const message = `This takes ${missing.join(', ')} on the old tenant ${tenant.domain}: grant it to the application of ${application}${way}.`
  throw new CommandError('scope_missing', message)
}
