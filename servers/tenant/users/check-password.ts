import type { Services } from '../services.ts'
import type { Connection, Tenant, User } from '../state.ts'
import { isCustomHash } from './custom-password-hash.ts'
import { findForLogin } from './find-user.ts'
import { importUser } from './import-user.ts'
import { type Organization, shownOrganization } from './organizations.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { findPendingImport, hasPendingImport } from './pending-imports.ts'
import { importsUsers, runScript } from './run-script.ts'

export type PasswordCheck =
  | { readonly type: 'right'; readonly user: User }
  /** Whether the password is what is wrong, and whose it is where the tenant has the user: for the log. */
  | { readonly type: 'wrong'; readonly known: boolean; readonly userId: string | null }
  /** Nobody can tell: a script failed, or the profile it gave is no good. */
  | { readonly type: 'failed'; readonly message: string }

export interface Credentials {
  /** E-mail address or username, as it was typed. */
  readonly username: string
  readonly password: string
  /** Scripts are told of it, where the connection has their context. */
  readonly organization: Organization | null
}

/**
 * The tenant's own store first; then a reset that was confirmed before the first login; then, where
 * the connection imports users, its login script. Once a user is in the store the script is never
 * asked again.
 *
 * @see https://auth0.com/docs/manage-users/user-migration/configure-automatic-migration-from-your-database
 */
export async function checkPassword(
  services: Services,
  connection: Connection,
  credentials: Credentials,
): Promise<PasswordCheck> {
  const stored = await checkStored(services, connection, credentials)
  if (stored !== null) return stored
  const pending = await importPending(services, connection, credentials)
  if (pending !== null) return pending
  if (importsUsers(connection)) return askLoginScript(services, connection, credentials)
  if (connection.options.enabledDatabaseCustomization !== true) return unknownUser
  return { type: 'failed', message: 'Custom databases without import_mode are not modelled here.' }
}

const unknownUser: PasswordCheck = { type: 'wrong', known: false, userId: null }
const awaitedUser: PasswordCheck = { ...unknownUser, known: true }

/** @returns Null when the store has no such user. */
async function checkStored(
  { tenant }: Services,
  connection: Connection,
  { password, username }: Credentials,
): Promise<PasswordCheck | null> {
  const found = findForLogin(tenant, connection, username)
  if (found === null) return null
  const userId = found.user.profile.user_id
  if (!(await passwordMatches(password, found.passwordHash)))
    return { type: 'wrong', known: true, userId }
  // Read again: the user may have changed, or gone, while the hash was computed.
  const user = tenant.state.users.get(userId)
  if (user === undefined) return unknownUser
  return { type: 'right', user: await rehashed(tenant, user, password) }
}

/** The first login with an imported hash of another algorithm leaves one of bcrypt behind. */
// https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
async function rehashed(tenant: Tenant, user: User, password: string): Promise<User> {
  const { passwordHash } = user
  if (passwordHash === undefined || !isCustomHash(passwordHash)) return user
  const hash = await hashPassword(tenant, password)
  const latest = tenant.state.users.get(user.profile.user_id)
  if (latest?.passwordHash !== passwordHash) return latest ?? user
  const after = { ...latest, passwordHash: hash }
  tenant.state.users.set(user.profile.user_id, after)
  return after
}

async function importPending(
  services: Services,
  connection: Connection,
  credentials: Credentials,
): Promise<PasswordCheck | null> {
  const { activity, state } = services.tenant
  const pending = findPendingImport(activity, connection, credentials.username)
  if (pending === null) return null
  // The legacy store still knows the old password, so it must not be asked any more.
  if (!(await passwordMatches(credentials.password, pending.passwordHash))) return awaitedUser
  const earlier = await checkStored(services, connection, credentials)
  if (earlier !== null) return earlier
  const imported = importUser(services, connection, pending.profile, pending.passwordHash)
  // Also an interrupted import has made the user; the migration must not be repeated.
  if (state.users.has(`auth0|${pending.profile.user_id}`))
    activity.pendingImports.delete(pending.key)
  return imported.type === 'failed' ? imported : { type: 'right', user: imported.user }
}

async function askLoginScript(
  services: Services,
  connection: Connection,
  credentials: Credentials,
): Promise<PasswordCheck> {
  const { organization, password, username } = credentials
  const context = organization === null ? {} : { organization: shownOrganization(organization) }
  const outcome = await runScript(services, connection, 'login', [username, password], context)
  switch (outcome.type) {
    case 'not-found':
      return unknownUser
    case 'none':
      return { type: 'failed', message: outcome.message }
    case 'error':
      if (outcome.name !== 'WrongUsernameOrPasswordError') {
        return { type: 'failed', message: outcome.message }
      }
      return outcome.knownUser === true ? awaitedUser : unknownUser
    case 'profile': {
      const passwordHash = await hashPassword(services.tenant, password)
      // Of two first logins of one person at once, the later finds the user that the earlier made.
      const earlier = await checkStored(services, connection, credentials)
      if (earlier !== null) return earlier
      if (hasPendingImport(services.tenant.activity, connection, outcome.profile)) {
        return awaitedUser
      }
      const imported = importUser(services, connection, outcome.profile, passwordHash)
      return imported.type === 'failed' ? imported : { type: 'right', user: imported.user }
    }
  }
}
