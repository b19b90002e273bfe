import { CommandError } from '../../command.ts'
import { hasByteOrderMark, isSpace } from './ndjson-rows.ts'
import { maxRowBytes, type RowBatchWriter, rowTooLong } from './row-batch.ts'
import type { RowSplitter } from './row-splitter.ts'

/** What the next byte may be. `element`: within one; `after`: behind one; `first`: behind `[`. */
type State = 'start' | 'first' | 'next' | 'element' | 'after' | 'end'

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [opening, closing] = [0x5b, 0x5d]

/**
 * The elements of one JSON array, however they are laid out. Finds where they begin and end and no
 * more: whether each is JSON is for whoever parses it, so that a broken one costs one row.
 */
export function jsonArrayRows(): RowSplitter {
  let chunk: Buffer = Buffer.alloc(0)
  let [position, offset, line] = [0, 0, 1]
  let state: State = 'start'
  let [depth, inText, escaped] = [0, false, false]
  /** Where the element begins in the chunk, and what of it was in chunks before. */
  let begin = 0
  let begun: Buffer[] = []
  let begunBytes = 0
  let ended = false

  /** Moves on to the end of the element. @returns False when that is in a later chunk. */
  function endOfElement(): boolean {
    for (; position < chunk.length; position += 1) {
      const byte = chunk[position]
      if (inText) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) inText = false
        continue
      }
      if (byte === quote) inText = true
      else if (byte === 0x7b || byte === opening) depth += 1
      // Below 0 is an element with a bracket too many: it ends here too, and not with the array.
      else if (depth <= 0 && (byte === comma || byte === closing)) return true
      else if (byte === 0x7d || byte === closing) depth -= 1
    }
    return false
  }

  function keepRest(): void {
    const rest = Buffer.from(chunk.subarray(begin))
    begun.push(rest)
    begunBytes += rest.length
    begin = chunk.length
    if (begunBytes > maxRowBytes) throw rowTooLong(line)
  }

  /** @returns False when the batch is too full. */
  function takeElement(batch: RowBatchWriter): boolean {
    const isSplit = begunBytes > 0
    const bytes = isSplit ? Buffer.concat([...begun, chunk.subarray(begin, position)]) : chunk
    const start = isSplit ? 0 : begin
    let end = isSplit ? bytes.length : position
    while (end > start && isSpace(bytes[end - 1])) end -= 1
    return batch.add(bytes, start, end, line, offset + begin - begunBytes, end - start)
  }

  /** Of the byte at `position`, which is outside of elements. */
  function step(byte: number | undefined): void {
    if (isSpace(byte)) return
    if (state === 'start' && byte === opening) state = 'first'
    else if ((state === 'first' || state === 'after') && byte === closing) state = 'end'
    else if (state === 'after' && byte === comma) state = 'next'
    else if ((state === 'first' || state === 'next') && byte !== comma && byte !== closing) {
      state = 'element'
      begin = position
    } else throw malformed(line, offset + position)
  }

  return {
    push(next) {
      offset += chunk.length
      const skipped = offset === 0 && hasByteOrderMark(next, 0) ? 3 : 0
      chunk = next
      position = skipped
      begin = 0
    },
    end() {
      ended = true
    },
    fill(batch) {
      for (;;) {
        while (state !== 'element' && position < chunk.length) {
          step(chunk[position])
          // The first byte of an element is read again, as a part of it.
          if ((state as State) !== 'element') position += 1
        }
        if (state !== 'element' || !endOfElement()) break
        if (!takeElement(batch)) return true
        begun = []
        begunBytes = 0
        depth = 0
        line += 1
        state = 'after'
      }
      if (state === 'element') keepRest()
      if (ended && state !== 'end') throw cutOff(line)
      return false
    },
  }
}

function malformed(element: number, offset: number): CommandError {
  const message = `The source is no JSON array: byte ${offset}, at element ${element}. Nothing was sent.`
  return new CommandError('source_invalid', message)
}

function cutOff(element: number): CommandError {
  const message = `The JSON array ends before its ], at element ${element}. Nothing was sent.`
  return new CommandError('source_cut_off', message)
}
