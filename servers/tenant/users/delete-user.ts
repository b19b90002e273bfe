import type { Tenant } from '../state.ts'

/** Deletes a user, and with the user every session, code and token. Unknown ids are no error. */
export function deleteUser(tenant: Tenant, userId: string): void {
  tenant.state.users.delete(userId)
  revokeAccess(tenant, userId)
}

/** Ends every session, code, token and password ticket of a user. */
export function revokeAccess({ activity }: Tenant, userId: string): void {
  removeWhere(activity.sessions, (session) => session.userId === userId)
  removeWhere(activity.refreshTokens, (token) => token.userId === userId)
  removeWhere(activity.userinfoGrants, (grant) => grant.userId === userId)
  removeWhere(activity.codes, (code) => code.login.userId === userId)
  removeWhere(
    activity.passwordTickets,
    ({ target }) => target.type === 'user' && target.userId === userId,
  )
}

function removeWhere<T>(map: Map<string, T>, matches: (value: T) => boolean): void {
  for (const [key, value] of map) if (matches(value)) map.delete(key)
}
