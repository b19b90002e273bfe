import type { SampleUser } from './legacy-users.ts'
import type { World } from './world.ts'

/** A user as the Management API shows one. */
export interface StoredUser {
  readonly user_id: string
  readonly email: string
  readonly app_metadata?: { readonly [key: string]: unknown }
  readonly user_metadata?: { readonly [key: string]: unknown }
}

export function auth0IdOf({ legacy_id }: Pick<SampleUser, 'legacy_id'>): string {
  return `auth0|legacy-users|${legacy_id}`
}

/** @returns null when the tenant has no such user. */
export function findUser({ management }: World, userId: string): Promise<StoredUser | null> {
  return management.find(`users/${encodeURIComponent(userId)}`)
}

export function stampOf(user: StoredUser | null): { readonly [key: string]: unknown } {
  const stamp = user?.app_metadata?.legacy_migration
  return typeof stamp === 'object' && stamp !== null ? { ...stamp } : {}
}

/** The calls that arrive at the legacy API while `run` does. */
export async function callsDuring<Result>(
  world: World,
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly calls: readonly string[] }> {
  const before = world.frontDoor.calls.length
  const result = await run()
  return { result, calls: world.frontDoor.calls.slice(before) }
}

/** Runs with the legacy API out of order, and mends it again whatever happens. */
export async function whileLegacyIs<Result>(
  world: World,
  mode: World['frontDoor']['mode'],
  run: () => Promise<Result>,
): Promise<Result> {
  world.frontDoor.mode = mode
  try {
    return await run()
  } finally {
    world.frontDoor.mode = 'open'
  }
}

/**
 * Closes the browser in the middle of a user's first login: Auth0 has made the user, and the metadata
 * are lost.
 */
export async function interruptFirstLogin(
  world: World,
  user: SampleUser,
  logIn: () => Promise<unknown>,
): Promise<void> {
  const { activity } = world.tenant.tenant
  activity.interruptImport = (userId) => userId === auth0IdOf(user)
  try {
    await logIn()
  } finally {
    activity.interruptImport = () => false
  }
}

/** Milliseconds, for evidence. */
export function inMs(elapsed: number): string {
  return `${Math.round(elapsed)} ms`
}

export async function timed<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly elapsed: number }> {
  const startedAt = performance.now()
  const result = await run()
  return { result, elapsed: performance.now() - startedAt }
}
