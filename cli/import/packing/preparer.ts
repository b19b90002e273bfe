import { Worker } from 'node:worker_threads'
import type { Seed } from '../checks/row-keys.ts'
import type { RowRules } from '../mapping/row-rules.ts'
import { mostRows, type RowBatch, usualBytes } from '../sources/row-batch.ts'
import {
  type Answer,
  type Place,
  type PreparedBatch,
  type PreparedMemory,
  prepareBatch,
  type Question,
  type RawBatch,
  type ThreadData,
  wordsPerRow,
} from './prepared-batch.ts'

/** Prepares batches, in a thread of its own and in this one. */
export interface Preparer {
  /** How many batches can be under way without anybody waiting for the next. */
  readonly width: number
  /**
   * Hands a batch to the thread; or does it here, when the thread has enough to do: then nothing else
   * can happen in the meantime, but nothing else has to. A row that has a batch of its own is done here
   * too: as objects it may be more than the thread has memory for.
   */
  prepare(batch: RowBatch, memory: PreparedMemory): Promise<PreparedBatch>
  close(): Promise<void>
}

/** Batches: the one that the thread has at hand, and the next. */
const enough = 2

/** @param program JavaScript, as `bundlePrepareThread` gives it. */
export function startPreparer(program: string, rules: RowRules, seed: Seed): Preparer {
  const thread = startThread(program, { rules, seed })
  return {
    width: enough * 3,
    async prepare({ text, ends, count }, memory) {
      const batch = { text: text.buffer, ends: ends.buffer, count }
      const isUsual = text.length <= usualBytes
      if (isUsual && thread.waiting() < enough) return thread.prepare(batch, memory)
      return prepareBatch(batch, memory, { rules, seed })
    },
    close: thread.close,
  }
}

/**
 * Megabytes. Rows live shortly; without limits the heap grows to what is convenient and not to what
 * is needed, and the more the longer the input is.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 12 }

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

function startThread(program: string, rules: Omit<ThreadData, 'done'>) {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const workerData: ThreadData = { ...rules, done }
  const worker = new Worker(program, { eval: true, workerData, resourceLimits })
  const tellPlace = createPlaces()
  // Answers come in the order of the questions.
  const waiting: Waiting[] = []
  let asked = 0
  let failure: unknown
  worker.on('message', (answer: Answer) => waiting.shift()?.resolve(answer))
  worker.on('error', (error) => {
    failure = error
    for (const { reject } of waiting.splice(0)) reject(error)
  })
  return {
    waiting: () => asked - Atomics.load(done, 0),
    async prepare({ count, ...batch }: RawBatch, memory: PreparedMemory): Promise<PreparedBatch> {
      const answer = await new Promise<Answer>((resolve, reject) => {
        if (failure !== undefined) return reject(failure)
        waiting.push({ resolve, reject })
        asked += 1
        worker.postMessage({ count, ...tellPlace({ ...batch, ...memory }) } satisfies Question)
      })
      return { ...memory, faults: [], ...answer }
    },
    async close() {
      await worker.terminate()
    },
  }
}

/** Numbers the places, and tells again those that have changed. */
function createPlaces(): (place: Place) => Pick<Question, 'at' | 'place'> {
  const told: Place[] = []
  return (place) => {
    const known = told.findIndex(({ ends }) => ends === place.ends)
    const at = known === -1 ? told.length : known
    const before = told[at]
    told[at] = place
    const isSame = before?.text === place.text && before.json === place.json
    return isSame && before.words === place.words ? { at } : { at, place }
  }
}

export function createPreparedMemory(): PreparedMemory {
  return {
    json: new SharedArrayBuffer(393_216),
    words: new SharedArrayBuffer(mostRows * wordsPerRow * 4),
  }
}
