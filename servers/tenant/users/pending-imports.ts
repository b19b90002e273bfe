import type { Activity, PendingImport } from '../activity.ts'
import type { Connection } from '../state.ts'
import { normalizeEmail } from './normalize-email.ts'

type Profile = Readonly<Record<string, unknown>>

/** Keeps the profile that get_user gave, with the new password, until its user logs in. */
export function addPendingImport(
  activity: Activity,
  connection: Connection,
  pending: PendingImport,
): void {
  activity.pendingImports.set(keyOf(connection, pending.profile), pending)
}

/** @param identifier E-mail address or username, as a person types it. */
export function findPendingImport(
  { pendingImports }: Activity,
  connection: Connection,
  identifier: string,
): (PendingImport & { readonly key: string }) | null {
  const wanted = normalizeEmail(identifier)
  for (const [key, pending] of pendingImports) {
    if (key !== keyOf(connection, pending.profile)) continue
    const names = [pending.profile.email, pending.profile.username]
    if (names.some((name) => typeof name === 'string' && normalizeEmail(name) === wanted)) {
      return { ...pending, key }
    }
  }
  return null
}

/** Removes the hidden record of a user, found by address. */
export function forgetPendingImport(
  activity: Activity,
  connection: Connection,
  email: string,
): void {
  const pending = findPendingImport(activity, connection, email)
  if (pending !== null) activity.pendingImports.delete(pending.key)
}

/** Whether the password of this user was reset, so that the one of the legacy store is over. */
export function hasPendingImport(
  { pendingImports }: Activity,
  connection: Connection,
  profile: Profile,
): boolean {
  return pendingImports.has(keyOf(connection, profile))
}

function keyOf(connection: Connection, profile: Profile): string {
  return `${connection.id}\n${profile.user_id}`
}
