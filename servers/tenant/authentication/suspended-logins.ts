import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import { isBrowser, knownBrowser } from './browser.ts'
import type { Authorization } from './finish-authorization.ts'
import type { SuspendedLogin } from './login-state.ts'
import { withParameters } from './redirect-uri.ts'
import type { LoginSuspension } from './run-actions.ts'
import { digest, newSecret } from './secrets.ts'

/** Milliseconds. https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations (1 h) */
const lifetime = 3_600_000

/**
 * Keeps a login that an Action sent elsewhere until its browser is back at `/continue`.
 *
 * @returns Where the browser goes: the Action's URL, with the `state` that it has to bring back.
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export function suspendLogin(
  c: Context,
  { activity, now }: Tenant,
  { connection, request, session, startsSession, transactionId }: Authorization,
  { outcome, url }: LoginSuspension,
): string {
  const { suspendedLogins } = activity
  for (const [old, { expiresAt }] of suspendedLogins) {
    if (expiresAt > now()) break
    suspendedLogins.delete(old)
  }
  const state = newSecret()
  suspendedLogins.set(digest(state), {
    browser: digest(knownBrowser(c)),
    request,
    connectionId: connection.id,
    session,
    startsSession,
    transactionId,
    outcome,
    expiresAt: now() + lifetime,
  })
  return withParameters(url, { state })
}

/** Takes a suspended login: it goes on once. @returns Null when it is over, or another browser's. */
export function takeSuspendedLogin(
  c: Context,
  { activity, now }: Tenant,
  state: string | undefined,
): SuspendedLogin | null {
  const key = digest(state ?? '')
  const suspended = activity.suspendedLogins.get(key)
  if (suspended === undefined || now() >= suspended.expiresAt) return null
  if (!isBrowser(c, suspended.browser)) return null
  activity.suspendedLogins.delete(key)
  return suspended
}
