import { compare, hash } from '@node-rs/bcrypt'
import type { JsonObject, Tenant } from '../state.ts'
import { customHashMatches, isCustomHash } from './custom-password-hash.ts'

/** https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema */
const auth0Rounds = 10

/** Bytes of UTF-8. bcrypt ignores what follows, so Auth0 refuses it. */
const longestPassword = 72

/** Length, and how many of the four kinds of characters: lower, upper, digit, other. */
const policies: Readonly<Record<string, { readonly length: number; readonly kinds: number }>> = {
  none: { length: 1, kinds: 0 },
  low: { length: 6, kinds: 0 },
  fair: { length: 8, kinds: 3 },
  good: { length: 8, kinds: 3 },
  excellent: { length: 10, kinds: 3 },
}

export function hashPassword(tenant: Tenant, password: string): Promise<string> {
  return hash(password, tenant.passwordHashRounds ?? auth0Rounds)
}

/**
 * Takes constant time where there is a hash; false where there is none.
 *
 * @param stored bcrypt, or an imported hash of another algorithm.
 */
export async function passwordMatches(
  password: string,
  stored: string | undefined,
): Promise<boolean> {
  if (stored === undefined) return false
  return isCustomHash(stored) ? customHashMatches(password, stored) : compare(password, stored)
}

/**
 * @returns What the password lacks, for a person to read; null when it is good enough.
 * @see https://auth0.com/docs/authenticate/database-connections/password-strength
 */
export function passwordWeakness(options: JsonObject, password: string): string | null {
  if (Buffer.byteLength(password) > longestPassword) return 'Password is longer than 72 bytes.'
  const name = typeof options.passwordPolicy === 'string' ? options.passwordPolicy : 'none'
  const policy = policies[name] ?? { length: 1, kinds: 0 }
  if ([...password].length < policy.length) {
    return `Password is too short: it needs ${policy.length} or more characters.`
  }
  if (characterKinds(password, name) < policy.kinds) {
    return 'Password needs lower case, upper case and digits or other characters.'
  }
  if (name === 'excellent' && /(.)\1\1/u.test(password)) {
    return 'Password may not repeat a character more than twice in a row.'
  }
  return null
}

/** @returns What the connection asks of a password, for a person to read; null where it asks nothing. */
export function passwordHint(options: JsonObject): string | null {
  const name = typeof options.passwordPolicy === 'string' ? options.passwordPolicy : 'none'
  const { length, kinds } = policies[name] ?? { length: 1, kinds: 0 }
  if (length === 1) return null
  const characters = `At least ${length} characters`
  if (kinds === 0) return `${characters}.`
  return name === 'fair'
    ? `${characters}: lower case, upper case and digits.`
    : `${characters}: three of lower case, upper case, digits and others.`
}

function characterKinds(password: string, policy: string): number {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u]
  if (policy !== 'fair') kinds.push(/[^\p{L}\p{Nd}]/u)
  return kinds.filter((kind) => kind.test(password)).length
}
