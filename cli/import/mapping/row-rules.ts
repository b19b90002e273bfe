import type { ProfileRule } from '../../../core/auth0-profile.ts'
import type { SourceFormat } from '../import-types.ts'
import type { CsvColumn } from './csv-mapping.ts'

/** How rows become users. Goes to other threads as it is: data and nothing else. */
export interface RowRules {
  readonly format: SourceFormat
  readonly profile: ProfileRule
  /** ISO 8601, of the stamp. */
  readonly at: string
  /** Of a CSV source. */
  readonly columns?: readonly CsvColumn[]
  /** Cells of a record. */
  readonly width?: number
  /** Of a CSV whose records are in dead letters: their header comes with them. */
  readonly csvMapping?: unknown
  readonly csvDelimiter?: string
  /** True lets users in who have no hash: they have to reset their password. */
  readonly withoutPasswords: boolean
  /** True leaves metadata keys behind that Auth0 forbids, as login does. */
  readonly dropForbiddenKeys: boolean
  /** True leaves metadata behind that would make a profile too large, as login does. */
  readonly dropLargeMetadata: boolean
}
