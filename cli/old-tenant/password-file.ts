import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { openSqlite } from '../import/state/open-sqlite.ts'
import { packedLines } from './packed-lines.ts'

/** Hashes of passwords by the id of their user, on disk while an import is read. */
export interface PasswordFile {
  /** @param id Without `auth0|`. */
  hashOf(id: string): string | undefined
  close(): Promise<void>
}

/** Rows of one transaction: memory for so many, whatever the size of the file. */
const chunk = 5_000

/** What an import without hashes reads from. */
export const noPasswords: PasswordFile = { hashOf: () => undefined, close: async () => undefined }

/**
 * Reads the file of hashes that Auth0's support hands out: NDJSON, or that in gzip, of `_id`, `email`,
 * `connection`, `passwordHash`. It is joined by id, and never by address: an address may have gone to
 * somebody else since.
 *
 * @param path NDJSON as decrypted; the OpenPGP around it is the operator's to open.
 * @param connection Rows that name another are left out.
 * @param folder On a disk with room for as much as the file has.
 * @throws {CommandError} `source_unreadable`, `source_invalid`, naming a line and nothing that is in it.
 * @see https://auth0.com/docs/troubleshoot/customer-support/manage-subscriptions/export-data
 */
export async function openPasswordFile(
  path: string,
  connection: string,
  folder: string,
): Promise<PasswordFile> {
  const own = await mkdtemp(join(folder, '.import-')).catch((cause: NodeJS.ErrnoException) => {
    const message = `No file can be made in ${folder} (${cause.code}): name another folder with --temp.`
    throw new CommandError('setting_invalid', message, { cause })
  })
  const database = openSqlite(join(own, 'hashes'))
  const close = async () => {
    database.close()
    await rm(own, { recursive: true, force: true })
  }
  try {
    database.exec(
      'pragma journal_mode = off; pragma temp_store = memory; create table hashes (id text primary key, hash text) without rowid',
    )
    // Open it is, and without a name: nothing of it is left when this process is killed.
    await rm(own, { recursive: true, force: true }).catch(() => undefined)
    const insert = database.prepare('insert or replace into hashes (id, hash) values (?, ?)')
    await readInto(path, connection, {
      begin: () => database.exec('begin'),
      add: (id, hash) => insert.run(id, hash),
      commit: () => database.exec('commit'),
    })
    const select = database.prepare('select hash from hashes where id = ?')
    const hashOf = (id: string) => (select.get(id) as { readonly hash: string } | undefined)?.hash
    return { hashOf, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Table {
  begin(): void
  add(id: string, hash: string): void
  commit(): void
}

async function readInto(path: string, connection: string, table: Table) {
  let [lines, hashes] = [0, 0]
  table.begin()
  for await (const { line, text } of packedLines(path, '--passwords: the file')) {
    lines = line
    const row = rowOf(text, line)
    if (row.hash === null || (row.connection ?? connection) !== connection) continue
    table.add(row.id, row.hash)
    hashes += 1
    if (hashes % chunk !== 0) continue
    table.commit()
    table.begin()
  }
  table.commit()
  if (hashes > 0) return
  const message = `--passwords: none of its ${lines} lines has a hash of ${connection}.`
  throw new CommandError('source_invalid', message)
}

function rowOf(text: string, line: number) {
  const value = parse(text)
  if (!isObject(value)) throw invalid(line, 'is no JSON object')
  const { _id, connection, passwordHash } = value
  const id = isObject(_id) ? _id.$oid : _id
  if (typeof id !== 'string' || id === '') throw invalid(line, 'has no _id')
  const hash = typeof passwordHash === 'string' && passwordHash !== '' ? passwordHash : null
  const named = typeof connection === 'string' ? connection : undefined
  return { id: id.replace(/^auth0\|/, ''), hash, connection: named }
}

function invalid(line: number, what: string): CommandError {
  return new CommandError('source_invalid', `--passwords: line ${line} ${what}.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
