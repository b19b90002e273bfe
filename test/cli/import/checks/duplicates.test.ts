import { tmpdir } from 'node:os'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Duplicate, openDuplicateFinder } from '../../../../cli/import/checks/duplicates.ts'
import { keyKinds, keyWords, writeKey } from '../../../../cli/import/checks/row-keys.ts'

type Keys = readonly [userId: string, email: string, username: string | null]

async function duplicatesOf(rows: readonly Keys[]): Promise<(Duplicate | null)[]> {
  const finder = await openDuplicateFinder(tmpdir())
  const words = new Uint32Array(keyWords)
  try {
    for (const [index, keys] of rows.entries()) {
      for (const [kind, key] of keys.entries()) {
        if (key === null) continue
        writeKey(words, 0, key, kind, [1, 2, 3])
        finder.add(words, 0, index + 1)
      }
    }
    const found = await finder.find()
    const all = rows.map((_, index) => found.at(index + 1))
    expect(found.rows).toBe(all.filter((one) => one !== null).length)
    return all
  } finally {
    await finder.close()
  }
}

const few = fc.integer({ min: 0, max: 25 }).map(String)
const rows = fc.array(fc.tuple(few, few, fc.option(few)), { maxLength: 40 })

test('openDuplicateFinder: finds whoever shares an id, an address or a username, and nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (all) => {
      const found = await duplicatesOf(all)
      for (const [index, row] of all.entries()) {
        // An address that is another's username is no duplicate: they are of different kinds.
        const shared = keyKinds.filter((_, kind) =>
          all.some((other, at) => at !== index && row[kind] !== null && other[kind] === row[kind]),
        )
        expect(found[index]?.kind).toBe(shared[0])
        const other = all[(found[index]?.otherLine ?? 1) - 1]
        const kind = keyKinds.indexOf(found[index]?.kind ?? 'user_id')
        if (found[index] !== null) expect(other?.[kind]).toBe(row[kind])
      }
    }),
    { numRuns: 60 },
  )
})

test('openDuplicateFinder: a Ctrl-C is heard while it looks', async () => {
  const finder = await openDuplicateFinder(tmpdir())
  const interruption = new AbortController()
  const found = finder.find(interruption.signal)
  setImmediate(() => interruption.abort())
  await expect(found).rejects.toMatchObject({ code: 'interrupted' })
  await finder.close()
})

test('openDuplicateFinder: finds two among a quarter of a million keys, far apart', async () => {
  const many: Keys[] = Array.from({ length: 125_000 }, (_, n) => [`${n}`, `${n}@example.com`, null])
  many[100_000] = ['x', '17@example.com', null]
  const found = await duplicatesOf(many)
  const told = found.flatMap((one, index) => (one === null ? [] : [[index + 1, one] as const]))
  expect(told).toEqual([
    [18, { kind: 'email', otherLine: 100_001 }],
    [100_001, { kind: 'email', otherLine: 18 }],
  ])
})
