import { CommandError } from '../../command.ts'
import { openTemporaryFile, readWhole, writeWhole } from '../packing/temporary-file.ts'
import { keyKinds, keyWords } from './row-keys.ts'

/** A row that shares a key with another one. */
export interface Duplicate {
  readonly kind: (typeof keyKinds)[number]
  readonly otherLine: number
}

export interface Duplicates {
  /** How many rows are one. */
  readonly rows: number
  /** To be asked in ascending order. */
  at(line: number): Duplicate | null
}

/** Finds the rows that share a key with another one. */
export interface DuplicateFinder {
  /** @param words Holds a key at `at`. */
  add(words: Uint32Array, at: number, line: number): Promise<void> | undefined
  /** @throws {CommandError} `too_many_duplicates` */
  find(): Promise<Duplicates>
  close(): Promise<void>
}

/**
 * Keys are parted by their first byte, and go to disk by the block: however many there are, in memory
 * are one block of each part, and in the end one part.
 */
const parts = 256
const recordWords = keyWords + 1
const blockRecords = 512
const blockWords = blockRecords * recordWords
const blockBytes = blockWords * 4

/** Above it, somebody has joined a list to itself; and each one found takes memory. */
const mostDuplicates = 1_000_000

export async function openDuplicateFinder(folder: string): Promise<DuplicateFinder> {
  const file = await openTemporaryFile(folder)
  const memory = new Uint32Array(parts * blockWords)
  const counts = new Uint32Array(parts)
  const blocks: number[][] = Array.from({ length: parts }, () => [])
  let written = 0

  async function flush(part: number): Promise<void> {
    const block = new Uint8Array(memory.buffer, part * blockBytes, blockBytes)
    blocks[part]?.push(written)
    written += 1
    counts[part] = 0
    await writeWhole(file.handle, block, (written - 1) * blockBytes)
  }

  /** @returns The records of a part, `recordWords` each. */
  async function partOf(part: number): Promise<Uint32Array> {
    const full = blocks[part] ?? []
    const rest = (counts[part] ?? 0) * recordWords
    const records = new Uint32Array(full.length * blockWords + rest)
    for (const [index, block] of full.entries()) {
      const into = new Uint8Array(records.buffer, index * blockBytes, blockBytes)
      await readWhole(file.handle, into, block * blockBytes)
    }
    const start = part * blockWords
    records.set(memory.subarray(start, start + rest), full.length * blockWords)
    return records
  }

  return {
    add(words, at, line) {
      const part = (words[at] ?? 0) >>> 24
      const count = counts[part] ?? 0
      const record = part * blockWords + count * recordWords
      for (let word = 0; word < keyWords; word += 1) memory[record + word] = words[at + word] ?? 0
      memory[record + keyWords] = line
      counts[part] = count + 1
      return count + 1 === blockRecords ? flush(part) : undefined
    },
    async find() {
      const found: bigint[] = []
      for (let part = 0; part < parts; part += 1) {
        addDuplicates(await partOf(part), found)
        if (found.length > mostDuplicates) throw tooMany()
      }
      return inOrder(BigUint64Array.from(found).sort())
    },
    close: () => file.close(),
  }
}

/** Everybody of a group is a duplicate: which one is right is not for us to choose. */
function addDuplicates(records: Uint32Array, found: bigint[]): void {
  const total = records.length / recordWords
  const size = 2 ** Math.ceil(Math.log2(Math.max(total, 1) * 2))
  /** Record numbers, counted from 1, by the second word of the key. */
  const table = new Uint32Array(size)
  for (let record = 0; record < total; record += 1) {
    let slot = (records[record * recordWords + 1] ?? 0) & (size - 1)
    for (let first = table[slot] ?? 0; ; first = table[slot] ?? 0) {
      if (first === 0) {
        table[slot] = record + 1
        break
      }
      if (isSameKey(records, first - 1, record)) {
        found.push(entryOf(records, record, first - 1), entryOf(records, first - 1, record))
        break
      }
      slot = (slot + 1) & (size - 1)
    }
  }
}

function isSameKey(records: Uint32Array, one: number, other: number): boolean {
  const [a, b] = [one * recordWords, other * recordWords]
  for (let word = 0; word < keyWords; word += 1) {
    if (records[a + word] !== records[b + word]) return false
  }
  return true
}

/** Line, kind, other line, from the highest bit to the lowest: numbers that sort by line. */
function entryOf(records: Uint32Array, record: number, other: number): bigint {
  const kind = (records[record * recordWords + keyWords - 1] ?? 0) & 3
  const line = records[record * recordWords + keyWords] ?? 0
  const otherLine = records[other * recordWords + keyWords] ?? 0
  // 30 bits for a line are not enough; 31 are, since no source has two thousand million users.
  return (BigInt(line) << 33n) | (BigInt(kind) << 31n) | BigInt(otherLine & 0x7fff_ffff)
}

function inOrder(entries: BigUint64Array): Duplicates {
  let next = 0
  const lineAt = (index: number) => Number((entries[index] ?? 0n) >> 33n)
  return {
    rows: entries.reduce(
      (rows, _, index) => (index > 0 && lineAt(index) === lineAt(index - 1) ? rows : rows + 1),
      0,
    ),
    at(line) {
      while (next < entries.length && lineAt(next) < line) next += 1
      const entry = entries[next]
      if (entry === undefined || lineAt(next) !== line) return null
      const kind = keyKinds[Number((entry >> 31n) & 3n)] ?? 'user_id'
      return { kind, otherLine: Number(entry & 0x7fff_ffffn) }
    },
  }
}

function tooMany(): CommandError {
  const limit = mostDuplicates.toLocaleString('en')
  const message = `Over ${limit} rows share an id, an e-mail address or a username: is the source there twice? Nothing was sent.`
  return new CommandError('too_many_duplicates', message)
}
