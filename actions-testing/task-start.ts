/**
 * Where a worker says that it has begun a task, in memory that both threads see: a message would not
 * arrive while the worker is busy, and to be busy is just what the main thread has to notice.
 */
export function openTaskStart(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)
}

/** Called by the worker, as the first thing. */
export function markStarted(start: SharedArrayBuffer, threadId: number): void {
  const fields = new Float64Array(start)
  fields[1] = threadId
  fields[0] = performance.timeOrigin + performance.now()
}

/** Null while the task waits for a worker. Milliseconds since the Unix epoch, monotonic. */
export function readTaskStart(
  start: SharedArrayBuffer,
): { readonly startedAt: number; readonly threadId: number } | null {
  const [startedAt = 0, threadId = 0] = new Float64Array(start)
  return startedAt === 0 ? null : { startedAt, threadId }
}
