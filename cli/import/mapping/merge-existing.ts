import { maxProfileBytes } from '../../../core/auth0-profile.ts'
import { absentFrom } from '../../../core/metadata.ts'
import { isPlainObject, type PlainObject } from '../../../core/plain-object.ts'
import { type Auth0Tenant, succeeded } from '../../auth0-tenant.ts'
import { fault, profileLimit } from '../checks/row-fault.ts'
import type { ChangeUser } from '../packing/pack-users.ts'

/** What an upsert writes over, besides metadata. What Auth0 has was said later. */
const overwritten = [
  ...['email_verified', 'name', 'given_name', 'family_name', 'nickname', 'picture'],
]

/**
 * For an upsert, which replaces metadata: puts into each user what Auth0 has already, which wins, as it
 * does in the backfill. A request for each user, at the speed that the tenant's limits allow.
 *
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-imports for what an upsert matches on: the e-mail address.
 */
export function mergeExisting(tenant: Pick<Auth0Tenant, 'manage'>, connection: string): ChangeUser {
  return async (json) => {
    const user = JSON.parse(json.toString('utf8')) as PlainObject
    const query = `users-by-email?email=${encodeURIComponent(String(user.email))}`
    const answer = await tenant.manage('GET', query)
    const found = succeeded<unknown>(answer, 'GET users-by-email')
    const existing = Array.isArray(found) ? found.find((one) => isOf(one, connection)) : undefined
    if (!isPlainObject(existing)) return json
    const { custom_password_hash: _, ...merged } = mergedUser(user, existing)
    const bytes = Buffer.from(JSON.stringify(merged))
    const { password_hash: __, ...profile } = merged
    if (Buffer.byteLength(JSON.stringify(profile)) <= maxProfileBytes) return bytes
    return fault('profile_too_large', `with what Auth0 has it would be over ${profileLimit}`)
  }
}

function mergedUser(user: PlainObject, existing: PlainObject): PlainObject {
  const kept = overwritten.filter((member) => existing[member] !== undefined)
  return {
    ...user,
    ...Object.fromEntries(kept.map((member) => [member, existing[member]])),
    app_metadata: mergedMetadata(existing.app_metadata, user.app_metadata),
    user_metadata: mergedMetadata(existing.user_metadata, user.user_metadata),
  }
}

function mergedMetadata(existing: unknown, added: unknown): PlainObject {
  const present = isPlainObject(existing) ? existing : {}
  return { ...present, ...absentFrom(present, isPlainObject(added) ? added : {}) }
}

function isOf(user: unknown, connection: string): boolean {
  if (!isPlainObject(user) || !Array.isArray(user.identities)) return false
  return user.identities.some((one) => isPlainObject(one) && one.connection === connection)
}
