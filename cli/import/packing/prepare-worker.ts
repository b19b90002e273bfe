import { parentPort, workerData } from 'node:worker_threads'
import { type Place, prepareBatch, type Question, type ThreadData } from './prepared-batch.ts'

/** A thread that maps and checks batches, in the order in which it gets them. */
const { done, ...rules } = workerData as ThreadData
const places: Place[] = []

parentPort?.on('message', ({ at, count, place = places[at] }: Question) => {
  if (place === undefined) throw new Error(`no place ${at}`)
  const { json, words, faults } = prepareBatch({ ...place, count }, place, rules)
  places[at] = { ...place, json, words }
  // Nearly every batch is whole and has room enough: then there is nothing to say but that it is done.
  const said = faults.length > 0 || json !== place.json ? { faults, json } : null
  parentPort?.postMessage(said)
  Atomics.add(done, 0, 1)
})
