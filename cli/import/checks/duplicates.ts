import { setImmediate } from 'node:timers/promises'
import { CommandError } from '../../command.ts'
import { openTemporaryFile, readWhole, writeWhole } from '../../temporary-file.ts'
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
  add(words: Uint32Array, at: number, line: number): void
  /** @throws {CommandError} `too_many_duplicates`, `interrupted` */
  find(signal?: AbortSignal): Promise<Duplicates>
  close(): Promise<void>
}

/**
 * Keys are parted by their first nine bits. Some at a time are kept in memory, then sorted by part and
 * written as a run; in the end one part after the other is read from all runs. However many keys
 * there are, in memory is one run, or one part.
 */
const parts = 512
const recordWords = keyWords + 1
/** Records of a run: 2 MB. */
const runRecords = 131_072

/** Above it, somebody has joined a list to itself; and each one found takes memory. */
const mostDuplicates = 1_000_000

export async function openDuplicateFinder(folder: string): Promise<DuplicateFinder> {
  const file = await openTemporaryFile(folder)
  const memory = new Uint32Array(runRecords * recordWords)
  const sorted = new Uint32Array(runRecords * recordWords)
  const scratch = { records: new Uint32Array(0), table: new Uint32Array(0) }
  const runs: Run[] = []
  let [count, written] = [0, 0]

  function writeRun(): void {
    const position = written
    runs.push({ position, starts: sortByPart(memory, count, sorted) })
    const bytes = count * recordWords * 4
    count = 0
    written += bytes
    writeWhole(file.handle, new Uint8Array(sorted.buffer, 0, bytes), position)
  }

  /** @returns The records of a part, `recordWords` each. */
  function partOf(part: number): Uint32Array {
    const lengths = runs.map(({ starts }) => (starts[part + 1] ?? 0) - (starts[part] ?? 0))
    const words = lengths.reduce((sum, length) => sum + length, 0) * recordWords
    if (scratch.records.length < words) scratch.records = new Uint32Array(words * 2)
    const { records } = scratch
    let filled = 0
    for (const [index, { position, starts }] of runs.entries()) {
      const bytes = (lengths[index] ?? 0) * recordWords * 4
      const from = position + (starts[part] ?? 0) * recordWords * 4
      readWhole(file.handle, new Uint8Array(records.buffer, filled, bytes), from)
      filled += bytes
    }
    return records.subarray(0, words)
  }

  return {
    add(words, at, line) {
      const record = count * recordWords
      for (let word = 0; word < keyWords; word += 1) memory[record + word] = words[at + word] ?? 0
      memory[record + keyWords] = line
      count += 1
      if (count === runRecords) writeRun()
    },
    async find(signal) {
      writeRun()
      const found: bigint[] = []
      for (let part = 0; part < parts; part += 1) {
        // Of a hundred million users it takes minutes, in which a Ctrl-C is heard, and others are told
        // that this process lives.
        await setImmediate()
        if (signal?.aborted) throw new CommandError('interrupted', 'Interrupted. Nothing was sent.')
        addDuplicates(partOf(part), scratch, found)
        if (found.length > mostDuplicates) throw tooMany()
      }
      return inOrder(BigUint64Array.from(found).sort())
    },
    close: () => file.close(),
  }
}

/** Keys that were written together. */
interface Run {
  readonly position: number
  /** Where each part begins, in records; one more for the end of the last. */
  readonly starts: Uint32Array
}

/** A counting sort. */
function sortByPart(memory: Uint32Array, count: number, sorted: Uint32Array): Uint32Array {
  const starts = new Uint32Array(parts + 1)
  for (let record = 0; record < count; record += 1) {
    const part = (memory[record * recordWords] ?? 0) >>> 23
    starts[part + 1] = (starts[part + 1] ?? 0) + 1
  }
  for (let part = 0; part < parts; part += 1) {
    starts[part + 1] = (starts[part + 1] ?? 0) + (starts[part] ?? 0)
  }
  const next = starts.slice()
  for (let record = 0; record < count; record += 1) {
    const from = record * recordWords
    const part = (memory[from] ?? 0) >>> 23
    const to = (next[part] ?? 0) * recordWords
    for (let word = 0; word < recordWords; word += 1) sorted[to + word] = memory[from + word] ?? 0
    next[part] = (next[part] ?? 0) + 1
  }
  return starts
}

/** Everybody of a group is a duplicate: which one is right is not for us to choose. */
function addDuplicates(
  records: Uint32Array,
  scratch: { table: Uint32Array },
  found: bigint[],
): void {
  const total = records.length / recordWords
  const size = 2 ** Math.ceil(Math.log2(Math.max(total, 1) * 2))
  /** Record numbers, counted from 1, by the second word of the key. */
  if (scratch.table.length < size) scratch.table = new Uint32Array(size)
  const table = scratch.table.fill(0, 0, size)
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
