import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Turns, of batches or job files, between two collections. More often costs more than their time: what
 * no row at hand looks like is forgotten, and the code for it is compiled anew.
 */
const turnsBetween = 256

/** Bytes: two halves. With less, rows are collected twice as often; with more, nothing is won. */
const youngBytes = 4_194_304

/**
 * Keeps the heap of this process near what it uses, however long the import is. By itself V8 lets the
 * young generation grow to 16 MB, thrice, and the old one to what the machine has: for a stream of rows
 * that is memory for nothing.
 *
 * @returns To be called after each batch and each file.
 */
export function keepHeapSmall(): () => void {
  // Of a young generation that small there is nothing to share out among threads.
  setFlagsFromString('--no-parallel-scavenge')
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  let turns = 0
  let isGrown = false
  return () => {
    turns += 1
    isGrown ||= youngSize() >= youngBytes
    // Again and again: each thread that starts sets it back to 2, for all of them.
    if (isGrown) setFlagsFromString('--semi-space-growth-factor=1')
    if (turns % turnsBetween === 0 && typeof collect === 'function') collect()
  }
}

function youngSize(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0
}
