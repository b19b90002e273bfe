import { maxRowBytes, type RowBatchWriter, rowTooLong } from './row-batch.ts'
import type { RowSplitter } from './row-splitter.ts'

const lineFeed = 0x0a

/** One row a line. Empty lines are none; the last may lack its line break; `\r\n` is one. */
export function ndjsonRows(): RowSplitter {
  let chunk: Buffer = Buffer.alloc(0)
  let position = 0
  /** Of the chunk's first byte in the source. */
  let offset = 0
  let line = 1
  /** The beginning of a line whose end is in a later chunk. */
  let begun: Buffer[] = []
  let begunBytes = 0
  let ended = false

  /** @returns False when the batch is too full. */
  function takeLine(batch: RowBatchWriter, end: number, next: number): boolean {
    const rest = chunk.subarray(position, end)
    const pieces = trimmed(begun.length === 0 ? [rest] : [...begun, rest])
    if (pieces !== null) {
      const bytes = pieces.pieces.reduce((sum, piece) => sum + piece.length, 0)
      const start = offset + position - begunBytes + pieces.skipped
      if (!batch.add(pieces.pieces, { line, offset: start, bytes })) return false
    }
    begun = []
    begunBytes = 0
    position = next
    line += 1
    return true
  }

  function keepRest(): void {
    if (position === chunk.length) return
    const rest = Buffer.from(chunk.subarray(position))
    begun.push(rest)
    begunBytes += rest.length
    position = chunk.length
    if (begunBytes > maxRowBytes) throw rowTooLong(line)
  }

  return {
    push(next) {
      offset += chunk.length
      chunk = next
      position = 0
    },
    end() {
      ended = true
    },
    fill(batch) {
      for (;;) {
        const end = chunk.indexOf(lineFeed, position)
        if (end === -1) break
        if (!takeLine(batch, end, end + 1)) return true
      }
      keepRest()
      return ended && begunBytes > 0 ? !takeLine(batch, position, position) : false
    },
  }
}

/** Without white space around it, `\r` among it, and a byte order mark; null when nothing is left. */
function trimmed(pieces: readonly Buffer[]): { pieces: readonly Buffer[]; skipped: number } | null {
  const whole = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  let start = hasByteOrderMark(whole) ? 3 : 0
  let end = whole.length
  while (start < end && isSpace(whole[start])) start += 1
  while (end > start && isSpace(whole[end - 1])) end -= 1
  return start === end ? null : { pieces: [whole.subarray(start, end)], skipped: start }
}

export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

/** As JSON has it. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
