/** @returns undefined where the call throws. What it threw is dropped: it may quote a profile. */
export function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call()
  } catch {
    return undefined
  }
}
