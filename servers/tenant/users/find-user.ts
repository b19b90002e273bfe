import type { Connection, Tenant, User } from '../state.ts'
import { normalizeEmail } from './normalize-email.ts'
import { identityKey, namesOf, usersNamed, usersWithIdentity } from './user-index.ts'

/** A user, and the identity by which the user was found: the primary one or a linked one. */
export interface FoundIdentity {
  readonly user: User
  /** `provider|user_id` of the identity; the primary one's is the user's own id. */
  readonly identity: string
  readonly passwordHash: string | undefined
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
  return findByMember(tenant, connection, 'email', email)
}

export function findByUsername(
  tenant: Tenant,
  connection: Connection,
  username: string,
): FoundIdentity | null {
  return findByMember(tenant, connection, 'username', username)
}

/** The user who has an identity linked. */
export function findLinked({ state }: Tenant, identity: string): User | null {
  const users = usersWithIdentity(state.users, identity)
  return users.find(({ profile }) => profile.user_id !== identity) ?? null
}

/** Whether a user, or an identity that is linked to another one, has that id. */
export function isIdTaken(tenant: Tenant, userId: string): boolean {
  return tenant.state.users.has(userId) || findLinked(tenant, userId) !== null
}

function findByMember(
  { state }: Tenant,
  connection: Connection,
  member: 'email' | 'username',
  value: string,
): FoundIdentity | null {
  const wanted = normalizeEmail(value)
  for (const user of usersNamed(state.users, connection.name, member, wanted)) {
    for (const [position, identity] of user.profile.identities.entries()) {
      const known = namesOf(user, position)[member]
      if (identity.connection !== connection.name || typeof known !== 'string') continue
      if (normalizeEmail(known) !== wanted) continue
      const key = identityKey(identity)
      const linked = user.linkedPasswordHashes?.[key]
      return { user, identity: key, passwordHash: position === 0 ? user.passwordHash : linked }
    }
  }
  return null
}
