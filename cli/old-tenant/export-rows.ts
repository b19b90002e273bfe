import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { OldTenantConfig } from '../../core/migration-config.ts'
import { oldTenantUser } from '../../core/old-tenant-user.ts'
import { isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'

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
export function exportRows(file: string, options: ExportRowsOptions): Readable {
  return Readable.from(rowsOf(file, options), { objectMode: false })
}

async function* rowsOf(file: string, options: ExportRowsOptions): AsyncGenerator<Buffer> {
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
  file: string,
  connection: string,
): AsyncGenerator<ExportedUser> {
  let [users, ours] = [0, 0]
  for await (const line of linesOf(file)) {
    users += 1
    const profile = parse(line, users)
    if (!hasIdentity(profile, connection)) continue
    ours += 1
    yield { line, profile }
  }
  if (ours > 0 || users === 0) return
  const message = `The old tenant has ${users} users, and none of them in ${connection}: is OLD_TENANT_CONNECTION right? Nothing was sent.`
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

async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const input = createGunzip()
  source.on('error', (error) => input.destroy(error))
  source.pipe(input)
  let broken = false
  // readline ends quietly where its input fails.
  input.on('error', () => {
    broken = true
  })
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield line
  }
  if (!broken) return
  const message =
    'The export of the old tenant cannot be unpacked: it is cut off. Nothing was sent.'
  throw new CommandError('source_cut_off', message)
}

function parse(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    if (isObject(value)) return value
  } catch {
    // A line is a profile: it stands in no message.
  }
  const message = `Line ${number} of the export of the old tenant is no JSON object. Nothing was sent.`
  throw new CommandError('source_invalid', message)
}
