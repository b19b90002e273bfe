import { X509Certificate } from 'node:crypto'
import { type ActionCache, createActionCache } from './action-cache.ts'
import { failedExchange } from './credentials-exchange-flow.ts'
import type {
  CredentialsExchangeOutcome,
  CredentialsExchangeRun,
} from './credentials-exchange-run.ts'
import { defaultTimeoutMs, type RuntimeOptions } from './in-process-runtime.ts'
import { finishLogin, startLogin } from './login-state.ts'
import { failedRules } from './rules-flow.ts'
import type { DatabaseScriptResult, PostLoginOutcome, PostLoginRun, Runtime } from './runtime.ts'
import { createWorkerPool, type PoolResult, type WorkerPool } from './worker-pool.ts'

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
  const logins = openCache(options)
  const exchanges = openCache(options)
  return {
    async runPostLogin(run) {
      const cache = logins()
      const result = await pools.run({ type: 'post-login', run, cache: cache.entries() })
      return loginOutcome(result, run, cache, timeoutMs)
    },
    async runCredentialsExchange(run) {
      const cache = exchanges()
      const result = await pools.run({ type: 'credentials-exchange', run, cache: cache.entries() })
      return exchangeOutcome(result, run, cache, timeoutMs)
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

/** The cache of one trigger, from one execution to the next. */
function openCache({ loseCache }: WorkerOptions): () => ActionCache {
  let cache = createActionCache(Date.now)
  return () => {
    if (loseCache) cache = createActionCache(Date.now)
    return cache
  }
}

type Pools = Pick<WorkerPool, 'close' | 'run'>

function openPools(options: WorkerOptions, warm: boolean, timeoutMs: number): Pools {
  const { threads = 2, concurrency = 20, maxHeapMb = 128, extraCaCertificates = [] } = options
  for (const [index, pem] of extraCaCertificates.entries()) checkCertificate(index, pem)
  const settings = {
    extraCaCertificates,
    strictApi: options.strictApi ?? false,
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

function loginOutcome(
  result: PoolResult,
  run: PostLoginRun,
  cache: ActionCache,
  timeoutMs: number,
): PostLoginOutcome {
  if (result.type === 'misuse') throw new Error(result.message)
  if (result.type === 'post-login') {
    cache.apply(result.cacheWrites)
    return result.outcome
  }
  const failed = finishLogin(startLogin(run, cache, Date.now), timeoutMs)
  const action = run.actions.at(-1)?.name ?? ''
  return { ...failed, denied: { action, reason: `Actions ${whatHappened(result, timeoutMs)}` } }
}

function exchangeOutcome(
  result: PoolResult,
  run: CredentialsExchangeRun,
  cache: ActionCache,
  timeoutMs: number,
): CredentialsExchangeOutcome {
  if (result.type === 'misuse') throw new Error(result.message)
  if (result.type === 'credentials-exchange') {
    cache.apply(result.cacheWrites)
    return result.outcome
  }
  const action = run.actions.at(-1)?.name ?? ''
  return failedExchange(action, `Actions ${whatHappened(result, timeoutMs)}`)
}

function scriptFailure(message: string): DatabaseScriptResult {
  return { outcome: { type: 'none', message }, logs: [], elapsedMs: 0 }
}

function whatHappened(result: PoolResult, timeoutMs: number): string {
  if (result.type === 'over-time') return `took longer than ${timeoutMs} ms`
  return result.type === 'lost' ? `lost their thread: ${result.message}` : 'gave no answer'
}
