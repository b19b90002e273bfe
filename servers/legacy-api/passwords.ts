import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import type { Sql } from './database.ts'
import type { StoredPassword } from './users.ts'

const derive = promisify(pbkdf2)

/** Of a random password that nobody kept; 10 rounds, as every hash that the contract allows. */
const dummyBcryptHash = '$2b$10$9mTr/K4fshlfKUWzUTkj6urZJlDJ3b9qT3x8MiAnagkKQHlMpbip6'

/**
 * Checks a password in a way that takes as long for nobody as for somebody: every call does one
 * bcrypt comparison and, in a store that holds PBKDF2 hashes, one PBKDF2 derivation.
 *
 * A custom hash of any other algorithm cannot be checked here: no password is right for it.
 *
 * @param stored null when the identifier names nobody, or not one user.
 */
export async function checkPassword(
  sql: Sql,
  password: string,
  stored: StoredPassword | null,
): Promise<boolean> {
  const bcryptHash = stored?.password_hash ?? null
  const pbkdf2Hash = parsePbkdf2(stored?.custom_password_hash ?? null)
  const decoy = parsePbkdf2(await anyPbkdf2Hash(sql))
  const [bcryptMatches, pbkdf2Matches] = await Promise.all([
    verifyBcrypt(password, bcryptHash ?? dummyBcryptHash),
    verifyPbkdf2(password, pbkdf2Hash ?? decoy),
  ])
  if (bcryptHash !== null) return bcryptMatches
  return pbkdf2Hash !== null && pbkdf2Matches
}

/** Whose parameters, in a store of one origin, are everybody's. */
async function anyPbkdf2Hash(sql: Sql): Promise<StoredPassword['custom_password_hash']> {
  const [row] = await sql.query<{ custom_password_hash: StoredPassword['custom_password_hash'] }>(
    `select custom_password_hash from legacy_users
     where custom_password_hash ->> 'algorithm' = 'pbkdf2' order by legacy_id limit 1`,
  )
  return row?.custom_password_hash ?? null
}

interface Pbkdf2Hash {
  readonly digest: string
  readonly iterations: number
  readonly salt: Buffer
  readonly key: Buffer
}

/**
 * `$pbkdf2-<digest>$i=…,l=…$<salt>$<hash>`, base64 without padding.
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema
 */
const pbkdf2Pattern =
  /^\$pbkdf2-(sha(?:1|224|256|384|512))(?:\$([il]=\d+(?:,[il]=\d+)*))?\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** @returns null for what is not a PBKDF2 hash of the bulk import's schema. */
function parsePbkdf2(custom: StoredPassword['custom_password_hash']): Pbkdf2Hash | null {
  if (custom?.algorithm !== 'pbkdf2') return null
  const { value } = (custom.hash ?? {}) as { readonly value?: unknown }
  const parts = typeof value === 'string' ? pbkdf2Pattern.exec(value) : null
  if (parts === null) return null
  const [, digest = '', parameters = '', salt = '', hash = ''] = parts
  const given = new Map(parameters.split(',').map((pair) => [pair[0], Number(pair.slice(2))]))
  const key = Buffer.from(hash, 'base64')
  // https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema
  const { i = 100_000, l = 64 } = { i: given.get('i'), l: given.get('l') }
  if (i < 1 || l !== key.length) return null
  return { digest, iterations: i, salt: Buffer.from(salt, 'base64'), key }
}

async function verifyPbkdf2(password: string, hash: Pbkdf2Hash | null): Promise<boolean> {
  if (hash === null) return false
  const { digest, iterations, salt, key } = hash
  return timingSafeEqual(await derive(password, salt, iterations, key.length, digest), key)
}
