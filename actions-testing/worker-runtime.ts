import { X509Certificate } from 'node:crypto'
import { createActionCache } from './action-cache.ts'
import { defaultTimeoutMs, type RuntimeOptions } from './in-process-runtime.ts'
import { failedRules } from './rules-flow.ts'
import type { Runtime } from './runtime.ts'
import { createTriggerCaches } from './trigger-caches.ts'
import {
  asynchronousOutcome,
  exchangeOutcome,
  loginOutcome,
  registrationOutcome,
  scriptFailure,
  whatHappened,
} from './worker-outcomes.ts'
import { createWorkerPool, type WorkerPool } from './worker-pool.ts'

export interface WorkerOptions extends RuntimeOptions {
  /** Default 2. */
  readonly threads?: number
  /** Logins that a warm thread has under way at once. Default 20; fresh threads have one. */
  readonly concurrency?: number
  /** Megabytes of JavaScript heap for a thread. Default 128. */
  readonly maxHeapMb?: number
  /** Certificate authorities, PEM, that `fetch` and `https` trust besides Node's own. */
  readonly extraCaCertificates?: readonly string[]
}

/**
 * Runs bundles in worker threads, each in a context of its own: one that spins, hangs, exits or eats
 * all memory fails its own login, and the next is served. This contains faults of one's own code; it
 * is no wall against a stranger's.
 *
 * Fresh, a thread serves one login at a time in new contexts. Warm, a bundle is loaded once a thread
 * and serves many at once; when its thread dies, the logins that were in it and had time left are run
 * again from the start, one a thread, so that only the guilty one fails. `api.cache` is kept here: a
 * login starts with a copy, and what it wrote is taken over when it is done.
 */
export function createWorkerRuntime(options: WorkerOptions = {}): Runtime {
  const { warm = false, timeoutMs = defaultTimeoutMs } = options
  const pools = openPools(options, warm, timeoutMs)
  const cacheOf = createTriggerCaches(() => createActionCache(Date.now), options.loseCache ?? false)
  return {
    async runPostLogin(run) {
      const cache = cacheOf('post-login')
      const result = await pools.run({ type: 'post-login', run, cache: cache.entries() })
      return loginOutcome(result, run, cache, timeoutMs)
    },
    async runCredentialsExchange(run) {
      const cache = cacheOf('credentials-exchange')
      const result = await pools.run({ type: 'credentials-exchange', run, cache: cache.entries() })
      return exchangeOutcome(result, run, cache, timeoutMs)
    },
    async runPreUserRegistration(run) {
      const cache = cacheOf('pre-user-registration')
      const result = await pools.run({ type: 'pre-user-registration', run, cache: cache.entries() })
      return registrationOutcome(result, run, cache, timeoutMs)
    },
    async runAsynchronous(run) {
      const cache = cacheOf(run.trigger)
      const result = await pools.run({ type: 'asynchronous', run, cache: cache.entries() })
      return asynchronousOutcome(result, run, cache, timeoutMs)
    },
    async runDatabaseScript(run) {
      const result = await pools.run({ type: 'database-script', run })
      if (result.type === 'database-script') return result.outcome
      return scriptFailure(`The script ${run.script} ${whatHappened(result, timeoutMs)}`)
    },
    async runRules(run) {
      const result = await pools.run({ type: 'rules', run })
      if (result.type === 'misuse') throw new RangeError(result.message)
      if (result.type === 'rules') return result.outcome
      return failedRules(run, `Rules ${whatHappened(result, timeoutMs)}`)
    },
    close: pools.close,
  }
}

type Pools = Pick<WorkerPool, 'close' | 'run'>

function openPools(options: WorkerOptions, warm: boolean, timeoutMs: number): Pools {
  const { threads = 2, concurrency = 20, maxHeapMb = 128, extraCaCertificates = [] } = options
  for (const [index, pem] of extraCaCertificates.entries()) checkCertificate(index, pem)
  const settings = {
    extraCaCertificates,
    strictApi: options.strictApi ?? false,
    strictEvent: options.strictEvent ?? false,
    strictSecrets: options.strictSecrets ?? false,
    timeoutMs,
    warm,
  }
  const pool = createWorkerPool({
    threads,
    tasksPerThread: warm ? concurrency : 1,
    maxHeapMb,
    settings,
  })
  let quarantine: WorkerPool | undefined
  let closed = false
  const openQuarantine = () =>
    createWorkerPool({ threads: 1, tasksPerThread: 1, maxHeapMb, settings })
  return {
    async run(task: Parameters<WorkerPool['run']>[0]) {
      const result = await pool.run(task)
      if (result.type !== 'lost' || !warm || closed) return result
      quarantine ??= openQuarantine()
      return quarantine.run(task)
    },
    async close() {
      closed = true
      await Promise.all([pool.close(), quarantine?.close()])
    },
  }
}

/** Node takes anything for a certificate, and later trusts nothing by it. */
function checkCertificate(index: number, pem: string): void {
  try {
    new X509Certificate(pem)
  } catch (cause) {
    throw new TypeError(`extraCaCertificates[${index}] is not a PEM certificate`, { cause })
  }
}
