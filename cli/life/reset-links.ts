import { type Auth0Tenant, succeeded } from '../auth0-tenant.ts'

/** Seconds: five days, for links in mails and for tickets of the Management API alike. */
// https://auth0.com/docs/customize/email/email-templates/customize-email-templates
const usualLifetime = 432_000

/**
 * How long a link to set a password may be good for on this tenant: the longer of Auth0's default,
 * which tickets of the Management API have, and what the tenant's own mail says.
 *
 * @returns Seconds.
 * @throws {CommandError} As `succeeded` does: `scope_missing` without read:email_templates.
 */
export async function resetLinkLifetime(tenant: Pick<Auth0Tenant, 'manage'>): Promise<number> {
  const answer = await tenant.manage('GET', 'email-templates/reset_email')
  if (answer.status === 404) return usualLifetime
  const { urlLifetimeInSeconds: own } = succeeded<{ readonly urlLifetimeInSeconds?: unknown }>(
    answer,
    'GET email-templates',
  )
  return typeof own === 'number' ? Math.max(own, usualLifetime) : usualLifetime
}
