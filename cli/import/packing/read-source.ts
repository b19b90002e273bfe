import { CommandError } from '../../command.ts'
import type { DuplicateFinder } from '../checks/duplicates.ts'
import { keyKinds, keyWords } from '../checks/row-keys.ts'
import { createRowBatch, placeOf, type RowBatchWriter } from '../sources/row-batch.ts'
import type { Source } from '../sources/source.ts'
import type { Books } from './books.ts'
import { createPreparedMemory, type PrepareThreads } from './prepare-threads.ts'
import {
  isDead,
  isMigrated,
  type PreparedBatch,
  type PreparedMemory,
  wordsPerRow,
} from './prepared-batch.ts'
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
  threads: PrepareThreads,
  destination: Destination,
  { signal, onRead }: { readonly signal: AbortSignal; readonly onRead: () => void },
): Promise<void> {
  const free = Array.from({ length: threads.width }, createRowBatch)
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
    const prepared = threads.prepare(batch, memory)
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
  let [start, dead] = [0, 0]
  books.read(batch.count)
  for (let row = 0; row < batch.count; row += 1) {
    const place = placeOf(batch, row)
    const at = row * wordsPerRow
    const bytes = words[at] ?? isMigrated
    if (bytes === isMigrated) books.migrated()
    else if (bytes === isDead) {
      const fault = prepared.faults[dead]
      dead += 1
      if (fault !== undefined) await books.dead(fault, place)
    } else {
      const full = spool.add(json.subarray(start, start + bytes), place)
      if (full !== undefined) await full
      start += bytes
      for (let kind = 0; kind < keyKinds.length; kind += 1) {
        const key = at + 1 + kind * keyWords
        if (words[key] === 0 && words[key + 1] === 0 && words[key + 2] === 0) continue
        const flushed = duplicates.add(words, key, place.line)
        if (flushed !== undefined) await flushed
      }
    }
  }
}
