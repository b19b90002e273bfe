import { mkdir } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { migrate } from './schema.ts'

/** Parameters are `$1`, `$2`, …; JSON goes in as text and a cast, so that both drivers send the same. */
export interface Sql {
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
}

export interface Database extends Sql {
  /** Runs all or nothing: rolled back when `run` rejects. */
  transaction<Result>(run: (sql: Sql) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** `postgres://…`: a real server. */
  readonly url?: string
  /** Folder of the embedded PGlite. One process at a time; in memory when neither option is given. */
  readonly dataDir?: string
}

/**
 * Opens the store and brings its schema up to date. Safe to call again, and for several instances at
 * once on one server.
 */
export async function openDatabase({ url, dataDir }: DatabaseOptions): Promise<Database> {
  const database = url === undefined ? await openPGlite(dataDir) : openPostgres(url)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

async function openPGlite(dataDir: string | undefined): Promise<Database> {
  // PGlite makes the last folder of the path, and no other.
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true })
  const db = await PGlite.create(dataDir === undefined ? {} : { dataDir })
  return {
    query: async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
      (await db.query<Row>(text, [...parameters])).rows,
    transaction: (run) =>
      db.transaction((tx) =>
        run({
          query: async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
            (await tx.query<Row>(text, [...parameters])).rows,
        }),
      ),
    close: () => db.close(),
  }
}

function openPostgres(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000, // milliseconds
  })
  // A server that goes away breaks idle connections too; the pool replaces them, and an event that
  // nobody listens to would end the process.
  pool.on('error', () => {})
  return {
    query: async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
      (await pool.query<Row>(text, [...parameters])).rows,
    transaction: (run) => transaction(pool, run),
    close: () => pool.end(),
  }
}

async function transaction<Result>(
  pool: pg.Pool,
  run: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  const query = async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
    (await client.query<Row>(text, [...parameters])).rows
  try {
    await query('begin')
    const result = await run({ query })
    await query('commit')
    client.release()
    return result
  } catch (error) {
    // Destroying the connection rolls back, also where a `rollback` could not be sent any more.
    client.release(true)
    throw error
  }
}
