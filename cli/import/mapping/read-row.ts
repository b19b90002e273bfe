import { parse } from 'csv-parse/sync'
import type { ProfileRule } from '../../../core/auth0-profile.ts'
import { isLegacyUser } from '../../../core/legacy-user.ts'
import { isPlainObject, type PlainObject } from '../../../core/plain-object.ts'
import { CommandError } from '../../command.ts'
import { faultOfProfile } from '../../old-tenant/profile-fault.ts'
import { fault, type RowFault } from '../checks/row-fault.ts'
import { csvOptions } from '../sources/csv-options.ts'
import { fromAuth0Export } from './auth0-export-row.ts'
import { csvColumns, rowOfCells } from './csv-mapping.ts'
import type { RowRules } from './row-rules.ts'

/** A row in the words of the contract, and the rule by which its id is made. */
type Read =
  | {
      readonly row: PlainObject
      readonly profile: ProfileRule
      /** True for a user who was in Auth0 before, and may have a stamp. */
      readonly hasStamp?: boolean
    }
  | { readonly fault: RowFault }

/** Reads a row of any source. */
export function readRow(text: string, rules: RowRules): Read {
  const value = parseJson(text)
  if (value === undefined) return { fault: fault('row_not_json', 'is no JSON') }
  if (rules.format === 'dead-letters') return readLetter(value, rules)
  if (rules.format === 'csv') return readCells(value, rules)
  if (!isPlainObject(value)) return { fault: fault('row_not_an_object', 'is no JSON object') }
  if (rules.format === 'auth0-export') {
    return { ...fromAuth0Export(value, rules.profile), hasStamp: true }
  }
  // Used whole or not at all: metadata that are missing would look like metadata that nobody has.
  if (rules.format === 'legacy-api' && !isLegacyUser(value)) {
    const message = 'is no user of the contract: a member is missing, or of another type'
    return { fault: faultOfProfile(value) ?? fault('contract_broken', message) }
  }
  return { row: value, profile: rules.profile }
}

function readCells(cells: unknown, { columns = [], width = 0, profile }: CsvRules): Read {
  const read = rowOfCells(cells as readonly string[], columns, width)
  if ('fault' in read) return read
  // Only an export of Auth0 has ids of this name.
  const isExport = read.row.legacy_id === undefined && read.row.user_id !== undefined
  if (isExport) return { ...fromAuth0Export(read.row, profile), hasStamp: true }
  return { row: read.row, profile }
}

type CsvRules = Pick<RowRules, 'columns' | 'width' | 'profile'>

/** What a dead letter holds, read as the source that it is from. */
function readLetter(letter: unknown, rules: RowRules): Read {
  const { format, header, original } = isPlainObject(letter) ? letter : {}
  if (typeof original !== 'string') return { fault: letterFault }
  switch (format) {
    case 'csv':
      return typeof header === 'string'
        ? readCsvLetter(header, original, rules)
        : { fault: letterFault }
    case 'auth0-export':
    case 'json-array':
    case 'legacy-api':
    case 'ndjson':
      return readRow(original, { ...rules, format })
    default:
      return { fault: letterFault }
  }
}

const letterFault = fault(
  'letter_invalid',
  'has to have the original and the format of a dead letter',
)

function readCsvLetter(header: string, original: string, rules: RowRules): Read {
  const { csvDelimiter: delimiter = ',', csvMapping, profile } = rules
  const options = { ...csvOptions, delimiter, info: false } as const
  let records: readonly (readonly string[])[]
  try {
    records = parse(`${header}\n${original}`, options)
  } catch {
    return { fault: fault('csv_columns_mismatch', 'is no record of CSV') }
  }
  const [names = [], cells = []] = records
  const columns = columnsOf(names, csvMapping)
  if ('fault' in columns) return columns
  return readCells(cells, { columns, width: names.length, profile })
}

/** Letters of several sources may be in one file: a header that does not fit is that letter's alone. */
function columnsOf(names: readonly string[], csvMapping: unknown) {
  try {
    return csvColumns(names, csvMapping)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { fault: fault('letter_invalid', `has a header that does not fit: ${error.message}`) }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
