import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openPasswordFile } from '../../../cli/old-tenant/password-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'password-file-'))
const connection = 'people'

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(content: string | Buffer): string {
  const file = join(folder, 'passwords')
  writeFileSync(file, content)
  return file
}

/** As the documentation shows a line. */
function lineOf(id: string, more: object = {}): string {
  const row = {
    _id: { $oid: id },
    email: `${id}@old.example`,
    passwordHash: `hash of ${id}`,
    password_set_date: { $date: '2021-03-05T16:34:49.502Z' },
    connection,
    ...more,
  }
  return `${JSON.stringify(row)}\n`
}

test('openPasswordFile: gives everybody the hash of their own id and nobody another, packed or not', async () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{1,24}$/), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(ids, fc.boolean(), async (known, isPacked) => {
      const content = [...known.map((id) => lineOf(id)), lineOf('sentinel')].join('')
      const file = fileOf(isPacked ? gzipSync(content) : content)
      const passwords = await openPasswordFile(file, connection, folder)
      try {
        for (const id of known) expect(passwords.hashOf(id)).toBe(`hash of ${id}`)
        expect(passwords.hashOf('nobody')).toBeUndefined()
      } finally {
        await passwords.close()
      }
    }),
    { numRuns: 20 },
  )
})

test('openPasswordFile: joins by id, never by address; rows of other connections and without a hash are none', async () => {
  const file = fileOf(
    [
      lineOf('a', { email: 'b@old.example' }),
      lineOf('staff', { connection: 'staff' }),
      lineOf('empty', { passwordHash: null }),
      lineOf('', { _id: 'auth0|plain' }),
    ].join(''),
  )
  const passwords = await openPasswordFile(file, connection, folder)
  const found = ['a', 'b', 'staff', 'empty', 'plain'].map((id) => passwords.hashOf(id))
  expect(found).toEqual(['hash of a', undefined, undefined, undefined, 'hash of '])
  await passwords.close()
})

test('openPasswordFile: leaves no name on the disk under which somebody would find a hash', async () => {
  const passwords = await openPasswordFile(fileOf(lineOf('a')), connection, folder)
  expect(readdirSync(folder)).toEqual(['passwords'])
  await passwords.close()
  await expect(openPasswordFile(fileOf('{}\n'), connection, folder)).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['passwords'])
})

for (const [why, content, message] of [
  ['no JSON', `${lineOf('a')}-----BEGIN PGP MESSAGE-----\n`, 'line 2 is no JSON object'],
  ['no id', `${lineOf('a')}{"passwordHash":"secret-hash"}\n`, 'line 2 has no _id'],
  [
    'another connection only',
    lineOf('a', { connection: 'staff' }),
    'none of its 1 lines has a hash',
  ],
] as const) {
  test(`openPasswordFile: a file with ${why} is refused by its line, which is not quoted`, async () => {
    const error = await openPasswordFile(fileOf(content), connection, folder).catch((one) => one)
    expect(error).toMatchObject({ code: 'source_invalid' })
    expect(error.message).toContain(message)
    expect(error.message).not.toMatch(/secret-hash|hash of a|@old|PGP/)
  })
}

test('openPasswordFile: a file that is not there, or cut off, is said to be', async () => {
  await expect(openPasswordFile(join(folder, 'none'), connection, folder)).rejects.toMatchObject({
    code: 'source_unreadable',
  })
  const packed = gzipSync(Array.from({ length: 900 }, (_, index) => lineOf(`${index}`)).join(''))
  const cut = fileOf(packed.subarray(0, packed.length - 8))
  await expect(openPasswordFile(cut, connection, folder)).rejects.toMatchObject({
    code: 'source_cut_off',
  })
})
