import { randomBytes } from 'node:crypto'
import { passwordRealmRequest, processPasswordResponse } from '../../core/old-tenant-login.ts'
import { readLegacyApiSettings } from '../../core/old-tenant-settings.ts'
import type { Phase } from '../../core/phase.ts'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { readSettings } from '../command-line.ts'
import type { Project } from '../publish/project.ts'
import {
  assertOldTenantScopes,
  connectOldTenant,
  oldTenantSettings,
  withoutOperator,
} from './connect-old-tenant.ts'

/** `.invalid` is nobody's domain. https://www.rfc-editor.org/rfc/rfc6761#section-6.4 */
const nobody = 'nobody@preflight.invalid'

/**
 * Looks at the old tenant before anything of the new one is changed, as long as logins ask it.
 *
 * @throws {CommandError} `old_tenant_unfit`, `token_refused`, `scope_missing`.
 */
export async function assertSource(
  { config, isOldTenant }: Pick<Project, 'config' | 'isOldTenant'>,
  phase: Phase,
  context: Pick<CommandContext, 'env' | 'signal'>,
): Promise<void> {
  if (config.source !== 'auth0-tenant' || isOldTenant || phase !== 'lazy') return
  // By the application that logins use, whatever the operator has besides.
  const old = connectOldTenant({ ...context, env: withoutOperator(context.env) })
  await assertLoginGrant(old.tenant, context)
  await assertOldTenantScopes(old, ['read:users', 'update:users_app_metadata'])
}

/**
 * Whether the login script will be able to ask the old tenant: one login there of somebody who cannot
 * exist. Where all is well it is a wrong password.
 *
 * @throws {CommandError} `old_tenant_unfit`, naming what is wrong with it.
 */
async function assertLoginGrant(
  { send, domain }: Pick<Auth0Tenant, 'domain' | 'send'>,
  { env }: Pick<CommandContext, 'env'>,
): Promise<void> {
  const settings = readLegacyApiSettings(readSettings(env, oldTenantSettings))
  if ('code' in settings) {
    throw new CommandError('setting_invalid', `${settings.settings.join(', ')} cannot be used.`)
  }
  const request = passwordRealmRequest(settings, nobody, randomBytes(24).toString('base64url'))
  const { status, body } = await send('POST', 'oauth/token', JSON.parse(request.body ?? '{}'))
  const answer = processPasswordResponse({
    status,
    body: JSON.stringify(body),
    contentType: 'application/json',
  })
  if (answer.type === 'problem' && answer.problem === 'invalid-credentials') return
  // Somebody tries a lot: it says nothing against the application.
  if (answer.type === 'outage' && answer.code === 'old_tenant_too_many_attempts') return
  throw new CommandError(
    'old_tenant_unfit',
    `The old tenant ${domain} cannot be asked for logins: ${reasonOf(answer, status)}.`,
  )
}

/** What an operator has to mend, in words. */
export function reasonOf(
  answer: ReturnType<typeof processPasswordResponse>,
  status: number,
): string {
  const { code = '', settings = [] } = answer.type === 'outage' ? answer : {}
  if (code === 'old_tenant_grant_missing') {
    return 'the application of OLD_TENANT_CLIENT_ID has not the grant type http://auth0.com/oauth/grant-type/password-realm (npx migration publish --old-tenant gives it)'
  }
  if (settings.includes('OLD_TENANT_CONNECTION')) {
    return 'OLD_TENANT_CONNECTION is no connection of it, or not enabled for the application of OLD_TENANT_CLIENT_ID'
  }
  if (settings.length > 0) {
    return 'it has no application of OLD_TENANT_CLIENT_ID, or OLD_TENANT_CLIENT_SECRET is another’s'
  }
  // No Action and no Rule denies somebody who is not there.
  const isDenied = code === 'old_tenant_denied'
  return `it answered ${status}${isDenied ? ', as bot detection does' : ''}`
}
