/** Does one thing for each item, for `width` of them at a time, and stops at the first that fails. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  let failed = false
  const lane = async () => {
    for (let next = iterator.next(); next.done !== true && !failed; next = iterator.next()) {
      await work(next.value).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: width }, lane))
  const rejected = ends.find((end) => end.status === 'rejected')
  if (rejected !== undefined) throw rejected.reason
}
