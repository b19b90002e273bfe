import type { Client, Tenant } from '../state.ts'
import { OAuthError } from './oauth-error.ts'
import { setting } from './tenant-settings.ts'

const skip = 'skip_non_verifiable_callback_uri_confirmation_prompt'

/**
 * Where nobody can know which program on a device receives the answer, people are asked to confirm it,
 * and so nothing is given silently. The application's setting goes before the tenant's. A login on a
 * page needs no such prompt; single sign-on without a page would, and passes here as if confirmed.
 *
 * @throws {OAuthError} `interaction_required` (assumption `silent-login-to-loopback-needs-interaction`).
 * @see https://auth0.com/docs/secure/security-guidance/measures-against-app-impersonation
 */
export function assertVerifiable(tenant: Tenant, client: Client, redirectUri: string): void {
  if ((client[skip] ?? setting(tenant, skip)) === true || isVerifiable(redirectUri)) return
  const description = 'The redirect_uri is not verifiable: a person has to confirm the application.'
  throw new OAuthError('interaction_required', description)
}

/** Names below `localhost` are taken for verifiable. */
// https://support.auth0.com/center/s/article/understanding-and-testing-the-non-verifiable-callback-uri-consent-screen
function isVerifiable(redirectUri: string): boolean {
  const { hostname, protocol } = new URL(redirectUri)
  if (protocol !== 'https:' && protocol !== 'http:') return false
  return hostname !== 'localhost' && hostname !== '[::1]' && !hostname.startsWith('127.')
}
