import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonArrayRows } from '../../../../cli/import/sources/json-array-rows.ts'
import { ndjsonRows } from '../../../../cli/import/sources/ndjson-rows.ts'
import { readRows } from '../../../../cli/import/sources/read-rows.ts'
import { createRowBatch, placeOf } from '../../../../cli/import/sources/row-batch.ts'
import type { RowSplitter } from '../../../../cli/import/sources/row-splitter.ts'

interface Row {
  readonly text: string
  readonly line: number
  /** Of the source, where the place of the row says. */
  readonly quoted: string
}

/** Reads a text in chunks of some sizes, each in the same memory, as a file is read. */
async function rowsOf(text: string, splitter: RowSplitter, sizes = [7]): Promise<readonly Row[]> {
  const bytes = Buffer.from(text)
  async function* chunks(): AsyncGenerator<Buffer> {
    const buffer = Buffer.alloc(Math.max(...sizes))
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1
      const length = bytes.copy(buffer, 0, at, at + size)
      yield buffer.subarray(0, length)
      at += length
    }
  }
  const rows: Row[] = []
  const batch = createRowBatch()
  const free = async () => {
    batch.clear()
    return batch
  }
  for await (const { text: all, ends, count } of readRows(chunks(), splitter, free)) {
    for (let row = 0; row < count; row += 1) {
      const { line, offset, bytes: length } = placeOf(batch, row)
      const quoted = bytes.toString('utf8', offset, offset + length)
      rows.push({
        text: all.toString('utf8', row === 0 ? 0 : ends[row - 1], ends[row]),
        line,
        quoted,
      })
    }
  }
  return rows
}

const values = fc.array(fc.jsonValue(), { maxLength: 30 })
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 3 })

test('ndjsonRows: finds every line, wherever chunks end, and where it stands', async () => {
  await fc.assert(
    fc.asyncProperty(
      values,
      sizes,
      fc.constantFrom('\n', '\r\n', '\n\n'),
      fc.boolean(),
      async (all, pieces, end, isEnded) => {
        const lines = all.map((value) => JSON.stringify(value))
        const text = lines.join(end) + (isEnded ? end : '')
        const rows = await rowsOf(text, ndjsonRows(), pieces)
        expect(rows.map((row) => row.text)).toEqual(lines)
        expect(rows.map((row) => row.quoted)).toEqual(lines)
        const step = end === '\n\n' ? 2 : 1
        expect(rows.map(({ line }) => line)).toEqual(lines.map((_, index) => index * step + 1))
      },
    ),
  )
})

test('jsonArrayRows: finds every element, however it is laid out, wherever chunks end', async () => {
  await fc.assert(
    fc.asyncProperty(
      values,
      sizes,
      space,
      fc.constantFrom(undefined, 2),
      async (all, pieces, gap, indent) => {
        const elements = all.map((value) => JSON.stringify(value, null, indent))
        const text = `${gap}[${gap}${elements.join(`${gap},${gap}`)}${gap}]${gap}`
        const rows = await rowsOf(text, jsonArrayRows(), pieces)
        expect(rows.map((row) => row.text)).toEqual(elements)
        expect(rows.map((row) => row.quoted)).toEqual(elements)
        expect(rows.map(({ line }) => line)).toEqual(elements.map((_, index) => index + 1))
      },
    ),
  )
})

test('both: a byte order mark is no part of the first row', async () => {
  for (const [text, splitter] of [
    ['\ufeff{"a":1}\n', ndjsonRows()],
    ['\ufeff[{"a":1}]', jsonArrayRows()],
  ] as const) {
    expect(await rowsOf(text, splitter)).toEqual([{ text: '{"a":1}', line: 1, quoted: '{"a":1}' }])
  }
})

test('jsonArrayRows: a broken element costs one row', async () => {
  const rows = await rowsOf('[{"a":1}},{"b":2},nope,{"c":3}]', jsonArrayRows())
  expect(rows.map(({ text }) => text)).toEqual(['{"a":1}}', '{"b":2}', 'nope', '{"c":3}'])
})

for (const [why, text, code] of [
  ['that ends before its bracket', '[{"a":1},{"b":2}', 'source_cut_off'],
  ['that ends within a text', '[{"a":"x', 'source_cut_off'],
  ['that is empty', '', 'source_cut_off'],
  ['that is an object', '{"users":[]}', 'source_invalid'],
  ['with a comma too many', '[1,,2]', 'source_invalid'],
  ['with a comma at its end', '[1,]', 'source_invalid'],
  ['with something behind it', '[1] [2]', 'source_invalid'],
] as const) {
  test(`jsonArrayRows: refuses an array ${why}`, async () => {
    await expect(rowsOf(text, jsonArrayRows())).rejects.toMatchObject({ code })
  })
}

test('both: a row of over 16 MB is no user, and nothing of it is in the message', async () => {
  const long = `"${'secret'.repeat(2_800_000)}"`
  for (const [text, splitter] of [
    [long, ndjsonRows()],
    [`[${long}]`, jsonArrayRows()],
  ] as const) {
    const message = 'Row 1 of the source is over 16 MB: is --format right? Nothing was sent.'
    await expect(rowsOf(text, splitter, [262_144])).rejects.toMatchObject({ message })
  }
})

test('ndjsonRows: a row larger than a batch gets one of its own', async () => {
  const lines = ['{"a":1}', JSON.stringify('x'.repeat(700_000)), '{"b":2}']
  const rows = await rowsOf(lines.join('\n'), ndjsonRows(), [262_144])
  expect(rows.map(({ text }) => text)).toEqual(lines)
})
