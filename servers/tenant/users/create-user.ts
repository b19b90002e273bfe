import { randomBytes } from 'node:crypto'
import type { ProfileWrite } from '../activity.ts'
import type { Services } from '../services.ts'
import type { Connection, JsonObject, User } from '../state.ts'
import { checkAddress } from './check-address.ts'
import { databaseUser } from './database-user.ts'
import { findByEmail } from './find-user.ts'
import { hashPassword } from './passwords.ts'
import { writeProfile } from './write-profile.ts'

export interface NewUser {
  /** Normalised. */
  readonly email: string
  readonly password: string
  readonly username: string | null
  /** Without `auth0|`; made here when null. */
  readonly userId: string | null
  readonly emailVerified: boolean
  readonly root: JsonObject
  readonly appMetadata: JsonObject
  readonly userMetadata: JsonObject
}

export type Creation =
  | { readonly type: 'created'; readonly user: User }
  | { readonly type: 'user-exists' }
  | { readonly type: 'failed'; readonly message: string }

/** Creates a user who does not come from the legacy store: by sign-up or by the Management API. */
export async function createUser(
  services: Services,
  connection: Connection,
  account: NewUser,
  by: ProfileWrite['by'],
): Promise<Creation> {
  const { tenant } = services
  const userId = account.userId ?? randomBytes(12).toString('hex')
  for (const member of ['email', 'username'] as const) {
    const value = account[member]
    if (value === null) continue
    const check = await checkAddress(services, connection, member, value)
    if (check.type === 'failed') return check
    if (check.type !== 'free') return { type: 'user-exists' }
  }
  const passwordHash = await hashPassword(tenant, account.password)
  const user = databaseUser(tenant, connection, { ...account, userId }, passwordHash)
  if (isTaken(services, connection, user)) return { type: 'user-exists' }
  const { appMetadata: app_metadata, userMetadata: user_metadata } = account
  const profile = { ...user.profile, app_metadata, user_metadata }
  return { type: 'created', user: writeProfile(tenant, { ...user, profile }, by) }
}

/** Asked once more, without waiting for anything: another request may have been quicker. */
function isTaken({ tenant }: Services, connection: Connection, { profile }: User): boolean {
  if (tenant.state.users.has(profile.user_id)) return true
  return findByEmail(tenant, connection, profile.email ?? '') !== null
}
