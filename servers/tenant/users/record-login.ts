import type { Authenticated } from '../authentication/login-state.ts'
import type { Connection, Tenant, User } from '../state.ts'

/**
 * Counts a right password, also when the login fails later: what `event.stats.logins_count` shows.
 * Auth0's own bookkeeping, so no profile write.
 */
export function recordLogin(tenant: Tenant, connection: Connection, user: User): Authenticated {
  const now = tenant.now()
  const timestamp = new Date(now).toISOString()
  const { logins_count: count, user_id: userId } = user.profile
  const logins_count = (typeof count === 'number' ? count : 0) + 1
  const profile = { ...user.profile, logins_count, last_login: timestamp }
  tenant.state.users.set(userId, { ...user, profile })
  return {
    userId,
    connectionId: connection.id,
    methods: [{ name: 'pwd', timestamp }],
    authenticatedAt: now,
  }
}
