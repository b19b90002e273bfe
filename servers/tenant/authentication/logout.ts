import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import { OAuthError } from './oauth-error.ts'
import { queryParameters } from './parameters.ts'
import { isRegistered } from './registered-urls.ts'
import { endSession } from './sessions.ts'
import { listSetting } from './tenant-settings.ts'

/**
 * GET /v2/logout: ends the session, then goes where the application or the tenant lets it. Of an
 * application that names no address, to its first one.
 *
 * @throws {OAuthError} `invalid_request` for another address; the session is over all the same.
 * @see https://auth0.com/docs/authenticate/login/logout/redirect-users-after-logout
 */
export function logout(c: Context, tenant: Tenant): Response {
  const { client_id: clientId = null, returnTo } = queryParameters(c)
  endSession(c, tenant)
  const allowed = allowedLogoutUrls(tenant, clientId)
  const wanted = returnTo ?? (clientId === null ? undefined : allowed[0])
  if (wanted === undefined) return c.text('OK')
  const target = addressOf(wanted)
  const addresses = allowed.flatMap((one) => addressOf(one) ?? [])
  if (target !== null && isRegistered(addresses, target, null)) {
    return c.redirect(new URL(wanted).href)
  }
  throw new OAuthError('invalid_request', 'returnTo is not in the Allowed Logout URLs.')
}

/** Of an application, or of the tenant where none is named. */
export function allowedLogoutUrls(tenant: Tenant, clientId: string | null): readonly string[] {
  const list =
    clientId === null
      ? listSetting(tenant, 'allowed_logout_urls')
      : tenant.state.clients.get(clientId)?.allowed_logout_urls
  return Array.isArray(list) ? list.map(String) : []
}

/** Less its query and its fragment, which are not looked at; null for what is no URL. */
function addressOf(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  url.search = ''
  url.hash = ''
  return url.href
}
