/**
 * The program of a child process: `node run-actions.ts count|time|garbage FILE…` runs the Actions in
 * those files one after the other, login after login, and prints a `RunReport`.
 */

import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { PerformanceObserver } from 'node:perf_hooks'
import type { Event } from '../actions-testing/types/post-login/v3.ts'
import {
  type CallCounts,
  type CountingApi,
  countingApi,
  countProcessCalls,
  noCalls,
} from './counting-api.ts'
import { doneLoginEvent } from './done-login.ts'
import { median } from './statistics.ts'

export interface RunReport {
  readonly logins: number
  readonly counts: CallCounts
  /** A login's nanoseconds, or its bytes of garbage; 0 where it was only to count. */
  readonly value: number
}

type Action = (event: Event, api: CountingApi) => Promise<void>

interface Step {
  readonly action: Action
  readonly event: Event
}

/** Different users: a single one would be a constant to V8. */
const users = 64
const [measure = '', ...files] = process.argv.slice(2)
const counts = noCalls()
const api = countingApi(counts)
let logins = 0

countProcessCalls(counts)
const steps = stepsOf(files)
const value = await measured()
process.stdout.write(JSON.stringify({ logins, counts, value } satisfies RunReport))

async function measured(): Promise<number> {
  if (measure === 'count') {
    await runSteps(1)
    return 0
  }
  await runFor(150)
  return measure === 'time' ? nanoseconds() : garbage()
}

/** Login after login, the Actions in order, each with an event of its own. */
function stepsOf(files: readonly string[]): readonly Step[] {
  const load = createRequire(import.meta.url)
  const actions = files.map((file) => ({
    action: load(file).onExecutePostLogin as Action,
    name: basename(file, '.cjs'),
  }))
  return Array.from({ length: users }, (_, seed) =>
    actions.map(({ action, name }) => ({ action, event: doneLoginEvent(name, seed) })),
  ).flat()
}

async function runSteps(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    // With `for…of` the iterator would make a sixth of the garbage of a login.
    for (let index = 0; index < steps.length; index += 1) {
      const step = steps[index]
      if (step !== undefined) await step.action(step.event, api)
    }
  }
  logins += times * users
}

/** @returns Nanoseconds of one login. */
async function runFor(milliseconds: number): Promise<number> {
  const before = logins
  const start = performance.now()
  let elapsed = 0
  while (elapsed < milliseconds) {
    await runSteps(10)
    elapsed = performance.now() - start
  }
  return (elapsed * 1e6) / (logins - before)
}

async function nanoseconds(): Promise<number> {
  const windows: number[] = []
  while (windows.length < 5) windows.push(await runFor(30))
  return median(windows)
}

/** What the heap grows by, while nothing is collected: a large young generation is needed. */
async function garbage(): Promise<number> {
  const times = 250
  globalThis.gc?.()
  const collections = new PerformanceObserver(() => {})
  collections.observe({ entryTypes: ['gc'] })
  const before = process.memoryUsage().heapUsed
  await runSteps(times)
  const grown = process.memoryUsage().heapUsed - before
  // Entries of the observer arrive with the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  if (collections.takeRecords().length > 0) throw new Error('garbage was collected in the window')
  return grown / (times * users)
}
