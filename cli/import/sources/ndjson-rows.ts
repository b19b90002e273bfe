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
  function takeLine(batch: RowBatchWriter, lineEnd: number, next: number): boolean {
    let [bytes, start, end, at] = [chunk, position, lineEnd, offset + position]
    if (begunBytes > 0) {
      bytes = Buffer.concat([...begun, chunk.subarray(position, lineEnd)])
      start = 0
      end = bytes.length
      at -= begunBytes
    }
    const first = start
    if (hasByteOrderMark(bytes, start)) start += 3
    while (start < end && isSpace(bytes[start])) start += 1
    while (end > start && isSpace(bytes[end - 1])) end -= 1
    if (start < end && !batch.add(bytes, start, end, line, at + start - first, end - start)) {
      return false
    }
    if (begunBytes > 0) {
      begun = []
      begunBytes = 0
    }
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

export function hasByteOrderMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf
}

/** As JSON has it. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
