import { expect, test } from 'vitest'
import { faultOfCustomPasswordHash } from '../../../../cli/import/checks/custom-password-hash.ts'

const hex = (bytes: number) => 'aB'.repeat(bytes)
const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64')
const phc = '$argon2id$v=19$m=65536,t=2,p=1$bm9ib2R5cyBzYWx0$bm9ib2R5cyBoYXNoIGF0IGFsbA'
const bcrypt = `$2y$12$${'a'.repeat(53)}`
const pbkdf2 = '$pbkdf2-sha512$i=100000,l=64$bm9ib2R5cw$bm9ib2R5cyBoYXNo'
const scrypt = { algorithm: 'scrypt', hash: { value: hex(32), encoding: 'hex' }, keylen: 32 }
const hmacKey = { value: '736868', encoding: 'hex' }

for (const [why, hash] of [
  ['argon2', { algorithm: 'argon2', hash: { value: phc } }],
  ['bcrypt of any cost', { algorithm: 'bcrypt', hash: { value: bcrypt, encoding: 'utf8' } }],
  [
    'bcrypt with a salt',
    { algorithm: 'bcrypt', hash: { value: bcrypt }, salt: { value: 'pepper' } },
  ],
  [
    'hmac',
    {
      algorithm: 'hmac',
      hash: { value: base64(20), encoding: 'base64', digest: 'sha1', key: hmacKey },
    },
  ],
  ['ldap', { algorithm: 'ldap', hash: { value: `{SSHA512}${base64(72)}`, encoding: 'utf8' } }],
  ['md4', { algorithm: 'md4', hash: { value: base64(16), encoding: 'base64' } }],
  ['md5', { algorithm: 'md5', hash: { value: hex(16), encoding: 'hex' } }],
  ['sha1', { algorithm: 'sha1', hash: { value: hex(20), encoding: 'hex' } }],
  [
    'sha256 with a salt behind and a password in UTF-16',
    {
      algorithm: 'sha256',
      hash: { value: hex(32), encoding: 'hex' },
      salt: { value: 'abc123', encoding: 'hex', position: 'suffix' },
      password: { encoding: 'utf16le' },
    },
  ],
  [
    'sha512 in the base64 of URLs',
    {
      algorithm: 'sha512',
      hash: { value: Buffer.alloc(64, 251).toString('base64url'), encoding: 'base64' },
    },
  ],
  ['pbkdf2', { algorithm: 'pbkdf2', hash: { value: pbkdf2 } }],
  [
    'pbkdf2 without parameters',
    { algorithm: 'pbkdf2', hash: { value: '$pbkdf2-md5$c2FsdA$aGFzaA' } },
  ],
  ['scrypt', scrypt],
  ['scrypt with all it has', { ...scrypt, cost: 4_096, blockSize: 8, parallelization: 2 }],
] as const) {
  test(`faultOfCustomPasswordHash: takes ${why}`, () => {
    expect(faultOfCustomPasswordHash(hash)).toBeNull()
  })
}

const md5 = { algorithm: 'md5', hash: { value: hex(16), encoding: 'hex' } }
const hmac = {
  algorithm: 'hmac',
  hash: { value: hex(20), encoding: 'hex', digest: 'sha1', key: hmacKey },
}

for (const [why, hash, told] of [
  ['text', 'abc', 'has to be an object'],
  ['a member that is not of the schema', { ...md5, rounds: 3 }, 'the schema does not know'],
  ['an algorithm that Auth0 does not take', { ...md5, algorithm: 'sha3' }, 'algorithm of argon2,'],
  ['no hash', { algorithm: 'md5' }, 'hash.value'],
  ['an empty hash', { algorithm: 'argon2', hash: { value: '' } }, 'hash.value'],
  ['md5 without an encoding', { ...md5, hash: { value: hex(16) } }, 'hash.encoding of base64, hex'],
  ['md5 in utf8', { ...md5, hash: { value: hex(16), encoding: 'utf8' } }, 'hash.encoding'],
  ['md5 that is no hex', { ...md5, hash: { value: 'xy'.repeat(16), encoding: 'hex' } }, 'is hex'],
  ['md5 of the length of sha1', { ...md5, hash: { value: hex(20), encoding: 'hex' } }, '16 bytes'],
  [
    'sha512 cut short',
    { algorithm: 'sha512', hash: { value: hex(63), encoding: 'hex' } },
    '64 bytes',
  ],
  ['a salt without a value', { ...md5, salt: {} }, 'salt.value'],
  [
    'a salt in an unknown encoding',
    { ...md5, salt: { value: 'a', encoding: 'rot13' } },
    'salt.enc',
  ],
  [
    'a salt that is not what it says',
    { ...md5, salt: { value: 'xyz', encoding: 'hex' } },
    'is hex',
  ],
  [
    'a salt in the middle',
    { ...md5, salt: { value: 'a', position: 'middle' } },
    'prefix or suffix',
  ],
  ['a password in EBCDIC', { ...md5, password: { encoding: 'ebcdic' } }, 'password.encoding'],
  [
    'argon2 in base64',
    { algorithm: 'argon2', hash: { value: phc, encoding: 'base64' } },
    'of utf8',
  ],
  [
    'argon2 with a salt beside',
    { algorithm: 'argon2', hash: { value: phc }, salt: { value: 'a' } },
    'no salt',
  ],
  [
    'argon2 without its salt',
    { algorithm: 'argon2', hash: { value: '$argon2id$v=19$m=1,t=1,p=1' } },
    'PHC',
  ],
  [
    'bcrypt by $2x$',
    { algorithm: 'bcrypt', hash: { value: bcrypt.replace('2y', '2x') } },
    'bcrypt',
  ],
  ['bcrypt by $2$', { algorithm: 'bcrypt', hash: { value: bcrypt.replace('2y', '2') } }, 'bcrypt'],
  ['bcrypt cut short', { algorithm: 'bcrypt', hash: { value: bcrypt.slice(0, -1) } }, 'bcrypt'],
  ['bcrypt with a line break', { algorithm: 'bcrypt', hash: { value: `${bcrypt}\n` } }, 'bcrypt'],
  [
    'bcrypt of cost 3',
    { algorithm: 'bcrypt', hash: { value: bcrypt.replace('12', '03') } },
    'bcrypt',
  ],
  ['hmac without a digest', { ...hmac, hash: { ...hmac.hash, digest: undefined } }, 'hash.digest'],
  ['hmac by sha3', { ...hmac, hash: { ...hmac.hash, digest: 'sha3' } }, 'hash.digest'],
  ['hmac without a key', { ...hmac, hash: { ...hmac.hash, key: undefined } }, 'hash.key.value'],
  [
    'hmac with a key that is no hex',
    { ...hmac, hash: { ...hmac.hash, key: { value: 'x', encoding: 'hex' } } },
    'hash.key.value that is hex',
  ],
  ['md5 by a digest of no name', { ...md5, hash: { ...md5.hash, digest: 'sha3' } }, 'hash.digest'],
  ['md5 with a key without value', { ...md5, hash: { ...md5.hash, key: {} } }, 'hash.key.value'],
  ['md5 with a keylen that is text', { ...md5, keylen: '16' }, 'keylen that is whole'],
  ['md5 with a cost that is null', { ...md5, cost: null }, 'cost that is whole'],
  ['ldap by crypt', { algorithm: 'ldap', hash: { value: '{CRYPT}ab1234' } }, '{CRYPT}'],
  ['ldap without a scheme', { algorithm: 'ldap', hash: { value: base64(20) } }, '{MD5}'],
  [
    'ldap with a salt beside',
    { algorithm: 'ldap', hash: { value: `{SHA}${base64(20)}` }, salt: { value: 'a' } },
    'no salt',
  ],
  [
    'pbkdf2 by an unknown digest',
    { algorithm: 'pbkdf2', hash: { value: '$pbkdf2-sha3$i=1,l=1$YQ$YQ' } },
    'PHC',
  ],
  ['pbkdf2 with padding', { algorithm: 'pbkdf2', hash: { value: `${pbkdf2}==` } }, 'PHC'],
  ['scrypt without keylen', { ...scrypt, keylen: undefined }, 'keylen'],
  ['scrypt with a keylen of 0', { ...scrypt, keylen: 0 }, 'keylen'],
  ['scrypt with another keylen', { ...scrypt, keylen: 64 }, 'keylen bytes'],
  ['scrypt with a cost that is no power of two', { ...scrypt, cost: 1_000 }, 'power of two'],
  ['scrypt with a cost of 1', { ...scrypt, cost: 1 }, 'power of two'],
  ['scrypt with half a block', { ...scrypt, blockSize: 0.5 }, 'blockSize'],
  ['scrypt with no lane', { ...scrypt, parallelization: 0 }, 'parallelization'],
] as const) {
  test(`faultOfCustomPasswordHash: refuses ${why}, without quoting it`, () => {
    const fault = faultOfCustomPasswordHash(hash)
    expect(fault).toContain(told)
    const value = typeof hash === 'object' && 'hash' in hash ? hash.hash?.value : undefined
    if (value !== undefined && value !== '') expect(fault).not.toContain(value)
  })
}
