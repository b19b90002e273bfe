/**
 * The program of a child process: `node run-flows.ts warm|fresh MILLISECONDS FILE…` runs the Actions in
 * those files through the harness for unit tests, login after login, and prints a `FlowReport`.
 */

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import type { PostLoginOutcome, PostLoginRun } from '../../actions-testing/runtime.ts'
import { doneLoginEvent } from '../done-login.ts'
import { claim, userCount } from './login-server.ts'

export interface FlowReport {
  /** Flows that were timed. */
  readonly flows: number
  /** Of these and of those before, the ones that did not end as they should. */
  readonly failed: number
  /** Of one flow. */
  readonly microseconds: number
  /** What the processors worked for one flow, the collector's threads included. */
  readonly processorMicroseconds: number
}

const [containers = '', milliseconds = '', ...files] = process.argv.slice(2)
const runtime = createInProcessRuntime({ warm: containers === 'warm' })
const runs = runsOf(files)
let failed = 0

// Code is compiled by then.
await runFor(Number(milliseconds) / 2)
const before = process.cpuUsage()
const { flows, elapsed } = await runFor(Number(milliseconds))
const { user, system } = process.cpuUsage(before)
const microseconds = (elapsed * 1_000) / flows
const processorMicroseconds = (user + system) / flows
const report: FlowReport = { flows, failed, microseconds, processorMicroseconds }
process.stdout.write(JSON.stringify(report))

/** One login of each user; all are done. */
function runsOf(bundles: readonly string[]): readonly PostLoginRun[] {
  const actions = bundles.map((file) => {
    const name = basename(file, '.cjs')
    return { name, code: readFileSync(file, 'utf8'), secrets: doneLoginEvent(name, 0).secrets }
  })
  return Array.from({ length: userCount }, (_, seed) => {
    const { secrets: _none, ...event } = doneLoginEvent('', seed)
    return { actions, event }
  })
}

async function runFor(duration: number) {
  const start = performance.now()
  let flows = 0
  let elapsed = 0
  while (elapsed < duration) {
    for (const run of runs) if (!isDone(await runtime.runPostLogin(run))) failed += 1
    flows += runs.length
    elapsed = performance.now() - start
  }
  return { flows, elapsed }
}

/** The claims are there, and nothing was written: the whole flow ran, for a user who is done. */
function isDone({ denied, idTokenClaims, accessTokenClaims, appMetadata }: PostLoginOutcome) {
  const claimed = claim in idTokenClaims && claim in accessTokenClaims
  return denied === null && claimed && Object.keys(appMetadata).length === 0
}
