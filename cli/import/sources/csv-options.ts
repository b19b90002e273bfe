import type { Options } from 'csv-parse'

/** Of records. The parser by itself goes by the first that it sees, and takes any other for text of a cell. */
const lineBreaks = ['\r\n', '\n', '\r']

/** How a record is told from the next: as RFC 4180 has it, and a byte order mark is no part of it. */
export const csvOptions = {
  bom: true,
  record_delimiter: lineBreaks,
  info: true,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: 16_000_000,
} as const satisfies Options
