import { AsyncLocalStorage } from 'node:async_hooks'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import type { EndListener } from './settlement.ts'

/** One run of an Action or a script. */
export interface CurrentRun {
  /** What it wrote to its console. */
  log: string
  /** Where it is strict: told when the handler has ended. */
  readonly end?: EndListener
  /** Ends it with an error that was thrown where nobody catches. */
  readonly fail: (error: unknown) => void
}

/**
 * The run that is under way. A warm instance has one console and many logins at once, so that the
 * run a line belongs to is known only by where it was written from.
 */
export const currentRun = new AsyncLocalStorage<CurrentRun>()

/** A `console` that writes into the log of the current run; outside a run, nowhere. */
export function createConsole(): Console {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const run = currentRun.getStore()
      if (run !== undefined) run.log += String(chunk)
      done()
    },
  })
  return new Console({ stdout: stream, stderr: stream, colorMode: false })
}

/**
 * Calls `work` as a run, and rejects with what it throws, also later and where nobody catches.
 *
 * @param run Its `log` fills while `work` goes on.
 */
export function callInRun(run: { log: string }, work: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const current: CurrentRun = Object.assign(run, { fail: reject })
    currentRun.run(current, work).then(resolve, reject)
  })
}
