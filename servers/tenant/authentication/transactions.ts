import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Tenant } from '../state.ts'
import type { AuthorizationRequest, LoginTransaction } from './login-state.ts'
import { digest, newSecret } from './secrets.ts'

const cookieName = 'auth0_browser'

/** Milliseconds. https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations (1 h) */
const lifetime = 3_600_000

/**
 * Opens a login page for a browser. Its id is of no use without the browser's cookie, so nobody can
 * have somebody else's browser post a login that they began (login CSRF).
 *
 * @returns The id, for the page's `state`.
 */
export function openTransaction(c: Context, tenant: Tenant, request: AuthorizationRequest): string {
  const { transactions } = tenant.activity
  for (const [old, { expiresAt }] of transactions) {
    if (expiresAt > tenant.now()) break
    transactions.delete(old)
  }
  const id = newSecret()
  const browser = digest(browserOf(c))
  transactions.set(digest(id), { id, browser, request, expiresAt: tenant.now() + lifetime })
  return id
}

/** @returns The transaction, null when it is over, or was begun in another browser. */
export function findTransaction(
  c: Context,
  { activity, now }: Tenant,
  id: string | undefined,
): LoginTransaction | null {
  const browser = getCookie(c, cookieName, 'host')
  if (id === undefined || browser === undefined) return null
  const transaction = activity.transactions.get(digest(id))
  if (transaction === undefined || now() >= transaction.expiresAt) return null
  return transaction.browser === digest(browser) ? transaction : null
}

/** @returns False when somebody else was quicker: a transaction ends once. */
export function closeTransaction({ activity }: Tenant, transaction: LoginTransaction): boolean {
  return activity.transactions.delete(digest(transaction.id))
}

function browserOf(c: Context): string {
  const known = getCookie(c, cookieName, 'host')
  if (known !== undefined) return known
  const secret = newSecret()
  setCookie(c, cookieName, secret, {
    prefix: 'host',
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
  })
  return secret
}
