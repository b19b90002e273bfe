import { parentPort, workerData } from 'node:worker_threads'
import type { Seed } from '../checks/row-keys.ts'
import type { RowRules } from '../mapping/row-rules.ts'
import {
  type PreparedBatch,
  type PreparedMemory,
  prepareBatch,
  type RawBatch,
} from './prepared-batch.ts'

/** A thread that maps and checks batches, in the order in which it gets them. */
const rules = workerData as { readonly rules: RowRules; readonly seed: Seed }

parentPort?.on('message', ({ batch, memory }: { batch: RawBatch; memory: PreparedMemory }) => {
  const prepared: PreparedBatch = prepareBatch(batch, memory, rules)
  parentPort?.postMessage(prepared)
})
