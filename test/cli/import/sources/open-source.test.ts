import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSource } from '../../../../cli/import/sources/open-source.ts'
import { createRowBatch } from '../../../../cli/import/sources/row-batch.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-source-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** What is found in a stream whose first bytes come in two pieces. */
async function openInTwo(bytes: Buffer, cut: number) {
  const input = Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)])
  const source = await openSource({
    ...{ path: '-', input, csvDelimiter: '\t', folder },
    format: undefined,
  })
  const rows: string[] = []
  const batch = createRowBatch()
  for await (const { text, ends, count } of source.batches(async () => batch)) {
    rows.push(text.toString('utf8', 0, ends[count - 1]))
  }
  await source.close()
  return { format: source.format, header: source.header, rows }
}

for (const [why, bytes] of [
  [
    'CSV',
    Buffer.from('\ufefflegacy_id\temail\tapp_metadata.plan_name\t\n1\ta@b.example\tgold\t\n'),
  ],
  ['NDJSON', Buffer.from('\ufeff \n{"legacy_id":"1"}\n')],
  ['a JSON array', Buffer.from('\ufeff\n[{"legacy_id":"1"}]')],
  ['gzip', gzipSync('[{"legacy_id":"1"}]')],
] as const) {
  test(`openSource: of ${why} it finds the same, wherever a pipe parts the first bytes`, async () => {
    const whole = await openInTwo(bytes, bytes.length)
    expect(whole.rows).toHaveLength(1)
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(await openInTwo(bytes, cut), `cut at ${cut}`).toEqual(whole)
    }
  })
}

test('openSource: an empty column at the end of a header is one', async () => {
  const { header } = await openInTwo(Buffer.from('\tlegacy_id\temail\t\r\n\t1\ta@b\t\n'), 9)
  expect(header).toBe('\tlegacy_id\temail\t')
})

test('openSource: a folder is no source, and said to be none', async () => {
  const input = Readable.from([])
  const opened = openSource({ path: folder, input, format: undefined, csvDelimiter: ',', folder })
  await expect(opened).rejects.toMatchObject({ code: 'source_unreadable' })
})

test('createRowBatch: refuses a line that it cannot number, since its duplicates would not be found', () => {
  const batch = createRowBatch()
  const bytes = Buffer.from('{}')
  expect(batch.add(bytes, 0, 2, 2 ** 31 - 1, 0, 2)).toBe(true)
  expect(() => batch.add(bytes, 0, 2, 2 ** 31, 0, 2)).toThrowError(
    expect.objectContaining({ code: 'source_invalid' }),
  )
})

for (const [why, start] of [
  ['nothing', Buffer.alloc(0)],
  ['a row', Buffer.from('{"legacy_id":"1"}\n')],
  ['half of a gzip', gzipSync('{"legacy_id":"1"}\n').subarray(0, 12)],
] as const) {
  test(`openSource: a Ctrl-C is heard while a pipe is silent, behind ${why}`, async () => {
    const interruption = new AbortController()
    const input = new PassThrough()
    input.write(start)
    setTimeout(() => interruption.abort(), 50)
    const { signal } = interruption
    const options = { path: '-', input, format: undefined, csvDelimiter: ',', folder, signal }
    await expect(openSource(options)).rejects.toMatchObject({ code: 'interrupted' })
  })
}
