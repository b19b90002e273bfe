import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Database, openDatabase } from '../../../servers/legacy-api/database.ts'

export interface TestDatabase {
  readonly database: Database
  /** What a second instance of the API would hold: on PGlite, which is one process's, the same. */
  openAnother(): Promise<Database>
  close(): Promise<void>
}

export interface DatabaseKind {
  readonly name: string
  /** An empty store of its own, so that test files run side by side. */
  open(): Promise<TestDatabase>
}

const serverUrl = process.env.TEST_DATABASE_URL

/** PGlite, and PostgreSQL where TEST_DATABASE_URL names a server (`. .ci/postgres`). */
export const databases: readonly DatabaseKind[] = [
  { name: 'PGlite', open: openPGlite },
  ...(serverUrl ? [{ name: 'PostgreSQL', open: () => openOnServer(serverUrl) }] : []),
]

async function openPGlite(): Promise<TestDatabase> {
  const database = await openDatabase({})
  return { database, openAnother: async () => database, close: () => database.close() }
}

/** `name` is ours and needs no quoting. */
async function administer(url: string, command: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(command)
  await client.end()
}

/** A new, empty database on the server that `url` names. */
export async function createDatabase(url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `legacy_api_${randomBytes(8).toString('hex')}`
  // A locale that sorts and lower-cases in its own way, as stores in the field have.
  await administer(
    url,
    `create database ${name} template template0 locale_provider icu icu_locale 'en-US' locale 'C.UTF-8'`,
  )
  const own = new URL(url)
  own.pathname = `/${name}`
  return { url: own.href, drop: () => administer(url, `drop database ${name} with (force)`) }
}

async function openOnServer(url: string): Promise<TestDatabase> {
  const own = await createDatabase(url)
  const opened: Database[] = []
  const open = async () => {
    const database = await openDatabase({ url: own.url })
    opened.push(database)
    return database
  }
  return {
    database: await open(),
    openAnother: open,
    close: async () => {
      await Promise.all(opened.map((database) => database.close()))
      await own.drop()
    },
  }
}
