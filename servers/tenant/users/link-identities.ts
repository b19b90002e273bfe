import type { JsonObject, Tenant, User } from '../state.ts'
import { databaseUser } from './database-user.ts'
import { forgetUser } from './delete-user.ts'
import { identityKey } from './user-index.ts'
import { writeProfile } from './write-profile.ts'

/** What Auth0 moves into `profileData` of a linked identity. */
const profileDataMembers = [
  'email',
  'email_verified',
  'family_name',
  'given_name',
  'name',
  'nickname',
  'phone_number',
  'phone_verified',
  'picture',
  'username',
]

/**
 * Links `secondary` to `primary`: its identities become the last ones of `primary`, its metadata is
 * lost and the user of its own is gone.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/user-account-linking
 */
export function linkUsers(tenant: Tenant, primary: User, secondary: User): User {
  const [identity, ...more] = secondary.profile.identities
  if (identity === undefined) return primary
  const members = Object.entries(secondary.profile)
  const profileData = Object.fromEntries(
    members.filter(([name]) => profileDataMembers.includes(name)),
  ) as JsonObject
  const linked = { ...identity, profileData }
  const key = identityKey(identity)
  const { passwordHash } = secondary
  forgetUser(tenant, secondary.profile.user_id)
  const identities = [...primary.profile.identities, linked, ...more]
  return writeProfile(
    tenant,
    {
      ...primary,
      profile: { ...primary.profile, identities },
      linkedPasswordHashes: {
        ...primary.linkedPasswordHashes,
        ...secondary.linkedPasswordHashes,
        ...(passwordHash !== undefined && { [key]: passwordHash }),
      },
    },
    'management-api',
  )
}

/** @returns The user without the identity; null when it is not a linked one of this user. */
export function unlinkIdentity(
  tenant: Tenant,
  user: User,
  provider: string,
  userId: string,
): User | null {
  const [, ...linked] = user.profile.identities
  const identity = linked.find((one) => one.provider === provider && one.user_id === userId)
  if (identity === undefined) return null
  const { [`${provider}|${userId}`]: passwordHash, ...linkedPasswordHashes } =
    user.linkedPasswordHashes ?? {}
  standAlone(tenant, identity, passwordHash ?? null)
  const identities = user.profile.identities.filter((one) => one !== identity)
  const profile = { ...user.profile, identities }
  return writeProfile(tenant, { ...user, profile, linkedPasswordHashes }, 'management-api')
}

/** An unlinked identity is a user again, with blank metadata. */
function standAlone(tenant: Tenant, identity: JsonObject, passwordHash: string | null): void {
  const connection = [...tenant.state.connections.values()].find(
    (one) => one.name === identity.connection,
  )
  if (connection === undefined) return
  const root = (identity.profileData ?? {}) as JsonObject
  const user = databaseUser(
    tenant,
    connection,
    {
      userId: String(identity.user_id),
      email: String(root.email ?? ''),
      emailVerified: root.email_verified === true,
      username: typeof root.username === 'string' ? root.username : null,
      root,
    },
    passwordHash,
  )
  writeProfile(tenant, user, 'management-api')
}
