import type { Services } from '../services.ts'
import type { Connection, JsonObject, Tenant, User } from '../state.ts'
import { unblockUser } from '../users/brute-force-protection.ts'
import { checkAddress } from '../users/check-address.ts'
import { findByEmail, findByUsername } from '../users/find-user.ts'
import { isObject, mergeMetadata } from '../users/metadata.ts'
import { normalizeEmail } from '../users/normalize-email.ts'
import { hashPassword, passwordWeakness } from '../users/passwords.ts'
import { log } from '../users/tenant-log.ts'
import { type Occasion, tellOfPasswordChange } from '../users/user-triggers.ts'
import { writeProfile } from '../users/write-profile.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { rootMembers } from './users-body.ts'
import { userOf } from './users-search.ts'

/** What of a user only the database of the primary identity may change. */
const databaseMembers = ['email', 'password', 'username']

/** What is another one's when the body names the connection of another identity. */
const identityMembers = [...databaseMembers, 'email_verified', 'phone_number', 'phone_verified']

/**
 * PATCH /users/{id}. Sessions go on: they have survived it since 2025-08-19.
 *
 * @see https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations
 */
export async function changeUser(
  services: Services,
  userId: string,
  body: JsonObject,
  occasion: Occasion,
): Promise<User> {
  const { tenant } = services
  const before = userOf(tenant, userId)
  if (body.password !== undefined && body.email !== undefined) {
    throw invalidBody("'Cannot update password and email simultaneously'")
  }
  assertPrimary(before, body)
  const passwordHash = databaseMembers.some((name) => body[name] !== undefined)
    ? await checkDatabaseMembers(services, before, body)
    : null
  // Read again: scripts and hashes take time, and Actions may have written meanwhile.
  const user = userOf(tenant, userId)
  assertStillFree(tenant, user, body)
  const changed = { ...user, profile: changedProfile(user.profile, body) }
  if (passwordHash === null) return writeProfile(tenant, changed, 'management-api')
  unblockUser(tenant, user)
  const written = writeProfile(tenant, { ...changed, passwordHash }, 'management-api')
  tellOfPasswordChange(services, databaseOf(tenant, user), written, occasion)
  return written
}

function changedProfile(profile: User['profile'], body: JsonObject): User['profile'] {
  const { app_metadata: app, user_metadata: own } = body
  const named = rootMembers.filter((name) => body[name] !== undefined && body[name] !== null)
  const email = typeof body.email === 'string' ? normalizeEmail(body.email) : null
  const username = typeof body.username === 'string' ? normalizeEmail(body.username) : null
  return {
    ...withoutUnset(profile, body),
    ...(email !== null && email !== profile.email && { email, email_verified: false }),
    ...(username !== null && { username }),
    ...Object.fromEntries(named.map((name) => [name, body[name] ?? null])),
    ...(isObject(app) && { app_metadata: mergeMetadata(profile.app_metadata, app) }),
    ...(isObject(own) && { user_metadata: mergeMetadata(profile.user_metadata, own) }),
  }
}

/** "Supported attributes can be unset by supplying null as the value." */
// https://auth0.com/docs/api/management/v2/users/patch-users-by-id
function withoutUnset(profile: User['profile'], body: JsonObject): User['profile'] {
  const kept = Object.entries(profile).filter(([name]) => body[name] !== null)
  return Object.fromEntries(kept) as User['profile']
}

/**
 * Whose address or password a body changes: `connection` may name that of a linked identity, which is
 * not done here, and never instead that of the primary one.
 *
 * @throws {ManagementError} 400.
 */
function assertPrimary({ profile }: User, body: JsonObject): void {
  const { connection } = body
  if (connection === undefined || connection === profile.identities[0]?.connection) return
  if (!identityMembers.some((name) => body[name] !== undefined)) return
  const message = 'The connection is not that of the primary identity: not done here.'
  throw new ManagementError(400, message, 'operation_not_supported')
}

/** Asked once more, without waiting for anything: another request may have been quicker. */
function assertStillFree(tenant: Tenant, user: User, body: JsonObject): void {
  for (const [member, find] of [
    ['email', findByEmail],
    ['username', findByUsername],
  ] as const) {
    const value = body[member]
    if (typeof value !== 'string') continue
    const found = find(tenant, databaseOf(tenant, user), value)
    if (found !== null && found.user !== user) throw taken(member)
  }
}

function taken(member: 'email' | 'username'): ManagementError {
  return new ManagementError(400, `The specified new ${member} already exists`, 'auth0_idp_error')
}

/** @returns The hash of the new password, null when the body has none. */
async function checkDatabaseMembers(
  services: Services,
  user: User,
  body: JsonObject,
): Promise<string | null> {
  const connection = databaseOf(services.tenant, user)
  for (const member of ['email', 'username'] as const) {
    const value = body[member]
    if (typeof value !== 'string' || normalizeEmail(value) === user.profile[member]) continue
    await assertFree(services, connection, member, normalizeEmail(value))
  }
  if (typeof body.password !== 'string') return null
  const weakness = passwordWeakness(connection.options, body.password)
  if (weakness !== null) throw new ManagementError(400, weakness, 'password_strength_error')
  return hashPassword(services.tenant, body.password)
}

async function assertFree(
  services: Services,
  connection: Connection,
  member: 'email' | 'username',
  value: string,
): Promise<void> {
  const check = await checkAddress(services, connection, member, value)
  if (check.type === 'free') return
  log(services.tenant, {
    type: member === 'email' ? 'fce' : 'fcu',
    connection_id: connection.id,
  })
  if (check.type === 'failed') throw new ManagementError(400, check.message, 'auth0_idp_error')
  throw taken(member)
}

function databaseOf({ state }: Tenant, { profile }: User): Connection {
  const name = profile.identities[0]?.connection
  const connection = [...state.connections.values()].find((one) => one.name === name)
  if (connection?.strategy === 'auth0') return connection
  const message = 'The user is not one of a database connection.'
  throw new ManagementError(400, message, 'operation_not_supported')
}
