import type { JsonObject, User } from '../state.ts'

/**
 * A profile as the API shows it. Metadata that nobody has set are not there, unlike in an Action's
 * event: who reads `user.app_metadata.plan` without a look fails here as there.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccUser.yaml
 */
export function showUser({ profile }: Pick<User, 'profile'>): JsonObject {
  const { app_metadata, user_metadata, ...rest } = profile
  return {
    ...rest,
    ...(isSet(app_metadata) && { app_metadata }),
    ...(isSet(user_metadata) && { user_metadata }),
  }
}

function isSet(metadata: JsonObject): boolean {
  return Object.keys(metadata).length > 0
}
