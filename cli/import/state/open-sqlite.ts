import type { DatabaseSync } from 'node:sqlite'
import { CommandError } from '../../command.ts'

/**
 * Opens a database of Node's own SQLite. Node 22 warns once that it is experimental, in the middle of
 * whatever a command prints: that one warning is held back, and every other passes.
 *
 * @throws {CommandError} `state_invalid` for a file that is no database.
 */
export function openSqlite(path: string): DatabaseSync {
  const { DatabaseSync } = sqliteOfNode()
  try {
    const database = new DatabaseSync(path)
    // Answers only where the file is a database.
    database.prepare('select count(*) from sqlite_schema').get()
    return database
  } catch (cause) {
    const message = `${path} is no state file of an import, or it cannot be opened. Name another with --state.`
    throw new CommandError('state_invalid', message, { cause })
  }
}

function sqliteOfNode(): typeof import('node:sqlite') {
  const { emitWarning } = process
  process.emitWarning = ((...args: Parameters<typeof emitWarning>) => {
    const [warning] = args
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning(...args)
  }) as typeof emitWarning
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}
