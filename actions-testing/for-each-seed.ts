/** How many different events a test is run with, unless it says so. */
const defaultCount = 20

/**
 * Runs a check with one seed after the other. The error of the first that fails is thrown as it is,
 * with the seed added to its message, so that the run can be repeated.
 *
 * @param seeds How many, counted from 1, or which.
 */
export async function forEachSeed(
  check: (seed: number) => unknown,
  seeds: number | readonly number[] = defaultCount,
): Promise<void> {
  const all = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, n) => n + 1) : seeds
  for (const seed of all) {
    try {
      await check(seed)
    } catch (error) {
      throw withSeed(error, seed)
    }
  }
}

function withSeed(error: unknown, seed: number): unknown {
  const note = `(event seed ${seed})`
  if (!(error instanceof Error)) return new Error(`${String(error)} ${note}`, { cause: error })
  const { message, stack } = error
  if (message.includes(note)) return error
  error.message = `${message} ${note}`
  // Some reporters print the stack alone, which began as the message was.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message)
  return error
}
