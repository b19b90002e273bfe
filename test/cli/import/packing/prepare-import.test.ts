import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeadLetter, JobFile, SourceFormat } from '../../../../cli/import/import-types.ts'
import { csvColumns } from '../../../../cli/import/mapping/csv-mapping.ts'
import { bundlePrepareThread } from '../../../../cli/import/packing/bundle-prepare-thread.ts'
import {
  type PrepareOptions,
  prepareImport,
} from '../../../../cli/import/packing/prepare-import.ts'
import { openSource } from '../../../../cli/import/sources/open-source.ts'
import { legacyRow, rowRules } from '../checks/rows.ts'

let folder: string
let threadProgram: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepare-import-'))
  threadProgram = await bundlePrepareThread()
})

afterAll(() => rm(folder, { recursive: true }))

interface Given {
  readonly format?: SourceFormat
  readonly asFile?: boolean
  readonly settled?: readonly string[]
  readonly more?: Partial<PrepareOptions>
  readonly rules?: Partial<PrepareOptions['rules']>
}

async function prepare(bytes: Buffer | string, given: Given = {}) {
  const { format, asFile = false, settled = [], more, rules } = given
  const path = asFile ? join(folder, 'source') : '-'
  if (asFile) await writeFile(path, bytes)
  const input = Readable.from([Buffer.from(bytes)])
  const source = await openSource({ path, input, format, csvDelimiter: ',', folder })
  const letters: DeadLetter[] = []
  const header = source.header?.split(',') ?? []
  const columns = source.header === undefined ? {} : { columns: csvColumns(header, undefined) }
  try {
    const prepared = await prepareImport({
      source,
      rules: rowRules({ format: source.format, ...columns, width: header.length, ...rules }),
      threadProgram,
      seed: [1, 2, 3],
      settled: { has: (userId) => settled.includes(userId) },
      deadLetters: { add: async (letter) => void letters.push(letter) },
      folder,
      signal: new AbortController().signal,
      ...more,
    })
    const before = { counts: prepared.counts(), users: prepared.users }
    const files: JobFile[] = []
    for await (const file of prepared.files) files.push(file)
    const quoted = await Promise.all(
      files.flatMap(({ users }) => users).map((user) => prepared.originals.read(user)),
    )
    await prepared.close()
    return { before, files, letters, quoted, counts: prepared.counts() }
  } finally {
    await source.close()
  }
}

function usersIn(files: readonly JobFile[]): Record<string, unknown>[] {
  return files.flatMap(({ body }) => JSON.parse(body.toString('utf8')) as Record<string, unknown>[])
}

/** Rows of which every seventh is broken, every eleventh migrated, and two share an address. */
const rows = Array.from({ length: 9_000 }, (_, index) => {
  if (index % 7 === 3) return `{"legacy_id":"${index}","email":"no address"}`
  const row = legacyRow({
    legacy_id: String(index),
    email: index === 8_000 ? 'ÜSER-1@example.com' : `üser-${index}@example.com`,
    name: `Zoë 🎉 ${index}`,
    ...(index % 11 === 5 && { migrated_at: '2026-01-01T00:00:00Z' }),
  })
  return JSON.stringify(row)
})
const isBroken = (index: number) => index % 7 === 3
const isMigrated = (index: number) => !isBroken(index) && index % 11 === 5
const isTwin = (index: number) => index === 1 || index === 8_000
const indexes = rows.map((_, index) => index)
const good = indexes.filter((index) => !isBroken(index) && !isMigrated(index) && !isTwin(index))

for (const [why, bytes, asFile] of [
  ['NDJSON', rows.join('\n'), true],
  ['NDJSON from a stream', rows.join('\n'), false],
  ['a JSON array', `[${rows.join(',\n')}]`, true],
  ['gzip', gzipSync(rows.join('\n')), true],
  ['gzip from a stream', gzipSync(`[${rows.join(',')}]`), false],
] as const) {
  test(`prepareImport: of ${why}, everybody comes out once, in order, and the books balance`, async () => {
    const { before, files, letters, quoted, counts } = await prepare(bytes, { asFile })
    expect(usersIn(files).map((user) => user.user_id)).toEqual(
      good.map((index) => `legacy|${index}`),
    )
    expect(files.flatMap(({ users }) => users.map(({ legacyId }) => Number(legacyId)))).toEqual(
      good,
    )
    expect(quoted.map(({ original }) => original)).toEqual(good.map((index) => rows[index]))
    expect(before.users).toBe(good.length)
    expect(counts.read).toBe(rows.length)
    expect(counts.migrated).toBe(indexes.filter(isMigrated).length)
    expect(counts.packed + counts.migrated + counts.dead).toBe(counts.read)
    expect(letters.map(({ line }) => line - 1)).toEqual([...indexes.filter(isBroken), 1, 8_000])
    expect(letters.map(({ original }) => original)).toEqual(
      [...indexes.filter(isBroken), 1, 8_000].map((index) => rows[index]),
    )
    expect(counts.reasons).toEqual({
      email_invalid: indexes.filter(isBroken).length,
      duplicate_email: 2,
    })
    for (const { body } of files) expect(body.length).toBeLessThanOrEqual(500_000)
  })
}

test('prepareImport: before a file is asked for, every row has been read and checked', async () => {
  const { before, letters } = await prepare(rows.join('\n'))
  expect(before.counts).toMatchObject({ read: rows.length, packed: 0 })
  expect(letters.at(-1)).toMatchObject({
    reason: 'duplicate_email',
    line: 8_001,
    message: 'has the e-mail address of line 2: which one is right is not for us to choose',
  })
})

test('prepareImport: whoever an earlier run has settled is counted and not packed', async () => {
  const settled = ['legacy|0', 'legacy|8', 'legacy|8999']
  const { files, counts } = await prepare(rows.join('\n'), { settled })
  expect(counts.settled).toBe(3)
  expect(usersIn(files).map((user) => user.user_id)).not.toContain('legacy|0')
  expect(counts.packed + counts.settled).toBe(good.length)
})

test('prepareImport: a user who alone is over a job file is dead, and the others go', async () => {
  const salt = 'a'.repeat(600_000)
  const hash = { value: '0'.repeat(32), encoding: 'hex' }
  const huge = { algorithm: 'md5', hash, salt: { value: salt } }
  const text = [
    legacyRow({ legacy_id: '1', email: 'a@b.example' }),
    legacyRow({
      legacy_id: '2',
      email: 'c@d.example',
      password_hash: null,
      custom_password_hash: huge,
    }),
    legacyRow({ legacy_id: '3', email: 'e@f.example' }),
  ].map((row) => JSON.stringify(row))
  const { files, letters } = await prepare(text.join('\n'))
  expect(usersIn(files).map((user) => user.user_id)).toEqual(['legacy|1', 'legacy|3'])
  expect(letters.map(({ reason, original }) => [reason, original])).toEqual([
    ['user_too_large', text[1]],
  ])
})

test('prepareImport: a row that is more objects than the thread has memory for is dead, and the others go', async () => {
  const large = JSON.stringify(legacyRow({ user_metadata: { list: '@' } }))
  const text = [
    ...rows.slice(0, 3),
    large.replace('"@"', `[${'{},'.repeat(1_500_000)}{}]`),
    ...rows.slice(4, 6),
  ]
  const { files, letters } = await prepare(text.join('\n'))
  expect(usersIn(files).map((user) => user.user_id)).toEqual(
    [0, 1, 2, 4].map((index) => `legacy|${index}`),
  )
  expect(letters.map(({ reason, line }) => [reason, line])).toEqual([['profile_too_large', 4]])
})

test('prepareImport: a hash nested too deep to be written is dead, and the others go', async () => {
  const hash = { value: '0'.repeat(32), encoding: 'hex', more: '@' }
  const custom = { password_hash: null, custom_password_hash: { algorithm: 'md5', hash } }
  const deep = JSON.stringify(legacyRow(custom)).replace(
    '"@"',
    '['.repeat(50_000) + ']'.repeat(50_000),
  )
  const { files, letters } = await prepare([rows[0], deep, rows[2]].join('\n'))
  expect(usersIn(files).map((user) => user.user_id)).toEqual(['legacy|0', 'legacy|2'])
  expect(letters.map(({ reason, line }) => [reason, line])).toEqual([
    ['custom_password_hash_invalid', 2],
  ])
})

test('prepareImport: a row that is no UTF-8 is dead, and nobody gets an address that is not theirs', async () => {
  const text = [rows[0], rows[1]?.replaceAll('üser', 'josé'), rows[2]].map((row) => `${row}\n`)
  const bytes = Buffer.concat([
    Buffer.from(text[0] ?? ''),
    Buffer.from(text[1] ?? '', 'latin1'),
    Buffer.from(text[2] ?? ''),
  ])
  const { files, letters } = await prepare(bytes)
  expect(usersIn(files).map((user) => user.user_id)).toEqual(['legacy|0', 'legacy|2'])
  expect(letters.map(({ reason, line }) => [reason, line])).toEqual([['row_not_utf8', 2]])
})

test('prepareImport: a dead letter of CSV whose header does not fit is dead itself, and the others go', async () => {
  const letter = { reason: 'x', message: 'y', line: 1 }
  const csv = { ...letter, format: 'csv', header: 'id,mail', original: '7,a@b.example' }
  const good = { ...letter, format: 'ndjson', original: rows[0] }
  const text = [csv, good].map((one) => JSON.stringify(one)).join('\n')
  const { files, letters } = await prepare(text, { format: 'dead-letters' })
  expect(usersIn(files).map((user) => user.user_id)).toEqual(['legacy|0'])
  expect(letters).toMatchObject([
    { reason: 'letter_invalid', header: 'id,mail', original: '7,a@b.example' },
  ])
})

test('prepareImport: a Ctrl-C is heard while files are packed', async () => {
  const interruption = new AbortController()
  const has = () => {
    setImmediate(() => interruption.abort())
    return false
  }
  const more = { signal: interruption.signal, settled: { has } }
  await expect(prepare(rows.join('\n'), { more })).rejects.toMatchObject({ code: 'interrupted' })
})

test('prepareImport: CSV, by its header, with quotes, line breaks and cells that are wrong', async () => {
  const csv = [
    'legacy_id,email,email_verified,app_metadata.plan,name,password_hash,shoe size',
    `1,a@b.example,yes,gold,"Smith, ""J""\nJunior",${legacyRow().password_hash},44`,
    `2,c@d.example,maybe,gold,x,${legacyRow().password_hash},44`,
    '3,e@f.example,no',
    `4,g@h.example,,,,${legacyRow().password_hash},`,
  ]
  const { files, letters } = await prepare(csv.join('\r\n'))
  expect(usersIn(files)).toMatchObject([
    {
      ...{ user_id: 'legacy|1', email_verified: true, name: 'Smith, "J"\nJunior' },
      app_metadata: { plan: 'gold' },
    },
    { user_id: 'legacy|4', email_verified: false },
  ])
  expect(
    letters.map(({ reason, line, header, original }) => [reason, line, header, original]),
  ).toEqual([
    ['csv_cell_invalid', 4, csv[0], csv[2]],
    ['csv_columns_mismatch', 5, csv[0], csv[3]],
  ])
})

test('prepareImport: a CSV may end its records in several ways, and no line break gets into a name', async () => {
  const header = 'legacy_id,email,password_hash,name'
  const record = (id: number) => `${id},user-${id}@b.example,${legacyRow().password_hash},Ann`
  const broken = '9,nowhere,,Ann'
  for (const [one, other] of [
    ['\n', '\r\n'],
    ['\r\n', '\n'],
    ['\r', '\r'],
  ] as const) {
    const csv = `${header}${one}${record(1)}${other}${broken}${other}${record(2)}${other}`
    const { files, letters } = await prepare(csv)
    const names = usersIn(files).map(({ name, user_id }) => [user_id, name])
    expect(names).toEqual([
      ['legacy|1', 'Ann'],
      ['legacy|2', 'Ann'],
    ])
    expect(letters).toMatchObject([{ reason: 'email_invalid', header, original: broken }])
  }
})

test('prepareImport: an Auth0 export as CSV loses its auth0|, and no more', async () => {
  const csv = 'user_id,email,password_hash\nauth0|legacy|7,a@b.example,\nauth0|63f,c@d.example,\n'
  const { files } = await prepare(csv, { rules: { withoutPasswords: true } })
  expect(usersIn(files)).toMatchObject([{ user_id: 'legacy|7' }, { user_id: '63f' }])
  expect(files[0]?.users).toMatchObject([
    { userId: 'legacy|7', legacyId: '7' },
    { userId: '63f', legacyId: '63f' },
  ])
})

test('prepareImport: dead letters that were mended are a source, whatever they are of', async () => {
  const broken = JSON.stringify(legacyRow({ email: 'nowhere' }))
  const header = 'legacy_id,email,password_hash'
  const csv = `${header}\n7,not an address,${legacyRow().password_hash}`
  const letters = [...(await prepare(broken)).letters, ...(await prepare(csv)).letters]
  const again = letters.map((letter) => JSON.stringify(letter)).join('\n')
  const unmended = await prepare(again, { format: 'dead-letters' })
  expect(unmended.letters.map((letter) => ({ ...letter, line: 0 }))).toEqual(
    letters.map((letter) => ({ ...letter, line: 0 })),
  )
  const mended = again.replace('nowhere', 'a@b.example').replace('not an address', 'c@d.example')
  const { files } = await prepare(mended, { format: 'dead-letters' })
  expect(usersIn(files)).toMatchObject([
    { user_id: 'legacy|1042', email: 'a@b.example' },
    { user_id: 'legacy|7', email: 'c@d.example' },
  ])
})

for (const [why, bytes, code] of [
  ['gzip that is cut off', gzipSync(rows.join('\n')).subarray(0, 9_000), 'source_cut_off'],
  ['an array that is cut off', `[${rows.slice(0, 9).join(',')}`, 'source_cut_off'],
  ['CSV with a quote that does not end', 'legacy_id,email\n1,"a@b.example\n', 'source_invalid'],
  [
    'CSV that is no UTF-8',
    Buffer.from('legacy_id,email\n1,josé@b.example', 'latin1'),
    'source_invalid',
  ],
  ['a text in UTF-16', Buffer.from('\ufeff{"legacy_id":"1"}\n', 'utf16le'), 'source_invalid'],
  ['a source without a byte', '', 'source_invalid'],
  ['a source of line breaks', '\n\n', 'source_invalid'],
] as const) {
  test(`prepareImport: ${why} is an error, and nothing is left on disk`, async () => {
    await expect(prepare(bytes)).rejects.toMatchObject({ code })
    expect((await readdir(folder)).filter((name) => name !== 'source')).toEqual([])
  })
}

test('prepareImport: stops when it is interrupted', async () => {
  const interruption = new AbortController()
  interruption.abort()
  const more = { signal: interruption.signal }
  await expect(prepare(rows.join('\n'), { more })).rejects.toMatchObject({ code: 'interrupted' })
})
