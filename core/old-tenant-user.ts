import { carriedMetadata } from './carried-metadata.ts'
import type { LegacyUser } from './legacy-user.ts'
import { isLegacyUser } from './legacy-user.ts'
import { isPlainObject, type PlainObject } from './plain-object.ts'

/**
 * The key of the old tenant's app_metadata under which the kit notes that a user has moved: the only
 * one that it ever writes there.
 */
export const movedKey = 'moved_to_new_tenant'

/**
 * The claim by which the old tenant's Action hands a user over in the ID token of the migration's own
 * application. `.invalid` is nobody's domain. https://www.rfc-editor.org/rfc/rfc6761#section-6.4
 */
export const handOverClaim = 'https://tenant-migration.invalid/user'

const textMembers = [
  ...['username', 'phone_number', 'name', 'given_name', 'family_name', 'nickname', 'picture'],
] as const

/**
 * A user of the old tenant as the contract of the legacy API has one. Of linked accounts it is the
 * identity of the connection that migrates, whatever the primary one is, with the metadata that all of
 * them share.
 *
 * @param profile As Actions and `GET /api/v2/users/{id}` show it.
 * @param which Of the database identities. Ids of all databases of a tenant are different.
 * @returns Null for somebody who has no such identity, or two, or whose profile is none.
 */
export function oldTenantUser(
  profile: unknown,
  which:
    | { readonly connection: string }
    | { readonly user_id: string; readonly connection?: string },
): LegacyUser | null {
  if (!isPlainObject(profile)) return null
  const identity = databaseIdentity(profile, which)
  if (identity === null) return null
  const data = ownData(profile, identity)
  const { app_metadata: app = {}, user_metadata: user = {} } = profile
  if (!isPlainObject(app) || !isPlainObject(user)) return null
  const legacyUser = {
    ...textsOf(data),
    legacy_id: identity.user_id,
    email: data.email,
    email_verified: data.email_verified === true,
    ...(typeof data.phone_verified === 'boolean' && { phone_verified: data.phone_verified }),
    blocked: profile.blocked ?? false,
    app_metadata: carried(app, carriedMetadata.appMetadata),
    user_metadata: carried(user, carriedMetadata.userMetadata),
    migrated_at: migratedAt(app[movedKey]),
  }
  return isLegacyUser(legacyUser) ? legacyUser : null
}

/**
 * A note that somebody has spoilt is a note still: no instant and no null, and so no answer at all. Null
 * in its place is none: a PATCH says so where a key is to go.
 * https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
 */
function migratedAt(note: unknown): unknown {
  if (note === undefined || note === null) return null
  return isPlainObject(note) ? (note.migrated_at ?? '') : ''
}

interface DatabaseIdentity extends PlainObject {
  readonly user_id: string
}

function databaseIdentity(
  profile: PlainObject,
  which: Readonly<Record<string, string>>,
): DatabaseIdentity | null {
  const identities: unknown[] = Array.isArray(profile.identities) ? profile.identities : []
  const found = identities.filter(
    (one): one is DatabaseIdentity =>
      isPlainObject(one) &&
      one.provider === 'auth0' &&
      typeof one.user_id === 'string' &&
      Object.entries(which).every(([member, value]) => one[member] === value),
  )
  return found.length === 1 ? (found[0] ?? null) : null
}

/**
 * A primary account's own data are its profile's, and those of a linked one stand with the identity:
 * where they do not, it has none, since an address of the primary would be somebody else's way in.
 */
function ownData(profile: PlainObject, { profileData, user_id }: DatabaseIdentity): PlainObject {
  if (profile.user_id === `auth0|${user_id}`) return profile
  return isPlainObject(profileData) ? profileData : {}
}

function textsOf(data: PlainObject): PlainObject {
  const texts = textMembers.map((name) => [name, data[name]] as const)
  return Object.fromEntries(texts.filter(([, text]) => typeof text === 'string' && text !== ''))
}

function carried(metadata: PlainObject, keys: 'all' | readonly string[]): PlainObject {
  const entries = Object.entries(metadata).filter(
    ([key]) => key !== movedKey && (keys === 'all' || keys.includes(key)),
  )
  return Object.fromEntries(entries)
}

/** A user, and what has to be known to mark them. */
export interface HeldUser extends LegacyUser {
  /** `user_id` of the profile: of linked accounts that of the primary, by which alone Auth0 finds them. */
  readonly held_by: string
  /** `user_id` in the tenant that they moved to; null while they have not, or nobody can read the note. */
  readonly moved_to: string | null
}

/** As `oldTenantUser`, with what the Management API alone shows. */
export function heldUser(
  profile: unknown,
  which: { readonly user_id: string; readonly connection?: string },
): HeldUser | null {
  const user = oldTenantUser(profile, which)
  if (user === null || !isPlainObject(profile) || typeof profile.user_id !== 'string') return null
  const note = isPlainObject(profile.app_metadata) ? profile.app_metadata[movedKey] : undefined
  const movedTo = isPlainObject(note) ? note.auth0_user_id : undefined
  const moved_to = typeof movedTo === 'string' ? movedTo : null
  return { ...user, held_by: profile.user_id, moved_to }
}

/** Names of the databases that a profile has identities of. */
export function databasesOf(profile: unknown): readonly unknown[] {
  if (!isPlainObject(profile) || !Array.isArray(profile.identities)) return []
  const identities: readonly unknown[] = profile.identities
  const own = identities.filter(
    (one): one is PlainObject => isPlainObject(one) && one.provider === 'auth0',
  )
  return own.map(({ connection }) => connection)
}
