import type { Context } from 'hono'
import type { Tenant } from '../state.ts'
import { isBrowser, knownBrowser } from './browser.ts'
import type { AuthorizationRequest, LoginTransaction } from './login-state.ts'
import { digest, newSecret } from './secrets.ts'

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
  const browser = digest(knownBrowser(c))
  transactions.set(digest(id), { id, browser, request, expiresAt: tenant.now() + lifetime })
  return id
}

/** @returns The transaction, null when it is over, or was begun in another browser. */
export function findTransaction(
  c: Context,
  { activity, now }: Tenant,
  id: string | undefined,
): LoginTransaction | null {
  const transaction = activity.transactions.get(digest(id ?? ''))
  if (transaction === undefined || now() >= transaction.expiresAt) return null
  return isBrowser(c, transaction.browser) ? transaction : null
}

/** @returns False when somebody else was quicker: a transaction ends once. */
export function closeTransaction({ activity }: Tenant, transaction: LoginTransaction): boolean {
  return activity.transactions.delete(digest(transaction.id))
}
