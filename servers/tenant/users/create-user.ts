import { randomBytes } from 'node:crypto'
import type { ProfileWrite } from '../activity.ts'
import type { Services } from '../services.ts'
import type { Connection, JsonObject, Tenant, User } from '../state.ts'
import { checkAddress } from './check-address.ts'
import { databaseUser } from './database-user.ts'
import { findByEmail, findByUsername, isIdTaken } from './find-user.ts'
import { hashPassword } from './passwords.ts'
import {
  askBeforeRegistration,
  type Denial,
  type Occasion,
  tellOfRegistration,
} from './user-triggers.ts'
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
  | Denial
  | { readonly type: 'created'; readonly user: User }
  | { readonly type: 'user-exists' }
  | { readonly type: 'failed'; readonly message: string }

/**
 * Creates a user who does not come from the legacy store: by sign-up or by the Management API. Actions
 * that are bound to registrations run.
 */
export async function createUser(
  services: Services,
  connection: Connection,
  account: NewUser,
  { by, occasion }: { readonly by: ProfileWrite['by']; readonly occasion: Occasion },
): Promise<Creation> {
  const { tenant } = services
  for (const member of ['email', 'username'] as const) {
    const value = account[member]
    if (value === null) continue
    const check = await checkAddress(services, connection, member, value)
    if (check.type === 'failed') return check
    if (check.type !== 'free') return { type: 'user-exists' }
  }
  const asked = await askBeforeRegistration(services, connection, account, occasion)
  if (asked.type === 'denied') return asked
  const passwordHash = await hashPassword(tenant, account.password)
  const user = newUser(tenant, connection, asked.account, passwordHash)
  if (isTaken(services, connection, user)) return { type: 'user-exists' }
  const created = writeProfile(tenant, user, by)
  tellOfRegistration(services, connection, created, occasion)
  return { type: 'created', user: created }
}

function newUser(
  tenant: Tenant,
  connection: Connection,
  account: NewUser,
  passwordHash: string,
): User {
  const userId = account.userId ?? randomBytes(12).toString('hex')
  const user = databaseUser(tenant, connection, { ...account, userId }, passwordHash)
  const { appMetadata: app_metadata, userMetadata: user_metadata } = account
  return { ...user, profile: { ...user.profile, app_metadata, user_metadata } }
}

/** Asked once more, without waiting for anything: another request may have been quicker. */
function isTaken({ tenant }: Services, connection: Connection, { profile }: User): boolean {
  const { email = '', user_id, username } = profile
  if (isIdTaken(tenant, user_id)) return true
  if (findByEmail(tenant, connection, email) !== null) return true
  return typeof username === 'string' && findByUsername(tenant, connection, username) !== null
}
