import { isUtf8 } from 'node:buffer'
import { fault, type RowFault } from '../checks/row-fault.ts'
import { keyKinds, keyWords, type Seed, writeKey } from '../checks/row-keys.ts'
import { type JobUser, prepareRow } from '../mapping/job-user.ts'
import type { RowRules } from '../mapping/row-rules.ts'

/** Words of 32 bits for one row: how it ended, and its keys. */
export const wordsPerRow = 1 + keyKinds.length * keyWords

/** In the place of a length: the row is in Auth0 already; it is among the faults. */
export const isMigrated = 0
export const isDead = 0xffff_ffff

/** Memory for the users of a batch. Shared between threads; it grows where it has to. */
export interface PreparedMemory {
  /** JSON of the users, one after the other. */
  readonly json: SharedArrayBuffer
  /** Of each row `wordsPerRow` words of 32 bits: bytes of its JSON, and the keys. */
  readonly words: SharedArrayBuffer
}

/** The rows of a batch, mapped and checked. */
export interface PreparedBatch extends PreparedMemory {
  /** One for each row that `isDead`, in order. */
  readonly faults: readonly RowFault[]
}

/** Rows of one batch, as they come. Shared between threads too. */
export interface RawBatch {
  readonly text: SharedArrayBuffer
  readonly ends: SharedArrayBuffer
  readonly count: number
}

/** Where a thread reads a batch, and writes what becomes of it. */
export type Place = Omit<RawBatch, 'count'> & PreparedMemory

/** What a thread begins with. */
export interface ThreadData {
  readonly rules: RowRules
  readonly seed: Seed
  /** One word, in which it counts what it has done: who is at work sees that before any message. */
  readonly done: Int32Array
}

/** What a thread is asked. */
export interface Question {
  /** Number of the place, from 0. */
  readonly at: number
  readonly count: number
  /** Told when it is new or has changed: each time would be a handle more to be collected. */
  readonly place?: Place
}

/** What it answers; null where all rows are whole, and the memory is that of the question. */
export type Answer = Pick<PreparedBatch, 'faults' | 'json'> | null

/** Bytes. Auth0 takes 500,000 for a file, its brackets among them. */
const mostUserBytes = 500_000 - 2

/** Maps and checks the rows of a batch. */
export function prepareBatch(
  { text, ends, count }: RawBatch,
  memory: PreparedMemory,
  { rules, seed }: { readonly rules: RowRules; readonly seed: Seed },
): PreparedBatch {
  const faults: RowFault[] = []
  const output = appendTo(memory.json)
  const words = new Uint32Array(memory.words)
  const [source, sourceEnds] = [Buffer.from(text), new Uint32Array(ends)]
  const isText = isUtf8(source.subarray(0, sourceEnds[count - 1] ?? 0))
  for (let row = 0; row < count; row += 1) {
    const [start, end] = [row === 0 ? 0 : sourceEnds[row - 1], sourceEnds[row]]
    const prepared =
      isText || isUtf8(source.subarray(start, end))
        ? prepareRow(source.toString('utf8', start, end), rules)
        : ({ type: 'dead', fault: notUtf8 } as const)
    const at = row * wordsPerRow
    if (prepared.type === 'migrated') words[at] = isMigrated
    else {
      const wrong = prepared.type === 'dead' ? prepared.fault : addUser(prepared.user, at)
      if (wrong === null) continue
      words[at] = isDead
      faults.push(wrong)
    }
  }
  return { json: output.memory(), words: memory.words, faults }

  function addUser(user: JobUser, at: number): RowFault | null {
    // No unit of UTF-16 takes less than a byte: memory for what cannot be sent would stay.
    if (user.json.length > mostUserBytes) return tooLarge
    const bytes = output.append(user.json)
    if (bytes > mostUserBytes) {
      output.takeBack(bytes)
      return tooLarge
    }
    words[at] = bytes
    writeKeys(words, at + 1, user, seed)
    return null
  }
}

const tooLarge = fault('user_too_large', 'alone is over the 500,000 bytes of a job file')

const notUtf8 = fault(
  'row_not_utf8',
  'is no UTF-8: `original` has \ufffd for what cannot be read; or convert the source (iconv)',
)

function appendTo(memory: SharedArrayBuffer) {
  let buffer = Buffer.from(memory)
  let used = 0
  return {
    append(text: string): number {
      // No unit of UTF-16 takes more than three bytes of UTF-8.
      const most = used + text.length * 3
      if (most > buffer.length) {
        const grown = Buffer.from(new SharedArrayBuffer(most * 2))
        grown.set(buffer.subarray(0, used))
        buffer = grown
      }
      const bytes = buffer.write(text, used)
      used += bytes
      return bytes
    },
    takeBack(bytes: number) {
      used -= bytes
    },
    memory: () => buffer.buffer,
  }
}

function writeKeys(words: Uint32Array, at: number, user: JobUser, seed: Seed): void {
  writeKey(words, at, user.userId, 0, seed)
  writeKey(words, at + keyWords, user.email, 1, seed)
  if (user.username === undefined) words.fill(0, at + 2 * keyWords, at + 3 * keyWords)
  else writeKey(words, at + 2 * keyWords, user.username, 2, seed)
}
