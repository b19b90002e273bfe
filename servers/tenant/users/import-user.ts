import type { Services } from '../services.ts'
import type { Connection, Tenant, User } from '../state.ts'
import { databaseUser } from './database-user.ts'
import { findByEmail, findByUsername, isIdTaken } from './find-user.ts'
import { checkImportedProfile, type ImportedProfile } from './imported-profile.ts'
import { log } from './tenant-log.ts'
import { writeProfile } from './write-profile.ts'

export type Import =
  | { readonly type: 'imported'; readonly user: User }
  | { readonly type: 'failed'; readonly message: string }

/**
 * Creates the user that a script handed over. Auth0 creates a partial profile first and then the
 * full one; when `activity.interruptImport` says so the import stops in between, as when a browser
 * is closed: the user is there, can log in, and has no metadata.
 *
 * @param passwordHash bcrypt hash of the password that the person gave.
 * @see https://auth0.com/docs/manage-users/user-migration/configure-automatic-migration-from-your-database
 */
export function importUser(
  { tenant }: Pick<Services, 'tenant'>,
  connection: Connection,
  handedOver: Readonly<Record<string, unknown>>,
  passwordHash: string,
): Import {
  const check = checkImportedProfile(connection, handedOver)
  if (check.type === 'refused') return failed(tenant, connection, check.message)
  const { profile } = check
  if (isTaken(tenant, connection, profile)) {
    return failed(tenant, connection, 'The user already exists.')
  }

  const partial = databaseUser(tenant, connection, { ...profile, root: {} }, passwordHash)
  const userId = partial.profile.user_id
  tenant.state.users.set(userId, partial)
  if (tenant.activity.interruptImport(userId)) {
    return failed(tenant, connection, 'The import was interrupted.')
  }

  const full = databaseUser(tenant, connection, profile, passwordHash)
  const user: User = {
    ...full,
    profile: {
      ...full.profile,
      app_metadata: profile.appMetadata,
      user_metadata: profile.userMetadata,
    },
    ...(profile.mfaFactors.length > 0 && { mfaFactors: profile.mfaFactors }),
  }
  if (profile.unknown.length > 0) {
    warn(tenant, connection, `Members of the profile are not kept: ${profile.unknown.join(', ')}.`)
  }
  return { type: 'imported', user: writeProfile(tenant, user, 'import') }
}

/** Another user with the id or the address: what Auth0 calls DUPLICATED_USER. */
function isTaken(tenant: Tenant, connection: Connection, profile: ImportedProfile): boolean {
  if (isIdTaken(tenant, `auth0|${profile.userId}`)) return true
  if (findByEmail(tenant, connection, profile.email) !== null) return true
  return profile.username !== null && findByUsername(tenant, connection, profile.username) !== null
}

function failed(tenant: Tenant, connection: Connection, message: string): Import {
  warn(tenant, connection, message)
  return { type: 'failed', message }
}

function warn(tenant: Tenant, connection: Connection, description: string): void {
  log(tenant, { type: 'w', connection_id: connection.id, description })
}
