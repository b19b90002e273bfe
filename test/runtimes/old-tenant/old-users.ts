import type { JsonObject, User } from '../../../servers/tenant/state.ts'
import { databaseUser } from '../../../servers/tenant/users/database-user.ts'
import { linkUsers } from '../../../servers/tenant/users/link-identities.ts'
import { hashPassword } from '../../../servers/tenant/users/passwords.ts'
import { personal } from '../overheard.ts'
import { connection, type OldTenantWorld } from './world.ts'

let count = 0

/** A user of the old tenant, where it is not like everybody. */
interface OldUser {
  /** Without `auth0|`. */
  readonly id?: string
  readonly email?: string
  readonly username?: string
  readonly database?: string
  /** The rest of the profile. */
  readonly profile?: JsonObject
}

/** Adds a user to the old tenant. @returns Who it is, and what they log in by. */
export async function addOldUser({ old: { tenant } }: OldTenantWorld, user: OldUser = {}) {
  count += 1
  const { id = `${count}`, email = `person-${count}@example.com`, username = null } = user
  const database = tenant.state.connections.get(`con_${user.database ?? connection}`)
  if (database === undefined) throw new Error(`no database ${user.database}`)
  const account = { userId: id, email, emailVerified: true, username, root: {} }
  const hash = await hashPassword(tenant, personal.password)
  const made: User = databaseUser(tenant, database, account, hash)
  const { user_id: userId } = made.profile
  tenant.state.users.set(userId, { ...made, profile: { ...made.profile, ...user.profile } })
  return { id, userId, email, password: personal.password }
}

/** Links a user to an account of Google's, which becomes the primary one. @returns The user_id of that. */
export function linkToGoogle(
  { old: { tenant } }: OldTenantWorld,
  userId: string,
  root: JsonObject = {},
): string {
  const secondary = tenant.state.users.get(userId)
  if (secondary === undefined) throw new Error(`no user ${userId}`)
  count += 1
  const user_id = `google-oauth2|${count}`
  const identity = {
    connection: 'google-oauth2',
    provider: 'google-oauth2',
    user_id: `${count}`,
    isSocial: true,
  }
  const { email, created_at, updated_at } = secondary.profile
  const profile = {
    ...{
      user_id,
      email_verified: true,
      app_metadata: {},
      user_metadata: {},
      created_at,
      updated_at,
    },
    ...(email !== undefined && { email }),
    identities: [identity],
    ...root,
  }
  tenant.state.users.set(user_id, { profile })
  linkUsers(tenant, { profile }, secondary)
  return user_id
}

/** The old tenant's user as it is kept. */
export function oldProfile({ old }: OldTenantWorld, userId: string): User['profile'] {
  const user = old.tenant.state.users.get(userId)
  if (user === undefined) throw new Error(`no user ${userId}`)
  return user.profile
}
