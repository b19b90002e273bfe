import { createHash, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import {
  customHashMatches,
  storedCustomHash,
} from '../../../../servers/tenant/users/custom-password-hash.ts'

const password = 'pässword 🔑'
const salt = 'sålt'

function digest(name: string, ...parts: readonly (string | Buffer)[]): Buffer {
  return createHash(name)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest()
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

// Made here by the definition of each algorithm, and not by the code under test.
const hashes: readonly [name: string, hash: object][] = [
  ['md5', { algorithm: 'md5', hash: { value: digest('md5', password).toString('hex') } }],
  [
    'sha1 with a salt before',
    {
      algorithm: 'sha1',
      hash: { value: digest('sha1', salt, password).toString('hex'), encoding: 'hex' },
      salt: { value: salt },
    },
  ],
  [
    'sha256 with a salt behind, in base64',
    {
      algorithm: 'sha256',
      hash: { value: digest('sha256', password, salt).toString('base64'), encoding: 'base64' },
      salt: { value: Buffer.from(salt).toString('hex'), encoding: 'hex', position: 'suffix' },
    },
  ],
  [
    'sha512 of UTF-16',
    {
      algorithm: 'sha512',
      hash: { value: digest('sha512', Buffer.from(password, 'utf16le')).toString('hex') },
      password: { encoding: 'utf16le' },
    },
  ],
  [
    'hmac',
    {
      algorithm: 'hmac',
      hash: {
        value: createHmac('sha256', 'key').update(password).digest('hex'),
        digest: 'sha256',
        key: { value: 'key' },
      },
    },
  ],
  [
    'ldap {SSHA}',
    {
      algorithm: 'ldap',
      hash: {
        value: `{SSHA}${Buffer.concat([digest('sha1', password, salt), Buffer.from(salt)]).toString('base64')}`,
        encoding: 'utf8',
      },
    },
  ],
  [
    'ldap {SHA256}',
    {
      algorithm: 'ldap',
      hash: { value: `{SHA256}${digest('sha256', password).toString('base64')}`, encoding: 'utf8' },
    },
  ],
  [
    'pbkdf2',
    {
      algorithm: 'pbkdf2',
      hash: {
        value: `$pbkdf2-sha512$i=1000,l=32$${unpadded(Buffer.from(salt))}$${unpadded(pbkdf2Sync(password, salt, 1_000, 32, 'sha512'))}`,
        encoding: 'utf8',
      },
    },
  ],
  [
    'scrypt',
    {
      algorithm: 'scrypt',
      hash: {
        value: scryptSync(password, salt, 32, { N: 1_024, r: 8, p: 1 }).toString('hex'),
        encoding: 'hex',
      },
      salt: { value: salt },
      ...{ keylen: 32, cost: 1_024 },
    },
  ],
]

test.each(hashes)('custom password hash: %s takes its password and no other', async (_, hash) => {
  expect(await customHashMatches(password, storedCustomHash({ ...hash }))).toBe(true)
  expect(await customHashMatches('another', storedCustomHash({ ...hash }))).toBe(false)
})

test('custom password hash: bcrypt with $2y$', async () => {
  const value = (await bcrypt(password, 4)).replace('$2b$', '$2y$')
  const stored = storedCustomHash({ algorithm: 'bcrypt', hash: { value, encoding: 'utf8' } })
  expect(await customHashMatches(password, stored)).toBe(true)
  expect(await customHashMatches('another', stored)).toBe(false)
})

test.each(['argon2', 'md4'])(
  'custom password hash: %s fits no password here',
  async (algorithm) => {
    const stored = storedCustomHash({ algorithm, hash: { value: '00' } })
    expect(await customHashMatches(password, stored)).toBe(false)
  },
)
