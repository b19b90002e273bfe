import type { ProfileWrite } from '../activity.ts'
import type { Tenant, User } from '../state.ts'
import { log } from './tenant-log.ts'

/**
 * Bytes of JSON. Auth0 says 10 KB; read as decimal, the smaller of the two readings.
 *
 * @see https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
 */
const largestProfile = 10_000

/**
 * The one way a profile changes, so that writes can be counted. A profile over 10 KB is kept and
 * logged: Auth0 does so within an extended allowance, until it ends on 2027-03-04.
 */
export function writeProfile(tenant: Tenant, user: User, by: ProfileWrite['by']): User {
  const updatedAt = new Date(tenant.now()).toISOString()
  const written: User = { ...user, profile: { ...user.profile, updated_at: updatedAt } }
  const userId = written.profile.user_id
  tenant.state.users.set(userId, written)
  tenant.activity.profileWrites.push({ user_id: userId, by })
  if (Buffer.byteLength(JSON.stringify(written.profile)) > largestProfile) {
    log(tenant, {
      type: 'wum',
      user_id: userId,
      description: `User profile is over ${largestProfile} bytes.`,
    })
  }
  return written
}
