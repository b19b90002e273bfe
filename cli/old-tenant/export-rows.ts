import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { OldTenantConfig } from '../../core/migration-config.ts'
import { oldTenantUser } from '../../core/old-tenant-user.ts'
import { isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { packedLines } from './packed-lines.ts'

const fileName = 'The export of the old tenant'

export interface ExportRowsOptions {
  /** Name of the connection whose users come along. */
  readonly connection: string
  readonly carried: OldTenantConfig
  /** Hash of a password by the id behind `auth0|`; undefined where there is none. */
  readonly hashOf: (id: string) => string | undefined
}

/**
 * The users of one connection in a downloaded export, a line each, as a legacy API would send them: by
 * the mapper that login, get_user and backfill have, so that an id is the same however a user came.
 *
 * @param file NDJSON, gzip.
 * @throws {CommandError} On the stream: `source_cut_off`, `source_invalid`, `old_tenant_unfit`.
 */
export function exportRows(file: FileHandle, options: ExportRowsOptions): Readable {
  return Readable.from(rowsOf(file, options), { objectMode: false })
}

async function* rowsOf(file: FileHandle, options: ExportRowsOptions): AsyncGenerator<Buffer> {
  for await (const { line, profile } of exportedUsers(file, options.connection)) {
    yield Buffer.from(`${rowOf(profile, options) ?? line}\n`)
  }
}

interface ExportedUser {
  readonly line: string
  readonly profile: Readonly<Record<string, unknown>>
}

/**
 * The users of one connection, as the export has them.
 *
 * @throws {CommandError} As `exportRows`.
 */
export async function* exportedUsers(
  file: FileHandle,
  connection: string,
): AsyncGenerator<ExportedUser> {
  let [users, ours] = [0, 0]
  for await (const { text: line, line: number } of packedLines(file, fileName)) {
    users += 1
    const profile = parse(line, number)
    if (!hasIdentity(profile, connection)) continue
    ours += 1
    yield { line, profile }
  }
  if (ours > 0 || users === 0) return
  const message = `None of the ${users} users of the old tenant is in ${connection}: is OLD_TENANT_CONNECTION right? Nothing was sent.`
  throw new CommandError('old_tenant_unfit', message)
}

/** @returns Null for somebody who cannot be read as one user: the line is a dead letter then. */
function rowOf(
  profile: Readonly<Record<string, unknown>>,
  { carried, connection, hashOf }: ExportRowsOptions,
): string | null {
  const user = oldTenantUser(profile, { connection })
  if (user === null) return null
  const hash = hashOf(user.legacy_id)
  return JSON.stringify({
    ...user,
    app_metadata: picked(user.app_metadata, carried.appMetadata),
    user_metadata: picked(user.user_metadata, carried.userMetadata),
    ...(hash !== undefined && { password_hash: hash }),
  })
}

function picked(
  metadata: Readonly<Record<string, unknown>>,
  keys: 'all' | readonly string[],
): Readonly<Record<string, unknown>> {
  if (keys === 'all') return metadata
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => keys.includes(key)))
}

function hasIdentity({ identities }: Readonly<Record<string, unknown>>, connection: string) {
  const list: readonly unknown[] = Array.isArray(identities) ? identities : []
  return list.some(
    (one) => isObject(one) && one.provider === 'auth0' && one.connection === connection,
  )
}

function parse(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    if (isObject(value)) return value
  } catch {
    // A line is a profile: it stands in no message.
  }
  const message = `${fileName} has a line that is no JSON object (${number}). Nothing was sent.`
  throw new CommandError('source_invalid', message)
}
