import { isPromise } from 'node:util/types'

// Taken at load: what code under test makes of its promises' `then` is not asked.
const { then } = Promise.prototype

/**
 * Waits for what a function of code under test returned, and rejects as it does. `await` alone would
 * call the `then` of a context's promise, and one that was replaced or taken away loses its error: an
 * Action that threw would let the login pass.
 */
export async function settled(returned: unknown): Promise<void> {
  if (!isPromise(returned)) {
    await returned
    return
  }
  await new Promise<void>((resolve, reject) => {
    then.call(returned, () => resolve(), reject)
  })
}
