import type { Tenant } from '../state.ts'
import { endMemberships } from './organizations.ts'
import { endPermissions } from './permissions.ts'
import { endAssignments } from './roles.ts'

/** Deletes a user, and with the user every session, code and token. Unknown ids are no error. */
export function deleteUser(tenant: Tenant, userId: string): void {
  forgetUser(tenant, userId)
  endSuspendedLogins(tenant, userId)
}

/**
 * As {@link deleteUser}, for a user who lives on as an identity of another: a login that waits at
 * `/continue` may go on as that one's, if its Action says so.
 */
export function forgetUser(tenant: Tenant, userId: string): void {
  tenant.state.users.delete(userId)
  endMemberships(tenant, (membership) => membership.user_id === userId)
  endAssignments(tenant, (assignment) => assignment.user_id === userId)
  endPermissions(tenant, (granted) => granted.user_id === userId)
  endAccess(tenant, userId)
}

/** Ends every session, login under way, code, token and password ticket of a user. */
export function revokeAccess(tenant: Tenant, userId: string): void {
  endAccess(tenant, userId)
  endSuspendedLogins(tenant, userId)
}

function endAccess({ activity }: Tenant, userId: string): void {
  removeWhere(activity.sessions, (session) => session.userId === userId)
  removeWhere(activity.refreshTokens, (token) => token.userId === userId)
  removeWhere(activity.userinfoGrants, (grant) => grant.userId === userId)
  removeWhere(activity.codes, (code) => code.login.userId === userId)
  removeWhere(
    activity.passwordTickets,
    ({ target }) => target.type === 'user' && target.userId === userId,
  )
}

function endSuspendedLogins({ activity }: Tenant, userId: string): void {
  removeWhere(activity.suspendedLogins, ({ session }) => session.userId === userId)
}

function removeWhere<T>(map: Map<string, T>, matches: (value: T) => boolean): void {
  for (const [key, value] of map) if (matches(value)) map.delete(key)
}
