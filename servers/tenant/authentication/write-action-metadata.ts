import type { PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import { awaitProfileWrite } from '../rate-limits.ts'
import type { JsonObject, Tenant } from '../state.ts'
import { mergeMetadata } from '../users/metadata.ts'
import { writeProfile } from '../users/write-profile.ts'

/**
 * Writes what a login's Actions ask of the metadata: one write however many Actions asked, none when
 * they asked for nothing.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
 */
export async function writeActionMetadata(
  tenant: Tenant,
  userId: string,
  outcome: PostLoginOutcome,
): Promise<void> {
  const app = outcome.appMetadata as JsonObject
  const own = outcome.userMetadata as JsonObject
  if (isEmpty(app) && isEmpty(own)) return
  await awaitProfileWrite(tenant)
  const user = tenant.state.users.get(userId)
  if (user === undefined) return
  const { app_metadata, user_metadata } = user.profile
  const profile = {
    ...user.profile,
    app_metadata: isEmpty(app) ? app_metadata : mergeMetadata(app_metadata, app),
    user_metadata: isEmpty(own) ? user_metadata : mergeMetadata(user_metadata, own),
  }
  writeProfile(tenant, { ...user, profile }, 'actions')
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0
}
