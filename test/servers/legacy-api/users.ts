import { hashSync } from '@node-rs/bcrypt'
import type { SeedUser } from '../../../servers/legacy-api/seed-users.ts'

export const password = 'correct horse battery staple'
/** Made once a file: ten rounds are slow on purpose. */
export const passwordHash = hashSync(password, 10)

let count = 0

/** A user that no other test has, unless told. */
export function someUser(fields: Partial<SeedUser> = {}): SeedUser {
  count += 1
  return {
    legacy_id: `user-${count}`,
    email: `user-${count}@legacy.example`,
    email_verified: true,
    passwordHash,
    ...fields,
  }
}

export const someMark = {
  auth0_user_id: 'auth0|legacy-users|1',
  migrated_at: '2026-11-21T08:00:00.000Z',
  metadata: 'complete',
} as const
