// Taken at load, so that a test's fake timers cannot hold back a limit.
const { clearTimeout, setTimeout } = globalThis
const now = performance.now.bind(performance)

/**
 * True when `work` settled within `timeoutMs`; also false when it kept the thread busy for longer, so
 * that no timer could say so. Does not stop it, and passes on its rejection.
 */
export async function withinTime(
  work: () => Promise<unknown>,
  timeoutMs: number,
): Promise<boolean> {
  const started = now()
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  try {
    const settled = await Promise.race([work().then(() => true), limit])
    return settled && now() - started <= timeoutMs
  } finally {
    clearTimeout(timer)
  }
}
