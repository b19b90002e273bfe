import type { Originals, SourceFormat } from '../import-types.ts'
import type { RowBatchWriter } from './row-batch.ts'

/** Where rows come from. */
export interface Source {
  readonly format: SourceFormat
  /** First line of a CSV source. */
  readonly header?: string
  /**
   * Reads all rows, once, a batch at a time.
   *
   * @param free Gives a batch that nobody uses, and waits for one.
   * @throws {CommandError} `source_invalid`, `source_cut_off`.
   */
  batches(free: () => Promise<RowBatchWriter>): AsyncIterable<RowBatchWriter>
  readonly originals: Originals
  /** Bytes; undefined where nobody knows. */
  readonly size: number | undefined
  consumed(): number
  close(): Promise<void>
}
