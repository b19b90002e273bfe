import type { RowBatchWriter } from './row-batch.ts'

/** Finds the rows in bytes that come piece by piece. */
export interface RowSplitter {
  /** Gives it the next bytes, which it reads by `fill` and then no more. */
  push(chunk: Buffer): void
  /** Says that there are no more bytes. */
  end(): void
  /**
   * Moves whole rows to a batch.
   *
   * @returns True when the batch is full and there may be more; false when all bytes are read.
   * @throws {CommandError} `source_invalid`, `source_cut_off`.
   */
  fill(batch: RowBatchWriter): boolean
}
