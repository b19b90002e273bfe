import type { Connection, Tenant, User } from '../state.ts'
import { bruteForceSettings, isAllowed } from './brute-force-settings.ts'
import { normalizeEmail } from './normalize-email.ts'
import { log } from './tenant-log.ts'
import { namesOf } from './user-index.ts'

/** Milliseconds: a block ends 30 days after the last failure. */
const blockLifetime = 30 * 86_400_000

/** Wrong passwords of one identifier from one address, since the last right one. */
export interface FailedLogins {
  readonly connectionId: string
  /** E-mail address or username, in lower case. */
  readonly identifier: string
  readonly ip: string
  readonly count: number
  /** Milliseconds since the epoch. */
  readonly lastAt: number
}

/** Somebody who tries a password, and from where. */
export interface PasswordAttempt {
  readonly connection: Connection
  /** E-mail address or username, as it was typed. */
  readonly username: string
  readonly ip: string
}

/**
 * Whether logins with this identifier from this address are blocked. Nobody has to exist by that
 * name: users who are still to be migrated are protected too (assumption
 * `brute-force-blocks-who-is-not-migrated`). The mail that Auth0 sends to whom it
 * blocks, with a link that unblocks, is not modelled.
 *
 * @see https://auth0.com/docs/secure/attack-protection/brute-force-protection
 */
export function isBlocked(tenant: Tenant, attempt: PasswordAttempt): boolean {
  return isProtected(tenant, attempt) && blocks(tenant, { ...identified(attempt), ip: attempt.ip })
}

/** Counts a wrong password. The one that reaches the threshold begins the block. */
export function countFailure(tenant: Tenant, attempt: PasswordAttempt): void {
  if (!isProtected(tenant, attempt)) return
  const { failedLogins } = tenant.activity
  dropOld(tenant)
  const key = keyOf(attempt)
  const count = (failedLogins.get(key)?.count ?? 0) + 1
  // Taken out first: the order of the map is that of the last failures.
  failedLogins.delete(key)
  const failed = { ...identified(attempt), ip: attempt.ip, count, lastAt: tenant.now() }
  failedLogins.set(key, failed)
  if (failuresOf(tenant, failed) === bruteForceSettings(tenant).max_attempts) {
    logBlock(tenant, attempt)
  }
}

/** A right password ends the count: of its address, or of all where addresses are not told apart. */
export function forgetFailures(tenant: Tenant, attempt: PasswordAttempt): void {
  const { failedLogins } = tenant.activity
  failedLogins.delete(keyOf(attempt))
  if (bruteForceSettings(tenant).mode !== 'count_per_identifier') return
  for (const [key, failed] of failedLogins) {
    if (identifierKey(failed) === identifierKey(identified(attempt))) failedLogins.delete(key)
  }
}

export function logBlock(tenant: Tenant, { connection }: PasswordAttempt): void {
  const { max_attempts, mode } = bruteForceSettings(tenant)
  const place = mode === 'count_per_identifier' ? 'whatever the address' : 'from one address'
  const description = `${max_attempts} wrong passwords in a row, ${place}.`
  log(tenant, { type: 'limit_wc', connection_id: connection.id, description })
}

/** @returns The blocks of an identifier, in all connections. */
export function blocksOf(tenant: Tenant, identifier: string): readonly FailedLogins[] {
  const wanted = normalizeEmail(identifier)
  const all = [...tenant.activity.failedLogins.values()]
  return all.filter((failed) => failed.identifier === wanted && blocks(tenant, failed))
}

/** @returns The blocks of every identifier of a user. */
export function blocksOfUser(tenant: Tenant, user: User): readonly FailedLogins[] {
  const keys = identifiersOf(tenant, user)
  const all = [...tenant.activity.failedLogins.values()]
  return all.filter((failed) => keys.has(identifierKey(failed)) && blocks(tenant, failed))
}

/** Ends the blocks of an identifier, in all connections or in one. */
export function unblock({ activity }: Tenant, identifier: string, connection?: Connection): void {
  const wanted = normalizeEmail(identifier)
  for (const [key, failed] of activity.failedLogins) {
    if (failed.identifier !== wanted) continue
    if (connection === undefined || failed.connectionId === connection.id) {
      activity.failedLogins.delete(key)
    }
  }
}

/** Ends the blocks of every identifier of a user: the password was changed, or an administrator did. */
export function unblockUser(tenant: Tenant, user: User): void {
  const keys = identifiersOf(tenant, user)
  const { failedLogins } = tenant.activity
  for (const [key, failed] of failedLogins) {
    if (keys.has(identifierKey(failed))) failedLogins.delete(key)
  }
}

function isProtected(tenant: Tenant, { connection, ip }: PasswordAttempt): boolean {
  const settings = bruteForceSettings(tenant)
  if (!settings.enabled || isAllowed(settings, ip)) return false
  return connection.options.brute_force_protection !== false
}

function blocks(tenant: Tenant, failed: Failing): boolean {
  const { max_attempts, shields } = bruteForceSettings(tenant)
  return shields.includes('block') && failuresOf(tenant, failed) >= max_attempts
}

type Failing = Pick<FailedLogins, 'connectionId' | 'identifier' | 'ip'>

/** Wrong passwords that still count: of the identifier, from the address unless none is told apart. */
function failuresOf({ activity, now, state }: Tenant, failing: Failing): number {
  const { failedLogins } = activity
  const counts = ({ lastAt }: FailedLogins) => now() < lastAt + blockLifetime
  if (bruteForceSettings({ state }).mode === 'count_per_identifier_and_ip') {
    const failed = failedLogins.get(`${identifierKey(failing)}\n${failing.ip}`)
    return failed !== undefined && counts(failed) ? failed.count : 0
  }
  const own = [...failedLogins.values()].filter(
    (failed) => identifierKey(failed) === identifierKey(failing) && counts(failed),
  )
  return own.reduce((sum, { count }) => sum + count, 0)
}

/** The oldest come first, so that guesses at names that nobody has do not stay for ever. */
function dropOld({ activity, now }: Tenant): void {
  for (const [key, { lastAt }] of activity.failedLogins) {
    if (now() < lastAt + blockLifetime) break
    activity.failedLogins.delete(key)
  }
}

function identifiersOf({ state }: Tenant, user: User): ReadonlySet<string> {
  const connections = [...state.connections.values()]
  const keys = user.profile.identities.flatMap((identity, position) => {
    const connection = connections.find(({ name }) => name === identity.connection)
    const { email, username } = namesOf(user, position)
    return [email, username].flatMap((name) =>
      connection === undefined || typeof name !== 'string'
        ? []
        : [identifierKey({ connectionId: connection.id, identifier: normalizeEmail(name) })],
    )
  })
  return new Set(keys)
}

function keyOf(attempt: PasswordAttempt): string {
  return `${identifierKey(identified(attempt))}\n${attempt.ip}`
}

function identified({ connection, username }: PasswordAttempt) {
  return { connectionId: connection.id, identifier: normalizeEmail(username) }
}

function identifierKey(failed: Pick<FailedLogins, 'connectionId' | 'identifier'>): string {
  return `${failed.connectionId}\n${failed.identifier}`
}
