import type { Readable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import { CommandError } from '../../command.ts'
import type { Originals, SourceFormat, SourceRow } from '../import-types.ts'
import { type ByteSource, keepBytes, openFile, peek } from './byte-source.ts'
import { csvOptions } from './csv-options.ts'
import { csvRows } from './csv-rows.ts'
import { jsonArrayRows } from './json-array-rows.ts'
import { ndjsonRows } from './ndjson-rows.ts'
import { readRows } from './read-rows.ts'
import type { Source } from './source.ts'

export interface SourceOptions {
  /** A path; `-` for standard input. */
  readonly path: string
  readonly input: Readable
  /** Default: by what is in it, NDJSON, a JSON array or CSV. */
  readonly format?: SourceFormat | undefined
  readonly csvDelimiter: string
  /** For what of a stream has to be kept. */
  readonly folder: string
  readonly signal?: AbortSignal
}

/** Users of the legacy API, as `legacyApiLines` gives them. */
export async function openLegacyApi(lines: Readable, folder: string): Promise<Source> {
  const bytes = await keepBytes(lines, folder)
  const format = 'legacy-api'
  return {
    format,
    batches: (free) => readRows(bytes.chunks, ndjsonRows(), free),
    originals: originalsOf(bytes, format),
    size: undefined,
    consumed: bytes.consumed,
    close: bytes.close,
  }
}

/** How rows are laid out, whatever is in them. */
type Layout = 'csv' | 'json-array' | 'ndjson'

/** @throws {CommandError} `source_unreadable`, `source_cut_off`, `source_invalid`, `interrupted`. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { path, input, folder, signal } = options
  const bytes =
    path === '-' ? await keepBytes(input, folder, signal) : await openFile(path, folder, signal)
  try {
    return await sourceOf(bytes, options)
  } catch (error) {
    await bytes.close()
    throw error
  }
}

async function sourceOf(bytes: ByteSource, options: SourceOptions): Promise<Source> {
  const { start, chunks } = await peek(bytes.chunks, startBytes)
  assertText(start)
  const layout = layoutOf(start, options.format)
  const format = options.format ?? layout
  const header = layout === 'csv' ? headerOf(start, options.csvDelimiter) : undefined
  return {
    format,
    ...(header !== undefined && { header }),
    batches: (free) => {
      if (layout === 'csv') return csvRows(chunks, options.csvDelimiter, free)
      return readRows(chunks, layout === 'ndjson' ? ndjsonRows() : jsonArrayRows(), free)
    },
    originals: originalsOf(bytes, format, header),
    size: bytes.size,
    consumed: bytes.consumed,
    close: bytes.close,
  }
}

/** Bytes in which the header of a CSV ends. */
const startBytes = 65_536

/** An export that failed leaves nothing, and looks like users who are all there already. */
function assertText(start: Buffer): void {
  const [first, second] = start
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isUtf16) {
    const message = 'The source is UTF-16: convert it to UTF-8 (iconv). Nothing was sent.'
    throw new CommandError('source_invalid', message)
  }
  if (start.length < startBytes && start.toString('utf8').trim() === '') {
    const message = 'The source is empty: did what writes it fail? Nothing was sent.'
    throw new CommandError('source_invalid', message)
  }
}

function layoutOf(start: Buffer, format: SourceFormat | undefined): Layout {
  if (format === 'csv' || format === 'json-array') return format
  const first = start
    .toString('utf8', 0, 4_096)
    .replace(/^\ufeff/, '')
    .trimStart()
    .charAt(0)
  if (format === 'ndjson' || format === 'legacy-api' || format === 'dead-letters') return 'ndjson'
  if (first === '[') return 'json-array'
  if (first === '{') return 'ndjson'
  if (format === undefined && first !== '') return 'csv'
  if (first === '') return 'ndjson'
  const message = 'The source is neither NDJSON nor a JSON array, as an Auth0 export in JSON is.'
  throw new CommandError('source_invalid', message)
}

/** First record of a CSV, as it was. */
function headerOf(start: Buffer, delimiter: string): string {
  const text = start.toString('utf8').replace(/^\ufeff/, '')
  const options = { ...csvOptions, delimiter, to: 1, raw: true, info: false } as const
  try {
    const [first] = parse(text, options) as unknown as readonly { readonly raw?: string }[]
    return (first?.raw ?? '').replace(/^[\r\n]+|[\r\n]+$/g, '')
  } catch {
    throw new CommandError('source_invalid', 'The CSV has no header that can be read.')
  }
}

function originalsOf(bytes: ByteSource, format: SourceFormat, header?: string): Originals {
  return {
    async read({ offset, bytes: length }) {
      const original = (await bytes.readAgain(offset, length)).toString('utf8')
      if (format === 'dead-letters') return innerRow(original)
      if (header === undefined) return { format, original }
      return { format, header, original: original.replace(/^[\r\n]+|[\r\n]+$/g, '') }
    },
  }
}

/** Of a dead letter that dies again, what it was about. */
function innerRow(letter: string): SourceRow {
  try {
    const { format, header, original } = JSON.parse(letter) as SourceRow
    if (typeof original === 'string') {
      return { format, ...(typeof header === 'string' && { header }), original }
    }
  } catch {
    // Not JSON: it is handed on as it is.
  }
  return { format: 'dead-letters', original: letter }
}
