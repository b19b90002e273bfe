import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { CommandError } from '../../command.ts'
import { type Holder, type HolderOptions, holdState } from './holder.ts'
import { openSqlite } from './open-sqlite.ts'
import { schema, schemaVersion } from './schema.ts'

/** What a state file belongs to: users of one tenant's connection, by one rule for their ids. */
export interface ImportIdentity {
  readonly domain: string
  readonly connectionId: string
  readonly idPrefix: string
}

/** A state file, and the right to write to it. */
export interface OpenState {
  readonly database: DatabaseSync
  /** Letters and digits that no other import has. */
  readonly runId: string
  /**
   * Does all of it or nothing, and that only while this process is the holder.
   *
   * @throws {CommandError} `state_in_use`; `file_not_writable` where the disk is full.
   */
  write<Result>(change: () => Result): Result
  close(): void
}

/**
 * Opens the state of an import, or begins it.
 *
 * @throws {CommandError} `state_invalid` for a file that is none, or one of another import;
 *   `state_in_use` where another process works on it.
 */
export function openState(
  path: string,
  identity: ImportIdentity,
  options: HolderOptions,
): OpenState {
  const database = openSqlite(path)
  try {
    assertOurs(database, path)
    // Through a power cut nothing that was said to be sent may be forgotten.
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000',
    )
    const holder = beginState(database, path, options)
    try {
      const runId = claim(database, path, identity)
      return opened(database, path, holder, runId)
    } catch (error) {
      holder.release()
      throw error
    }
  } catch (error) {
    database.close()
    throw explained(path, error)
  }
}

/** @throws {CommandError} `state_missing` where there is no import to work on; `state_invalid`. */
export function identityOf(path: string): ImportIdentity {
  if (!existsSync(path)) throw noImport(path)
  const database = openSqlite(path)
  try {
    const known = runOf(database)
    const { connection_id: connectionId, domain, id_prefix: idPrefix } = known
    if (connectionId === undefined || domain === undefined || idPrefix === undefined) {
      throw noImport(path)
    }
    return { connectionId, domain, idPrefix }
  } catch (error) {
    throw explained(path, error)
  } finally {
    database.close()
  }
}

function noImport(path: string): CommandError {
  return new CommandError('state_missing', `${path} holds no import. Name its file with --state.`)
}

/** Before anything is written: a database of somebody else's stays as it is. */
function assertOurs(database: DatabaseSync, path: string): void {
  // In one statement: another process may be about to begin the state.
  const { tables, version } = database
    .prepare(
      `select (select count(*) from sqlite_schema) as tables,
         (select user_version from pragma_user_version) as version`,
    )
    .get() as { readonly tables: number; readonly version: number }
  if (version === schemaVersion || (version === 0 && tables === 0)) return
  const message =
    version === 0
      ? `${path} is a database, and no state file of an import. Name another with --state.`
      : `${path} was written by another version of this command (${version}). Go on with that one.`
  throw new CommandError('state_invalid', message)
}

function beginState(database: DatabaseSync, path: string, options: HolderOptions): Holder {
  // Also two that begin at once: the later waits, and finds everything there.
  database.exec(`begin immediate; ${schema} pragma user_version = ${schemaVersion}; commit`)
  return holdState(database, path, options)
}

function claim(database: DatabaseSync, path: string, identity: ImportIdentity): string {
  const wanted = {
    connection_id: identity.connectionId,
    domain: identity.domain,
    id_prefix: identity.idPrefix,
  }
  const known = runOf(database)
  for (const [name, value] of Object.entries(wanted)) {
    if (known[name] === undefined || known[name] === value) continue
    const message = `${path} is the state of an import with another ${name.replace('_', ' ')}. Name another file with --state.`
    throw new CommandError('state_invalid', message)
  }
  const runId = known.run_id ?? randomBytes(9).toString('hex')
  const insert = database.prepare('insert or ignore into import_run (name, value) values (?, ?)')
  for (const entry of Object.entries({ ...wanted, run_id: runId })) insert.run(...entry)
  return runId
}

function runOf(database: DatabaseSync): Readonly<Record<string, string>> {
  const table = database
    .prepare("select count(*) as tables from sqlite_schema where name = 'import_run'")
    .get() as { readonly tables: number }
  if (table.tables === 0) return {}
  const rows = database.prepare('select name, value from import_run').all() as unknown as readonly {
    readonly name: string
    readonly value: string
  }[]
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

function opened(database: DatabaseSync, path: string, holder: Holder, runId: string): OpenState {
  return {
    database,
    runId,
    write(change) {
      try {
        database.exec('begin immediate')
        holder.assertHeld()
        const result = change()
        database.exec('commit')
        return result
      } catch (error) {
        rollBack(database)
        throw explained(path, error)
      }
    },
    close() {
      holder.release()
      database.close()
    },
  }
}

/** A disk that is full has ended the transaction already. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec('rollback')
  } catch {
    // There is none any more; what went wrong before is what counts.
  }
}

/** What SQLite says, in words for the operator; any other error as it is. Its messages name nobody. */
function explained(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  // https://www.sqlite.org/rescode.html#corrupt and #notadb; above them is what is more exact.
  const isDamaged = [11, 26].includes(Number(error.errcode) & 0xff)
  const why = `${path} cannot be read or written (${error.message})`
  const todo = isDamaged
    ? 'Take a copy of it from before. With a new one, by --state, whoever is in Auth0 is found there and skipped, but import undo does not know them.'
    : 'What it says is true: when that is mended, the same command goes on.'
  const code = isDamaged ? 'state_invalid' : 'file_not_writable'
  return new CommandError(code, `${why}. ${todo}`, { cause: error })
}
