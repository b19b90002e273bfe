import { isDeepStrictEqual } from 'node:util'
import type { PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import { awaitProfileWrite } from '../rate-limits.ts'
import type { JsonObject, Tenant } from '../state.ts'
import { mergeMetadata } from '../users/metadata.ts'
import { writeProfile } from '../users/write-profile.ts'

/**
 * Writes what a login's Actions ask of the metadata: one write however many Actions asked, none when
 * they asked for nothing.
 *
 * @param written What was written before the login was suspended: it is not written again.
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
 */
export async function writeActionMetadata(
  tenant: Tenant,
  userId: string,
  outcome: PostLoginOutcome,
  written?: PostLoginOutcome,
): Promise<void> {
  const app = changesSince(outcome.appMetadata as JsonObject, written?.appMetadata)
  const own = changesSince(outcome.userMetadata as JsonObject, written?.userMetadata)
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

function changesSince(
  changes: JsonObject,
  written: Readonly<Record<string, unknown>> = {},
): JsonObject {
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([key, value]) => !(Object.hasOwn(written, key) && isDeepStrictEqual(written[key], value)),
    ),
  )
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0
}
