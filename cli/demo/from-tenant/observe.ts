import type { OldTenant, OldUser } from './old-tenant.ts'
import type { FromTenantWorld } from './world.ts'

export interface StoredUser {
  readonly user_id: string
  readonly email: string
  readonly app_metadata?: { readonly [key: string]: unknown }
  readonly user_metadata?: { readonly [key: string]: unknown }
}

/** A user as one of the two tenants shows them; null when it has none of that id. */
export function userOn(
  { management }: Pick<OldTenant, 'management'>,
  { userId }: Pick<OldUser, 'userId'>,
): Promise<StoredUser | null> {
  return management.find(`users/${encodeURIComponent(userId)}`)
}

/** The mark that the old tenant keeps: whose id the user has now. */
export async function movedTo(
  { old }: Pick<FromTenantWorld, 'old'>,
  user: Pick<OldUser, 'userId'>,
): Promise<unknown> {
  const mark = (await userOn(old, user))?.app_metadata?.moved_to_new_tenant
  return typeof mark === 'object' && mark !== null && 'auth0_user_id' in mark
    ? mark.auth0_user_id
    : undefined
}

/** The calls that arrive at the old tenant while `run` does. */
export async function oldCallsDuring<Result>(
  { old }: Pick<FromTenantWorld, 'old'>,
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly calls: readonly string[] }> {
  const before = old.calls.length
  const result = await run()
  return { result, calls: old.calls.slice(before) }
}

/** Everything that logins ask the old tenant. */
const routes = [
  ['POST', '/oauth/token'],
  ['GET', '/api/v2/users-by-email'],
  ['GET', '/api/v2/users/{id}'],
  ['PATCH', '/api/v2/users/{id}'],
] as const

/** Runs with the old tenant out of order, and mends it again whatever happens. */
export async function whileOldTenantIsDown<Result>(
  { old }: Pick<FromTenantWorld, 'old'>,
  run: () => Promise<Result>,
): Promise<Result> {
  const { faults } = old.tenant
  for (const [method, route] of routes) faults.add({ method, route, cut: 'before' })
  try {
    return await run()
  } finally {
    faults.clear()
  }
}
