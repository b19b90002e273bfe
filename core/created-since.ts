import type { LoginUser } from './legacy-identity.ts'

/**
 * True for a user created at `since` or later. An instant that cannot be read counts as long ago:
 * then nothing is brought back from the old store.
 */
export function isCreatedSince(user: LoginUser, since: string): boolean {
  const created = user.created_at
  const instant = created instanceof Date ? created.getTime() : Date.parse(String(created))
  return instant >= Date.parse(since)
}
