import { isPlainObject } from '../../../core/plain-object.ts'
import { CommandError } from '../../command.ts'
import { fault, type RowFault } from '../checks/row-fault.ts'

/** Where a column's cells go. */
export interface CsvColumn {
  readonly index: number
  readonly path: readonly string[]
  readonly as: CellType
}

type CellType = (typeof cellTypes)[number]
const cellTypes = ['text', 'boolean', 'number', 'json'] as const

const booleans = ['email_verified', 'phone_verified', 'blocked', 'mfa_required']
const texts = [
  ...['legacy_id', 'user_id', 'email', 'username', 'phone_number', 'name', 'given_name'],
  ...['family_name', 'nickname', 'picture', 'migrated_at', 'password_hash'],
]
const objects = ['app_metadata', 'user_metadata', 'custom_password_hash']
const numbers = ['keylen', 'cost', 'blockSize', 'parallelization']

/**
 * Joins the header of a CSV to what its columns mean.
 *
 * @param mapping `{ "legacy_id": "id", "app_metadata.plan": { "column": "plan", "as": "text" } }`:
 *   members of a user to columns. Undefined: the header names the members itself, and what it names
 *   besides is left out.
 * @throws {CommandError} `setting_invalid`, for a column that is not there and a member that nobody knows.
 */
export function csvColumns(header: readonly string[], mapping: unknown): readonly CsvColumn[] {
  const names = header.map((name) => name.trim())
  const twice = names.findIndex((name, index) => name !== '' && names.indexOf(name) !== index)
  // By their places: of a CSV without a header the names are somebody's address and hash.
  if (twice !== -1) {
    const first = names.indexOf(names[twice] ?? '')
    throw invalid(`the columns ${first + 1} and ${twice + 1} of the CSV have the same name`)
  }
  if (mapping !== undefined && !isPlainObject(mapping)) throw invalid('has to be a JSON object')
  const wanted: [string, unknown][] =
    mapping === undefined
      ? names.filter(isMember).map((name) => [name, name])
      : Object.entries(mapping)
  // An object before its members: behind them it would be written over them.
  const columns = wanted
    .map(([member, source]) => columnOf(member, source, names))
    .toSorted((one, other) => one.path.length - other.path.length)
  const found = columns.some(({ path }) => path[0] === 'legacy_id' || path[0] === 'user_id')
  if (!found) throw invalid('no column is legacy_id')
  return columns
}

function columnOf(member: string, source: unknown, names: readonly string[]): CsvColumn {
  if (!isMember(member)) throw invalid(`${member} is no member of a user`)
  const { column, as = usualType(member) } = isPlainObject(source) ? source : { column: source }
  const type = cellTypes.find((known) => known === as)
  if (typeof column !== 'string' || type === undefined) {
    throw invalid(`${member} has to be a column, or { "column", "as": ${cellTypes.join(', ')} }`)
  }
  const index = names.indexOf(column)
  if (index === -1)
    throw invalid(`the CSV has no column ${column}, which ${member} is to come from`)
  return { index, path: member.split('.'), as: type }
}

function isMember(member: string): boolean {
  if (texts.includes(member) || booleans.includes(member) || member === 'mfa_factors') return true
  const [first = '', ...rest] = member.split('.')
  const safe = rest.every((key) => key !== '' && !['__proto__', 'constructor'].includes(key))
  return objects.includes(first) && safe
}

function usualType(member: string): CellType {
  if (booleans.includes(member)) return 'boolean'
  if (objects.includes(member) || member === 'mfa_factors') return 'json'
  const [first, last = ''] = member.split('.')
  return first === 'custom_password_hash' && numbers.includes(last) ? 'number' : 'text'
}

function invalid(message: string): CommandError {
  return new CommandError('setting_invalid', `--csv-mapping: ${message}.`)
}

type Row = Record<string, unknown>

/** @returns The row that the cells are; an empty cell is a member that is not there. */
export function rowOfCells(
  cells: readonly string[],
  columns: readonly CsvColumn[],
  width: number,
): { readonly row: Row } | { readonly fault: RowFault } {
  if (cells.length !== width) {
    const message = `has ${cells.length} cells, and the header has ${width}`
    return { fault: fault('csv_columns_mismatch', message) }
  }
  const row: Row = {}
  for (const { index, path, as } of columns) {
    const cell = cells[index] ?? ''
    if (cell === '') continue
    const value = valueOfCell(cell, as)
    if (value === undefined) {
      const message = `the cell of ${path.join('.')} is no ${as}`
      return { fault: fault('csv_cell_invalid', message) }
    }
    if (!put(row, path, value)) {
      const message = `${path.join('.')} goes into what is no object`
      return { fault: fault('csv_cell_invalid', message) }
    }
  }
  return { row }
}

function put(row: Row, path: readonly string[], value: unknown): boolean {
  let into: Row = row
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(into, key)) into[key] = {}
    const next = into[key]
    if (!isPlainObject(next)) return false
    into = next as Row
  }
  into[path.at(-1) ?? ''] = value
  return true
}

function valueOfCell(cell: string, as: CellType): unknown {
  if (as === 'text') return cell
  if (as === 'boolean') {
    if (/^(true|t|1|yes|y)$/i.test(cell)) return true
    return /^(false|f|0|no|n)$/i.test(cell) ? false : undefined
  }
  if (as === 'number') {
    // A cell of spaces is no 0.
    return cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : undefined
  }
  try {
    return JSON.parse(cell)
  } catch {
    return undefined
  }
}
