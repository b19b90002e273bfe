import type { PlainObject } from '../../../core/plain-object.ts'
import { faultOfCustomPasswordHash } from '../checks/custom-password-hash.ts'
import { fault, type RowFault } from '../checks/row-fault.ts'
import type { RowRules } from './row-rules.ts'

export interface RowPassword {
  /** `password_hash` or `custom_password_hash`, or neither. */
  readonly members: PlainObject
}

/** The hash that comes along, or why there can be none. */
export function passwordOf(
  row: PlainObject,
  { withoutPasswords }: RowRules,
): RowPassword | { readonly fault: RowFault } {
  const { password_hash: hash, custom_password_hash: custom } = row
  const [hasHash, hasCustom] = [(hash ?? '') !== '', (custom ?? null) !== null]
  if (hasHash && hasCustom) {
    const message = 'has both password_hash and custom_password_hash'
    return { fault: fault('two_password_hashes', message) }
  }
  if (hasCustom) {
    const wrong = faultOfCustomPasswordHash(custom)
    if (wrong === null) return { members: { custom_password_hash: custom } }
    return { fault: fault('custom_password_hash_invalid', `custom_password_hash ${wrong}`) }
  }
  if (!hasHash) {
    if (withoutPasswords) return { members: {} }
    const message = 'has no hash of a password: --without-passwords imports it without'
    return { fault: fault('password_hash_missing', message) }
  }
  if (isBcryptOfTenRounds(hash)) return { members: { password_hash: hash } }
  const message =
    'password_hash has to be bcrypt, $2a$ or $2b$, of 10 rounds; any other goes into custom_password_hash'
  return { fault: fault('password_hash_invalid', message) }
}

const bcryptPrefixes = ['$2a$10$', '$2b$10$']

/** The letters of bcrypt's base 64, by their code. */
const bcryptLetters = new Uint8Array(128)
for (const letter of './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  bcryptLetters[letter.charCodeAt(0)] = 1
}

/** No pattern: every row is asked, and V8 takes five times as long for 53 characters of a class. */
function isBcryptOfTenRounds(hash: unknown): boolean {
  if (typeof hash !== 'string' || hash.length !== 60) return false
  if (!bcryptPrefixes.some((prefix) => hash.startsWith(prefix))) return false
  for (let at = 7; at < 60; at += 1) if (bcryptLetters[hash.charCodeAt(at)] !== 1) return false
  return true
}
