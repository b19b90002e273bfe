// Taken at load, so that a test's fake timers cannot hold back a limit.
const { clearTimeout, setTimeout } = globalThis

/** True when `work` settled within `timeoutMs`. Does not stop it, and passes on its rejection. */
export async function withinTime(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  try {
    return await Promise.race([work.then(() => true), limit])
  } finally {
    clearTimeout(timer)
  }
}
