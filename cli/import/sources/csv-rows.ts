import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { CommandError } from '../../command.ts'
import { csvOptions } from './csv-options.ts'
import type { RowBatchWriter } from './row-batch.ts'

interface CsvRecord {
  readonly record: readonly string[]
  /** `lines`: of the record's end. `bytes`: of everything up to it. */
  readonly info: { readonly lines: number; readonly bytes: number }
}

/**
 * Records of CSV behind the header, each as a JSON array of its cells: which cell means what is for
 * the mapping.
 *
 * @throws {CommandError} `source_invalid` for a quote where none may be: what follows may be anything.
 */
export async function* csvRows(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
  free: () => Promise<RowBatchWriter>,
): AsyncGenerator<RowBatchWriter> {
  const parser = parse({ ...csvOptions, delimiter })
  // What goes wrong on the way is thrown where the parser is read.
  pipeline(Readable.from(copied(chunks)), parser, () => {})
  let batch = await free()
  let [before, isHeader] = [0, true]
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      const [offset, bytes] = [before, info.bytes - before]
      before = info.bytes
      if (isHeader) {
        isHeader = false
        continue
      }
      const cells = Buffer.from(JSON.stringify(record))
      const add = () => batch.add(cells, 0, cells.length, info.lines, offset, bytes)
      if (add()) continue
      yield batch
      batch = await free()
      add()
    }
  } catch (error) {
    throw error instanceof CsvError ? malformed(error) : error
  }
  yield batch
}

/**
 * The parser reads ahead: it needs chunks that stay. What it cannot read it would put another letter
 * for, in the middle of an address.
 */
async function* copied(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let before = 0
  for await (const chunk of chunks) {
    assertUtf8(() => decoder.decode(chunk, { stream: true }), before)
    before += chunk.length
    yield Buffer.from(chunk)
  }
  assertUtf8(() => decoder.decode(), before)
}

function assertUtf8(decode: () => unknown, before: number): void {
  try {
    decode()
  } catch {
    const message = `The CSV is no UTF-8, somewhere behind byte ${before}: convert it (iconv). Nothing was sent.`
    throw new CommandError('source_invalid', message)
  }
}

/** Without the parser's message, which quotes the record. */
function malformed(error: CsvError): CommandError {
  const { lines } = error as { readonly lines?: unknown }
  const where = typeof lines === 'number' ? ` at line ${lines}` : ''
  const message = `The source is no CSV${where} (${error.code}). Nothing was sent.`
  return new CommandError('source_invalid', message)
}
