import type { LoginUser } from './legacy-identity.ts'

/**
 * True for a user created at `since` or later. An instant that cannot be read counts as long ago:
 * then nothing is brought back from the old store.
 */
export function isCreatedSince({ created_at: created }: LoginUser, since: string): boolean {
  // By its tag: the `Date` of an event may come from another realm, where `instanceof` fails.
  const tag = Object.prototype.toString.call(created)
  const readable = tag === '[object String]' || tag === '[object Date]'
  return readable && new Date(created as string | Date) >= new Date(since)
}
