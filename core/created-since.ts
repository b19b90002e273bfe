import type { LoginUser } from './legacy-identity.ts'

/**
 * True for a user created at `since` or later. An instant that cannot be read counts as long ago:
 * then nothing is brought back from the old store.
 */
export function isCreatedSince({ created_at: created }: LoginUser, since: string): boolean {
  return instantOf(created) >= Date.parse(since)
}

/** A `Date` by its tag: the one of an event may come from another realm, where `instanceof` fails. */
function instantOf(value: unknown): number {
  if (typeof value === 'string') return Date.parse(value)
  return Object.prototype.toString.call(value) === '[object Date]' ? Number(value) : Number.NaN
}
