import { CommandError } from '../../command.ts'
import type { DuplicateFinder } from '../checks/duplicates.ts'
import { keyKinds, keyWords } from '../checks/row-keys.ts'
import { createRowBatch, placeOf, type RowBatchWriter } from '../sources/row-batch.ts'
import type { Source } from '../sources/source.ts'
import type { Books } from './books.ts'
import {
  isDead,
  isMigrated,
  type PreparedBatch,
  type PreparedMemory,
  wordsPerRow,
} from './prepared-batch.ts'
import { createPreparedMemory, type Preparer } from './preparer.ts'
import type { UserSpool } from './user-spool.ts'

export interface Destination {
  readonly books: Books
  readonly spool: UserSpool
  readonly duplicates: DuplicateFinder
}

interface UnderWay {
  readonly batch: RowBatchWriter
  readonly prepared: Promise<PreparedBatch>
}

/**
 * Reads a source to its end. Threads work ahead by as many batches as there is memory for; what they
 * give is taken in the order of the source.
 */
export async function readSource(
  source: Source,
  preparer: Preparer,
  destination: Destination,
  { signal, onRead }: { readonly signal: AbortSignal; readonly onRead: () => void },
): Promise<void> {
  const free = Array.from({ length: preparer.width }, createRowBatch)
  const memories = new Map<RowBatchWriter, PreparedMemory>(
    free.map((batch) => [batch, createPreparedMemory()]),
  )
  const underWay: UnderWay[] = []

  async function takeOldest(): Promise<void> {
    const oldest = underWay.shift()
    if (oldest === undefined) return
    const { batch } = oldest
    const prepared = await oldest.prepared
    memories.set(batch, prepared)
    await keepUsers(batch, prepared, destination)
    batch.clear()
    free.push(batch)
    onRead()
  }

  async function freeBatch(): Promise<RowBatchWriter> {
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted. Nothing was sent.')
    while (free.length === 0) await takeOldest()
    return free.pop() ?? freeBatch()
  }

  for await (const batch of source.batches(freeBatch)) {
    const memory = memories.get(batch) ?? createPreparedMemory()
    const prepared = preparer.prepare(batch, memory)
    // Awaited later; until then a failure is nobody's.
    prepared.catch(() => {})
    underWay.push({ batch, prepared })
  }
  while (underWay.length > 0) await takeOldest()
}

async function keepUsers(
  batch: RowBatchWriter,
  prepared: PreparedBatch,
  { books, spool, duplicates }: Destination,
): Promise<void> {
  const json = Buffer.from(prepared.json)
  const words = new Uint32Array(prepared.words)
  const { lines, offsets, sizes } = batch
  let [start, dead] = [0, 0]
  books.read(batch.count)
  for (let row = 0; row < batch.count; row += 1) {
    const at = row * wordsPerRow
    const bytes = words[at] ?? isMigrated
    if (bytes === isMigrated) books.migrated()
    else if (bytes === isDead) {
      const fault = prepared.faults[dead]
      dead += 1
      if (fault !== undefined) await books.dead(fault, placeOf(batch, row))
    } else {
      const [line = 0, offset = 0, size = 0] = [lines[row], offsets[row], sizes[row]]
      spool.add(json, start, start + bytes, line, offset, size)
      start += bytes
      addKeys(words, at + 1, line, duplicates)
    }
  }
}

function addKeys(
  words: Uint32Array,
  first: number,
  line: number,
  duplicates: DuplicateFinder,
): void {
  for (let key = first; key < first + keyKinds.length * keyWords; key += keyWords) {
    const isThere = words[key] !== 0 || words[key + 1] !== 0 || words[key + 2] !== 0
    if (isThere) duplicates.add(words, key, line)
  }
}
