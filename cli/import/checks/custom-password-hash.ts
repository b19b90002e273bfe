import { isPlainObject, type PlainObject } from '../../../core/plain-object.ts'
import { faultOfArgon2, faultOfBcrypt, faultOfLdap, faultOfPbkdf2 } from './hash-texts.ts'

/**
 * What is wrong with a `custom_password_hash`: every rule of the schema, and of the section on its
 * algorithm. A hash that slips through is a user who is told "wrong password" for ever.
 *
 * @returns In words, without the hash; null when nothing is.
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema
 */
export function faultOfCustomPasswordHash(value: unknown): string | null {
  if (!isPlainObject(value)) return 'has to be an object'
  const unknown = Object.keys(value).find((key) => !members.includes(key))
  if (unknown !== undefined)
    return `has a member the schema does not know; it knows ${list(members)}`
  if (isDeeperThan(value, deepest)) return 'is nested deeper than the schema is'
  const { algorithm, hash, salt, password } = value
  const rule = typeof algorithm === 'string' ? rules.get(algorithm) : undefined
  if (rule === undefined) return `has to have an algorithm of ${list([...rules.keys()])}`
  if (!isPlainObject(hash) || !isText(hash.value)) return 'has to have a hash.value that is text'
  return (
    faultOfHash(hash, rule) ??
    faultOfSalt(salt, rule) ??
    faultOfPassword(password) ??
    faultOfKeyed(hash) ??
    faultOfNumbers(value) ??
    rule.fault?.(hash.value, value, hash) ??
    null
  )
}

/** Objects one in the other: those of `hash.key`. */
const deepest = 3

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1))
}

interface Rule {
  /** The first is taken where none is said, if there is but one. */
  readonly encodings: readonly string[]
  readonly salt: 'allowed' | 'none'
  readonly fault?: (text: string, whole: PlainObject, hash: PlainObject) => string | null
}

const numbers = ['keylen', 'cost', 'blockSize', 'parallelization']
const members = ['algorithm', 'hash', 'salt', 'password', ...numbers]
const encodings = ['base64', 'hex', 'utf8']
const binary = ['base64', 'hex']
const passwordEncodings = ['ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary']
const hmacDigests = [
  ...['md4', 'md5', 'ripemd160', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'whirlpool'],
]

/** By the section of the algorithm; those that name no digest are judged by the length of the hash. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['argon2', { encodings: ['utf8'], salt: 'none', fault: faultOfArgon2 }],
  ['bcrypt', { encodings: ['utf8'], salt: 'allowed', fault: faultOfBcrypt }],
  ['hmac', { encodings: binary, salt: 'allowed', fault: faultOfHmac }],
  ['ldap', { encodings: ['utf8'], salt: 'none', fault: faultOfLdap }],
  ['md4', digest(16)],
  ['md5', digest(16)],
  ['sha1', digest(20)],
  ['sha256', digest(32)],
  ['sha512', digest(64)],
  ['pbkdf2', { encodings: ['utf8'], salt: 'none', fault: faultOfPbkdf2 }],
  ['scrypt', { encodings: binary, salt: 'allowed', fault: faultOfScrypt }],
])

function faultOfHash(hash: PlainObject, { encodings: allowed }: Rule): string | null {
  const { encoding } = hash
  if (encoding === undefined && !allowed.includes('utf8')) {
    return `has to have a hash.encoding of ${list(allowed)}`
  }
  if (encoding !== undefined && !isOneOf(allowed, encoding)) {
    return `has to have a hash.encoding of ${list(allowed)}`
  }
  return encoding === undefined ? null : faultOfEncoded('hash.value', hash.value, encoding)
}

function faultOfSalt(salt: unknown, { salt: allowed }: Rule): string | null {
  if (salt === undefined) return null
  if (allowed === 'none')
    return 'may have no salt of its own: with this algorithm it is in hash.value'
  if (!isPlainObject(salt) || typeof salt.value !== 'string') return 'has to have a salt.value'
  const { encoding = 'utf8', position = 'prefix' } = salt
  if (!isOneOf(encodings, encoding)) return `has to have a salt.encoding of ${list(encodings)}`
  if (!isOneOf(['prefix', 'suffix'], position))
    return 'has to have a salt.position of prefix or suffix'
  return faultOfEncoded('salt.value', salt.value, encoding)
}

function faultOfPassword(password: unknown): string | null {
  if (password === undefined) return null
  const { encoding = 'utf8' } = isPlainObject(password) ? password : { encoding: null }
  const allowed = isOneOf(passwordEncodings, encoding)
  return allowed ? null : `has to have a password.encoding of ${list(passwordEncodings)}`
}

/** Also of an algorithm that does not look at them. What scrypt asks of them is a rule of its own. */
function faultOfNumbers(whole: PlainObject): string | null {
  const wrong = numbers.find((name) => whole[name] !== undefined && !Number.isInteger(whole[name]))
  return wrong === undefined ? null : `has to have a ${wrong} that is whole`
}

function digest(bytes: number): Rule {
  return {
    encodings: binary,
    salt: 'allowed',
    fault: (text, _whole, { encoding }) =>
      Buffer.from(text, encoding === 'hex' ? 'hex' : 'base64').length === bytes
        ? null
        : `has to have a hash.value of ${bytes} bytes`,
  }
}

function faultOfHmac(
  _text: string,
  _whole: PlainObject,
  { digest: named = null, key = null }: PlainObject,
): string | null {
  return faultOfKeyed({ digest: named, key })
}

/** The schema has these for every algorithm, and hmac cannot do without them. */
function faultOfKeyed({ digest: named, key }: PlainObject): string | null {
  if (named !== undefined && !isOneOf(hmacDigests, named)) {
    return `has to have a hash.digest of ${list(hmacDigests)}`
  }
  if (key === undefined) return null
  if (!isPlainObject(key) || typeof key.value !== 'string') return 'has to have a hash.key.value'
  const { encoding = 'utf8' } = key
  if (!isOneOf(encodings, encoding)) return `has to have a hash.key.encoding of ${list(encodings)}`
  return faultOfEncoded('hash.key.value', key.value, encoding)
}

function faultOfScrypt(text: string, whole: PlainObject, hash: PlainObject): string | null {
  const { keylen, cost = 16_384, blockSize = 8, parallelization = 1 } = whole
  if (!isPositive(keylen)) return 'has to have a keylen: whole, above 0'
  if (!isPositive(cost) || cost < 2 || !Number.isInteger(Math.log2(cost))) {
    return 'has to have a cost that is a power of two above 1'
  }
  if (!isPositive(blockSize)) return 'has to have a blockSize that is whole and above 0'
  if (!isPositive(parallelization)) return 'has to have a parallelization that is whole and above 0'
  const bytes = Buffer.from(text, hash.encoding === 'hex' ? 'hex' : 'base64').length
  return bytes === keylen ? null : 'has to have a hash.value of keylen bytes'
}

/** Hex in either case, base64 also as URLs have it. */
function faultOfEncoded(name: string, value: unknown, encoding: unknown): string | null {
  const pattern = encoding === 'hex' ? /^(?:[0-9A-Fa-f]{2})*$/ : /^[A-Za-z0-9+/_-]*={0,2}$/
  const fits = encoding === 'utf8' || (typeof value === 'string' && pattern.test(value))
  return fits ? null : `has to have a ${name} that is ${String(encoding)}`
}

function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isOneOf(words: readonly string[], word: unknown): boolean {
  return typeof word === 'string' && words.includes(word)
}

function list(words: readonly string[]): string {
  return words.join(', ')
}
