import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JobFile } from '../../../../cli/import/import-types.ts'
import { createPacker } from '../../../../cli/import/packing/packer.ts'

/**
 * Users of any Unicode, lone surrogates among it, and a limit that can hold the largest: that which the
 * first of them fill to the byte, or one byte beside it.
 */
const cases = fc
  .array(fc.string({ unit: 'binary', maxLength: 60 }), { minLength: 1, maxLength: 60 })
  .chain((texts) => {
    const jsons = texts.map((text) => JSON.stringify({ user_id: text }))
    const largest = Math.max(...jsons.map((json) => Buffer.byteLength(json))) + 2
    const limits = fc
      .tuple(fc.integer({ min: 1, max: jsons.length }), fc.constantFrom(-1, 0, 1))
      .map(([count, beside]) => {
        const full = Buffer.byteLength(`[${jsons.slice(0, count).join(',')}]`)
        return Math.max(largest, full + beside)
      })
    return fc.record({ jsons: fc.constant(jsons), limit: limits })
  })

function pack(jsons: readonly string[], limit: number, reuse = false): readonly JobFile[] {
  const packer = createPacker(limit)
  const files: JobFile[] = []
  const take = (file: JobFile | null) => {
    if (file === null) return
    files.push(reuse ? { ...file, body: Buffer.from(file.body) } : file)
    if (reuse) file.release?.()
  }
  for (const [index, json] of jsons.entries()) {
    const bytes = Buffer.from(json)
    const place = { line: index + 1, offset: index, bytes: bytes.length }
    const ids = { legacyId: `${index}`, userId: `${index}`, jsonBytes: bytes.length }
    take(packer.add(bytes, { ...place, ...ids }))
  }
  take(packer.end())
  return files
}

test('createPacker: keeps every user, in order, and says which file has whom', () => {
  fc.assert(
    fc.property(cases, ({ jsons, limit }) => {
      const files = pack(jsons, limit)
      const users = files.flatMap(({ body }) => JSON.parse(body.toString('utf8')) as unknown[])
      expect(users).toEqual(jsons.map((json) => JSON.parse(json)))
      expect(files.flatMap((file) => file.users.map(({ line }) => line))).toEqual(
        jsons.map((_, index) => index + 1),
      )
      expect(files.map(({ number }) => number)).toEqual(files.map((_, index) => index + 1))
      for (const { body, users } of files) {
        expect(JSON.parse(body.toString('utf8'))).toHaveLength(users.length)
      }
    }),
  )
})

test('createPacker: no file is over the limit, and none could have taken the next user', () => {
  fc.assert(
    fc.property(cases, ({ jsons, limit }) => {
      const files = pack(jsons, limit)
      for (const [index, { body, users }] of files.entries()) {
        expect(users.length).toBeGreaterThan(0)
        expect(body.length).toBeLessThanOrEqual(limit)
        const next = files[index + 1]?.users[0]
        if (next !== undefined) expect(body.length + 1 + next.jsonBytes).toBeGreaterThan(limit)
      }
    }),
  )
})

test('createPacker: bytes are those of the text, whatever is in it', () => {
  fc.assert(
    fc.property(cases, ({ jsons, limit }) => {
      for (const { body, users } of pack(jsons, limit)) {
        const text = body.toString('utf8')
        expect(Buffer.byteLength(text)).toBe(body.length)
        const commas = users.length - 1
        const bytes = users.reduce((sum, { jsonBytes }) => sum + jsonBytes, 0)
        expect(body.length).toBe(2 + commas + bytes)
      }
    }),
  )
})

test('createPacker: memory that is given back is used again, and says the same', () => {
  fc.assert(
    fc.property(cases, ({ jsons, limit }) => {
      const texts = (files: readonly JobFile[]) => files.map(({ body }) => body.toString('utf8'))
      expect(texts(pack(jsons, limit, true))).toEqual(texts(pack(jsons, limit)))
    }),
  )
})

test('createPacker: takes a user who fills a file to the byte, and refuses one byte more', () => {
  const user = { line: 1, offset: 0, bytes: 8, legacyId: '1', userId: '1', jsonBytes: 8 }
  const packer = createPacker(10)
  packer.add(Buffer.from('"123456"'), user)
  expect(packer.end()?.body.toString()).toBe('["123456"]')
  expect(packer.end()).toBeNull()
  expect(() => packer.add(Buffer.from('"1234567"'), user)).toThrow(RangeError)
})

test('createPacker: a file holds 500,000 bytes, where nobody says otherwise', () => {
  const json = Buffer.from(JSON.stringify('x'.repeat(997)))
  const user = { line: 1, offset: 0, bytes: 999, legacyId: '1', userId: '1', jsonBytes: 999 }
  const packer = createPacker()
  let file: JobFile | null = null
  while (file === null) file = packer.add(json, user)
  // 999 bytes each with their comma, and one for the last bracket: 500 users would be 500,001.
  expect([file.users.length, file.body.length]).toEqual([499, 499_001])
})
