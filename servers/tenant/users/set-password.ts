import type { Connection, Tenant } from '../state.ts'
import { writeProfile } from './write-profile.ts'

/** Sets the password of a user's identity in a database, after its mail was answered. */
export function setPassword(
  tenant: Tenant,
  connection: Connection,
  userId: string,
  passwordHash: string,
): void {
  const user = tenant.state.users.get(userId)
  if (user === undefined) return
  const last_password_reset = new Date(tenant.now()).toISOString()
  const { identities } = user.profile
  const position = identities.findIndex((identity) => identity.connection === connection.name)
  const identity = identities[position]
  if (position > 0 && identity !== undefined) {
    const key = `${identity.provider}|${identity.user_id}`
    const linkedPasswordHashes = { ...user.linkedPasswordHashes, [key]: passwordHash }
    const profile = { ...user.profile, last_password_reset }
    writeProfile(tenant, { ...user, profile, linkedPasswordHashes }, 'password-reset')
    return
  }
  const profile = { ...user.profile, email_verified: true, last_password_reset }
  writeProfile(tenant, { ...user, profile, passwordHash }, 'password-reset')
}
