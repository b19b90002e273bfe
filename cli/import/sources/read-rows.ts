import type { RowBatchWriter } from './row-batch.ts'
import type { RowSplitter } from './row-splitter.ts'

/** Fills batch after batch with the rows of a splitter. No batch without a row. */
export async function* readRows(
  chunks: AsyncIterable<Buffer>,
  splitter: RowSplitter,
  free: () => Promise<RowBatchWriter>,
): AsyncGenerator<RowBatchWriter> {
  let batch = await free()
  for await (const chunk of chunks) {
    splitter.push(chunk)
    while (splitter.fill(batch)) {
      yield batch
      batch = await free()
    }
  }
  splitter.end()
  while (splitter.fill(batch)) {
    yield batch
    batch = await free()
  }
  yield batch
}
