import type { Tenant } from '../state.ts'
import { unblockUser } from './brute-force-protection.ts'
import { identityKey } from './user-index.ts'
import { writeProfile } from './write-profile.ts'

/**
 * Sets the password of one database identity of a user, after the mail to its address was answered.
 *
 * @param identity As `identityKey` names it.
 */
export function setPassword(
  tenant: Tenant,
  userId: string,
  identity: string,
  passwordHash: string,
): void {
  const user = tenant.state.users.get(userId)
  if (user === undefined) return
  unblockUser(tenant, user)
  const last_password_reset = new Date(tenant.now()).toISOString()
  const profile = { ...user.profile, last_password_reset }
  const [primary] = profile.identities
  if (primary !== undefined && identityKey(primary) === identity) {
    const verified = { ...profile, email_verified: true }
    writeProfile(tenant, { ...user, profile: verified, passwordHash }, 'password-reset')
    return
  }
  // Unlinked since: there is nothing to set.
  if (!profile.identities.some((one) => identityKey(one) === identity)) return
  const linkedPasswordHashes = { ...user.linkedPasswordHashes, [identity]: passwordHash }
  writeProfile(tenant, { ...user, profile, linkedPasswordHashes }, 'password-reset')
}
