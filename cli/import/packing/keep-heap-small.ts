import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Turns, of batches or job files, between two collections. Together they leave some 10 MB behind. */
const turnsBetween = 64

/**
 * Keeps the heap of this process near what it uses, however long the import is. By itself V8 lets the
 * young generation grow to 16 MB, thrice, and the old one to what the machine has: for a stream of rows
 * that is memory for nothing.
 *
 * @returns To be called after each batch and each file.
 */
export function keepHeapSmall(): () => void {
  keepYoungSmall()
  // Of a young generation that small there is nothing to share out among threads.
  setFlagsFromString('--no-parallel-scavenge')
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  let turns = 0
  return () => {
    turns += 1
    keepYoungSmall()
    if (turns % turnsBetween === 0 && typeof collect === 'function') collect()
  }
}

/** Said again and again: each thread that starts sets it back to 2, for all of them. */
function keepYoungSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
