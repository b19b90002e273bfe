import type { ProfileRule } from '../../../core/auth0-profile.ts'
import type { PlainObject } from '../../../core/plain-object.ts'
import { fault, type RowFault } from '../checks/row-fault.ts'

/**
 * A row of an Auth0 user export as a legacy row. Its `user_id` stays what it is: the import puts
 * `auth0|` in front again, so here it is taken away, and so is our own prefix, which the mapper adds.
 *
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
 */
export function fromAuth0Export(
  row: PlainObject,
  profile: ProfileRule,
): { readonly row: PlainObject; readonly profile: ProfileRule } | { readonly fault: RowFault } {
  const { user_id: userId } = row
  const id = typeof userId === 'string' ? /^auth0\|(.+)$/s.exec(userId)?.[1] : undefined
  if (id === undefined) {
    const message = 'user_id has to begin with auth0|: only database users can be imported'
    return { fault: fault('not_a_database_user', message) }
  }
  const isLegacy = id.startsWith(profile.idPrefix)
  const legacyId = isLegacy ? id.slice(profile.idPrefix.length) : id
  return {
    row: { ...row, legacy_id: legacyId },
    profile: isLegacy ? profile : { ...profile, idPrefix: '' },
  }
}
