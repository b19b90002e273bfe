import { createHash, createHmac, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { compare } from '@node-rs/bcrypt'
import { z } from 'zod'

const encoding = z.enum(['base64', 'hex', 'utf8'])

/** `custom_password_hash` of an import file, checked before it was stored. */
const shape = z.object({
  algorithm: z.string(),
  hash: z.object({
    value: z.string(),
    encoding: encoding.default('hex'),
    digest: z.string().optional(),
    key: z.object({ value: z.string(), encoding: encoding.default('utf8') }).optional(),
  }),
  salt: z
    .object({
      value: z.string(),
      encoding: encoding.default('utf8'),
      position: z.enum(['prefix', 'suffix']).default('prefix'),
    })
    .optional(),
  password: z
    .object({
      encoding: z.enum(['ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary']).default('utf8'),
    })
    .default({ encoding: 'utf8' }),
  keylen: z.number().optional(),
  cost: z.number().default(16_384),
  blockSize: z.number().default(8),
  parallelization: z.number().default(1),
})

type CustomHash = z.infer<typeof shape>

/** How a custom hash is kept where others are a bcrypt text. */
export function storedCustomHash(hash: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(hash)
}

export function isCustomHash(stored: string): boolean {
  return stored.startsWith('{')
}

/**
 * Checks a password against a hash of any algorithm that Auth0 imports but `argon2`, `md4` and
 * HMAC by `md4` or `whirlpool`, which neither Node 22 nor OpenSSL 3 has: those match no password,
 * and the login fails as with a wrong one (`fp`).
 *
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema#custom-password-hash
 */
export async function customHashMatches(password: string, stored: string): Promise<boolean> {
  const hash = shape.parse(JSON.parse(stored))
  try {
    return await matches(salted(hash, password), hash, password)
  } catch {
    return false
  }
}

async function matches(input: Buffer, custom: CustomHash, password: string): Promise<boolean> {
  const { algorithm, hash } = custom
  switch (algorithm) {
    case 'bcrypt':
      return compare(input, hash.value)
    case 'ldap':
      return ldapMatches(password, hash.value)
    case 'pbkdf2':
      return pbkdf2Matches(input, hash.value)
    case 'scrypt':
      return equal(await scrypted(custom, password), decoded(custom))
    case 'hmac': {
      const key = Buffer.from(hash.key?.value ?? '', hash.key?.encoding ?? 'utf8')
      return equal(
        createHmac(hash.digest ?? '', key)
          .update(input)
          .digest(),
        decoded(custom),
      )
    }
    default:
      return equal(createHash(algorithm).update(input).digest(), decoded(custom))
  }
}

function salted({ password: { encoding }, salt }: CustomHash, password: string): Buffer {
  const bytes = Buffer.from(password, encoding)
  if (salt === undefined) return bytes
  const salting = Buffer.from(salt.value, salt.encoding)
  return Buffer.concat(salt.position === 'prefix' ? [salting, bytes] : [bytes, salting])
}

function decoded({ hash }: CustomHash): Buffer {
  return Buffer.from(hash.value, hash.encoding)
}

function equal(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** RFC 2307: `{SSHA}` and base64 of the digest with the salt behind it. */
function ldapMatches(password: string, value: string): boolean {
  const [, scheme = '', body = ''] = /^\{(s?(?:md5|sha\d*))\}(.+)$/i.exec(value) ?? []
  const name = scheme.toLowerCase().replace(/^s(?=sha|md5)/, '')
  const stored = Buffer.from(body, 'base64')
  const length = createHash(name === 'sha' ? 'sha1' : name).digest().length
  const digest = createHash(name === 'sha' ? 'sha1' : name)
    .update(password)
    .update(stored.subarray(length))
    .digest()
  return equal(digest, stored.subarray(0, length))
}

const pbkdf2Form = /^\$pbkdf2-([a-z\d]+)\$(?:i=(\d+),l=(\d+)\$)?([^$]+)\$([^$]+)$/

async function pbkdf2Matches(input: Buffer, value: string): Promise<boolean> {
  const [, digest = '', rounds = '100000', length = '64', salt = '', hash = ''] =
    pbkdf2Form.exec(value) ?? []
  const bytes = Buffer.from(salt, 'base64')
  const derived = await promisify(pbkdf2)(input, bytes, Number(rounds), Number(length), digest)
  return equal(derived, Buffer.from(hash, 'base64'))
}

async function scrypted(custom: CustomHash, password: string): Promise<Buffer> {
  const { blockSize: r, cost: N, keylen = 0, parallelization: p, salt } = custom
  const salting = Buffer.from(salt?.value ?? '', salt?.encoding ?? 'utf8')
  const bytes = Buffer.from(password, custom.password.encoding)
  return new Promise((resolve, reject) => {
    scrypt(bytes, salting, keylen, { N, r, p, maxmem: 256 * N * r * p }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
