import { promiseHooks } from 'node:v8'

/** Who wants to know when a handler ends. */
export interface EndListener {
  readonly ended: () => void
  /** True when nobody waits any longer. */
  readonly isOver: () => boolean
}

/**
 * Calls an async function and tells when its promise settles, at that very moment. A reaction to it, by
 * `then`, would come after those of promises that the function did not await and that a test's
 * stand-ins have settled: what they do would pass for what it did before it ended.
 *
 * @returns What the function returned.
 */
export function noticeEnd<Result>(call: () => Result, { ended, isOver }: EndListener): Result {
  const settled = new WeakSet<object>()
  let waitedFor: unknown
  const stop = promiseHooks.onSettled((promise) => {
    settled.add(promise)
    if (promise === waitedFor) end()
    else if (isOver()) stop()
  }) as () => void
  const end = () => {
    stop()
    ended()
  }
  try {
    const returned = call()
    waitedFor = returned
    if (returned instanceof Promise && settled.has(returned)) end()
    return returned
  } catch (error) {
    stop()
    throw error
  }
}
