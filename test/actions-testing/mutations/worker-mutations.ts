import type { PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import { createWorkerRuntime } from '../../../actions-testing/worker-runtime.ts'
import { action, login } from '../runtimes.ts'
import { type Mutation, seen } from './mutation.ts'

const pool = 'worker-pool.ts'
const outside = (code: string) => `fetch.constructor(${JSON.stringify(code)})()`

/** A login in a worker, or null when it is still under way after a second. */
async function workerLogin(body: string): Promise<PostLoginOutcome | null> {
  const runtime = createWorkerRuntime({ threads: 1, timeoutMs: 150, maxHeapMb: 48 })
  // Alive before the clock starts: a thread takes a while to load.
  await runtime.runPostLogin(login(action('')))
  const late = new Promise<null>((resolve) => setTimeout(resolve, 1_000, null))
  const outcome = await Promise.race([runtime.runPostLogin(login(action(body))), late])
  void runtime.close()
  return outcome
}

/** Limits that only worker threads have. */
export const workerMutations: readonly Mutation[] = [
  {
    limit: 'workers: an Action that spins is ended',
    file: pool,
    find: '?.terminate()',
    replace: '',
    holds: async () => (await workerLogin('for (;;);'))?.denied?.reason.includes('longer') === true,
  },
  {
    limit: 'workers: the environment of the host is not there',
    file: pool,
    find: 'env: {},',
    replace: "env: { SEEN: '1' },",
    holds: async () => {
      const count = outside('return Object.keys(process.env).length')
      return (await workerLogin(seen(count)))?.idTokenClaims.seen === 0
    },
  },
  {
    limit: 'workers: what an Action does to prototypes reaches no other',
    file: 'worker.ts',
    find: 'const createRealm = () => createContextRealm(',
    replace: 'let one: any; const createRealm = () => one ??= createContextRealm(',
    holds: async () => {
      const runtime = createWorkerRuntime({ threads: 1 })
      const later = action(seen('typeof {}.polluted'), { name: 'later' })
      const polluting = action('Object.prototype.polluted = 1')
      const { idTokenClaims } = await runtime.runPostLogin(login(polluting, later))
      await runtime.close()
      return idTokenClaims.seen === 'undefined'
    },
  },
  {
    limit: 'workers: an error is seen, whatever becomes of the then of promises',
    file: 'settled.ts',
    find: 'if (!isPromise(returned)) {',
    replace: 'if (true) {',
    holds: async () => {
      const body = `Promise.prototype.then = null; throw new Error('seen')`
      return (await workerLogin(body))?.denied?.reason === 'seen'
    },
  },
]
