import { Piscina } from 'piscina'
import { openTaskStart, readTaskStart } from './task-start.ts'
import type { Task, TaskResult, WorkerSettings } from './worker.ts'

export interface PoolOptions {
  readonly threads: number
  /** Tasks that a thread works on at once. */
  readonly tasksPerThread: number
  /** Megabytes of JavaScript heap for a thread. */
  readonly maxHeapMb: number
  readonly settings: WorkerSettings
}

/** `lost`: the thread ended while the task was in it, because of this task or of another. */
export type PoolResult =
  | TaskResult
  | { readonly type: 'lost'; readonly message: string }
  | { readonly type: 'over-time' }

export interface WorkerPool {
  run(task: DistributiveOmit<Task, 'start'>): Promise<PoolResult>
  close(): Promise<void>
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never

/** A worker ends a hanging task by itself; later than this, it is too busy to do so. */
const graceMs = 250

/** Threads that run tasks, and are ended and replaced when one does not let go. */
export function createWorkerPool(options: PoolOptions): WorkerPool {
  const piscina = new Piscina<Task, TaskResult>({
    filename: new URL('./worker.ts', import.meta.url).href,
    name: 'runTask',
    minThreads: options.threads,
    maxThreads: options.threads,
    concurrentTasksPerWorker: options.tasksPerThread,
    workerData: options.settings,
    resourceLimits: { maxOldGenerationSizeMb: options.maxHeapMb },
    env: {},
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Otherwise an idle worker sleeps, and its timers and open connections with it.
    atomics: 'disabled',
  })
  // A thread that fails between tasks is replaced; there is nobody to tell.
  piscina.on('error', () => {})
  const running = new Set<SharedArrayBuffer>()
  return {
    async run(task) {
      const start = openTaskStart()
      const watch = watchStart(piscina, running, start, options.settings.timeoutMs + graceMs)
      running.add(start)
      try {
        return await piscina.run({ ...task, start } as Task)
      } catch (error) {
        if (watch.overTime()) return { type: 'over-time' }
        return { type: 'lost', message: error instanceof Error ? error.message : String(error) }
      } finally {
        watch.stop()
        running.delete(start)
      }
    },
    close: () => piscina.destroy(),
  }
}

/**
 * Ends the thread of a task that has run for longer than `limitMs`; waiting does not count. When
 * others were in that thread, any of them may be what keeps it busy, so the task is not blamed.
 */
function watchStart(
  piscina: Piscina<Task, TaskResult>,
  running: ReadonlySet<SharedArrayBuffer>,
  start: SharedArrayBuffer,
  limitMs: number,
) {
  let over = false
  let timer = setTimeout(look, limitMs)
  function look() {
    const started = readTaskStart(start)
    const now = performance.timeOrigin + performance.now()
    const left = started === null ? limitMs : started.startedAt + limitMs - now
    if (started === null || left > 0) {
      timer = setTimeout(look, Math.max(left, 1))
      return
    }
    const { threadId } = started
    over = [...running].every((other) => other === start || threadOf(other) !== threadId)
    void piscina.threads.find((thread) => thread.threadId === threadId)?.terminate()
  }
  return { overTime: () => over, stop: () => clearTimeout(timer) }
}

function threadOf(start: SharedArrayBuffer): number | undefined {
  return readTaskStart(start)?.threadId
}
