import { readStamp } from '../../core/stamp.ts'
import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'

/** The kit's stamp of a user; null where there is none, undefined where there is no such user. */
export type FoundStamp = Readonly<Record<string, unknown>> | null | undefined

/**
 * One user by id: consistent, as user search is not, and without a profile: of everything else Auth0
 * sends nothing.
 *
 * @throws {CommandError} As `succeeded` and `manage` do.
 * @see https://auth0.com/docs/manage-users/user-search/user-search-best-practices
 */
export async function stampOf(
  tenant: Pick<Auth0Tenant, 'manage'>,
  auth0UserId: string,
): Promise<FoundStamp> {
  const path = `users/${encodeURIComponent(auth0UserId)}?fields=app_metadata&include_fields=true`
  const answer = await tenant.manage('GET', path)
  if (answer.status === 404) return undefined
  const { app_metadata } = succeeded<{ app_metadata?: unknown }>(answer, 'GET users/{id}')
  return (isObject(app_metadata) ? readStamp(app_metadata) : undefined) ?? null
}
