import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Seed } from '../checks/row-keys.ts'
import type { RowRules } from '../mapping/row-rules.ts'
import { mostRows, type RowBatch } from '../sources/row-batch.ts'
import { type PreparedBatch, type PreparedMemory, wordsPerRow } from './prepared-batch.ts'

export interface PrepareThreads {
  /** How many batches can be under way without any thread waiting for the next. */
  readonly width: number
  prepare(batch: RowBatch, memory: PreparedMemory): Promise<PreparedBatch>
  close(): Promise<void>
}

/** Two map and check faster than one can read; more would only take memory. */
const mostThreads = 2

/** Megabytes of the young generation: rows live shortly, and without a limit it grows with the input. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 }

export function startPrepareThreads(rules: RowRules, seed: Seed): PrepareThreads {
  const count = Math.min(mostThreads, availableParallelism())
  const threads = Array.from({ length: count }, () => startThread(rules, seed))
  let next = 0
  return {
    width: count * 2,
    prepare(batch, memory) {
      const thread = threads[next % count]
      next += 1
      if (thread === undefined) throw new Error('there is no thread')
      return thread.prepare(batch, memory)
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

interface Waiting {
  readonly resolve: (prepared: PreparedBatch) => void
  readonly reject: (error: unknown) => void
}

function startThread(rules: RowRules, seed: Seed) {
  const workerData = { rules, seed }
  const worker = new Worker(new URL('./prepare-worker.ts', import.meta.url), {
    workerData,
    resourceLimits,
  })
  // Answers come in the order of the questions.
  const waiting: Waiting[] = []
  let failure: unknown
  worker.on('message', (prepared: PreparedBatch) => waiting.shift()?.resolve(prepared))
  worker.on('error', (error) => {
    failure = error
    for (const { reject } of waiting.splice(0)) reject(error)
  })
  return {
    prepare({ text, ends, count }: RowBatch, memory: PreparedMemory): Promise<PreparedBatch> {
      return new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure)
        waiting.push({ resolve, reject })
        const batch = { text: text.buffer, ends: ends.buffer, count }
        worker.postMessage({ batch, memory })
      })
    },
    async close() {
      await worker.terminate()
    },
  }
}

export function createPreparedMemory(): PreparedMemory {
  return {
    json: new SharedArrayBuffer(786_432),
    words: new SharedArrayBuffer(mostRows * wordsPerRow * 4),
  }
}
