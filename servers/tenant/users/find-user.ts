import type { Connection, JsonObject, Tenant, User } from '../state.ts'

/** A user, and the identity by which the user was found: the primary one or a linked one. */
export interface FoundIdentity {
  readonly user: User
  /** `provider|user_id` of the identity; the primary one's is the user's own id. */
  readonly identity: string
  readonly passwordHash: string | undefined
}

/** Auth0 keeps addresses of database users in lower case. Unicode's default, never a locale's. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** @param identifier E-mail address or username, as a person types it. */
export function findForLogin(
  tenant: Tenant,
  connection: Connection,
  identifier: string,
): FoundIdentity | null {
  return (
    findByEmail(tenant, connection, identifier) ?? findByUsername(tenant, connection, identifier)
  )
}

export function findByEmail(
  tenant: Tenant,
  connection: Connection,
  email: string,
): FoundIdentity | null {
  return findByMember(tenant, connection, 'email', normalizeEmail(email))
}

export function findByUsername(
  tenant: Tenant,
  connection: Connection,
  username: string,
): FoundIdentity | null {
  return findByMember(tenant, connection, 'username', normalizeEmail(username))
}

export function identityKey({ provider, user_id }: JsonObject): string {
  return `${provider}|${user_id}`
}

function findByMember(
  tenant: Tenant,
  connection: Connection,
  member: 'email' | 'username',
  value: string,
): FoundIdentity | null {
  for (const user of tenant.state.users.values()) {
    for (const [position, identity] of user.profile.identities.entries()) {
      if (identity.connection !== connection.name) continue
      const profile = position === 0 ? user.profile : asObject(identity.profileData)
      const known = profile[member]
      if (typeof known !== 'string' || normalizeEmail(known) !== value) continue
      const key = identityKey(identity)
      const linked = user.linkedPasswordHashes?.[key]
      return { user, identity: key, passwordHash: position === 0 ? user.passwordHash : linked }
    }
  }
  return null
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {}
}
