import { CommandError } from '../../command.ts'
import type { SourcePlace } from '../import-types.ts'

/**
 * Rows on their way to a thread that maps and checks them. The memory is shared with it and used
 * again for later rows: however many there are, it stays the same.
 */
export interface RowBatch {
  /** The rows, one after the other with nothing between. */
  readonly text: Buffer<SharedArrayBuffer>
  /** Where each row ends in `text`. */
  readonly ends: Uint32Array<SharedArrayBuffer>
  readonly lines: Uint32Array
  readonly offsets: Float64Array
  readonly sizes: Uint32Array
  readonly count: number
}

/** Bytes and rows of a batch. A row that is larger gets a batch of its own. */
export const usualBytes = 262_144
export const mostRows = 2_048

/** Bytes. Auth0 takes 500,000 for a whole job: nothing of this size is a user. */
export const maxRowBytes = 16_000_000

/** Lines are numbered in 31 bits where duplicates are looked for: one more would be nobody's. */
const mostLines = 2 ** 31 - 1

export interface RowBatchWriter extends RowBatch {
  readonly isEmpty: boolean
  /**
   * Adds the bytes from `start` to `end`; they are copied. Numbers and no objects: a row more is no
   * garbage more.
   *
   * @param line And the other two: the row's place in the source.
   * @returns False when the batch is too full for it.
   * @throws {CommandError} `source_invalid`
   */
  add(
    from: Buffer,
    start: number,
    end: number,
    line: number,
    offset: number,
    bytes: number,
  ): boolean
  clear(): void
}

export function createRowBatch(): RowBatchWriter {
  const ends = new Uint32Array(new SharedArrayBuffer(mostRows * 4))
  const lines = new Uint32Array(mostRows)
  const sizes = new Uint32Array(mostRows)
  const offsets = new Float64Array(mostRows)
  const usual = Buffer.from(new SharedArrayBuffer(usualBytes))
  let [text, count, used] = [usual, 0, 0]

  return {
    ends,
    lines,
    sizes,
    offsets,
    get text() {
      return text
    },
    get count() {
      return count
    },
    get isEmpty() {
      return count === 0
    },
    add(from, start, end, line, offset, bytes) {
      if (count === mostRows) return false
      if (line > mostLines) throw tooManyLines()
      const length = end - start
      if (used + length > text.length) {
        if (count > 0) return false
        text = Buffer.from(new SharedArrayBuffer(length))
      }
      from.copy(text, used, start, end)
      used += length
      ends[count] = used
      lines[count] = line
      offsets[count] = offset
      sizes[count] = bytes
      count += 1
      return true
    },
    clear() {
      text = usual
      count = 0
      used = 0
    },
  }
}

export function placeOf(batch: RowBatch, row: number): SourcePlace {
  const { lines, offsets, sizes } = batch
  return { line: lines[row] ?? 0, offset: offsets[row] ?? 0, bytes: sizes[row] ?? 0 }
}

function tooManyLines(): CommandError {
  const message = `The source has over ${mostLines} lines: part it into several. Nothing was sent.`
  return new CommandError('source_invalid', message)
}

export function rowTooLong(line: number): CommandError {
  const limit = `${maxRowBytes / 1_000_000} MB`
  const message = `Row ${line} of the source is over ${limit}: is --format right? Nothing was sent.`
  return new CommandError('source_invalid', message)
}
