import type { Phase } from '../../core/phase.ts'
import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import type { RunIdentity } from './journal.ts'
import { type MigrationClient, readClient } from './migration-clients.ts'

/**
 * What the tenant itself remembers of publishing, in the `client_metadata` of the application `Legacy
 * Migration Actions`: whoever publishes next, from whatever machine, knows it. No secret is in it.
 */
export interface PublishRecord {
  readonly phase: Phase
  /** ISO 8601: when this phase began. */
  readonly since: string
  /** By Action, and `configuration` of the connection: see `digestSecrets`. */
  readonly digests: Readonly<Record<string, string>>
  /** The last publish that was proved: when, of which machine, and its run. Left out where nothing is known. */
  readonly published?: string
}

const phaseKey = 'migration_phase'
const sinceKey = 'migration_phase_since'
const digestsKey = 'migration_digests_'
const publishedKey = 'migration_published'
export const lockKey = 'migration_lock'

/** https://auth0.com/docs/get-started/applications/configure-application-metadata */
const longestValue = 255 // characters
const mostKeys = 10

/** @returns Null when there is none, or one that cannot be read: then everything is published anew. */
export function recordIn({ metadata }: Pick<MigrationClient, 'metadata'>): PublishRecord | null {
  const { [phaseKey]: phase, [sinceKey]: since = '', [publishedKey]: published } = metadata
  if (phase !== 'lazy' && phase !== 'off' && phase !== 'complete') return null
  if (Number.isNaN(Date.parse(since))) return null
  const record: PublishRecord = { phase, since, digests: digestsIn(metadata) }
  return published === undefined || published === nobody ? record : { ...record, published }
}

/**
 * Without `published` what is there of it stays.
 *
 * @throws {CommandError} `metadata_full` where others' keys leave no room.
 */
export async function writeRecord(
  tenant: Auth0Tenant,
  clientId: string,
  { phase, since, digests, published }: PublishRecord,
): Promise<void> {
  await changeMetadata(tenant, clientId, {
    [phaseKey]: phase,
    [sinceKey]: since,
    ...(published !== undefined && { [publishedKey]: published }),
    ...chunked(JSON.stringify(digests)),
  })
}

/** What is known of the last publish when it is taken back, and nobody knows of one before. */
export const nobody = 'nobody'

/** Fits the 255 characters of a metadata value. */
export function publishedBy({ at, host, id }: Pick<RunIdentity, 'at' | 'host' | 'id'>): string {
  return `${at} ${host.replaceAll(/\s/g, '-').slice(0, 120)} ${id}`
}

/**
 * Sets some keys and keeps all others. Every key is sent: the documentation does not say whether PATCH
 * merges this object or replaces it.
 */
export async function changeMetadata(
  tenant: Auth0Tenant,
  clientId: string,
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const { metadata } = await readClient(tenant, clientId)
  const client_metadata = { ...metadata, ...changes }
  if (Object.keys(client_metadata).length > mostKeys) {
    const message = `The application of the Actions has no room in its metadata: Auth0 allows ${mostKeys} keys, of which publishing takes ${Object.keys(changes).length}. Remove others there.`
    throw new CommandError('metadata_full', message)
  }
  const path = `clients/${encodeURIComponent(clientId)}`
  succeeded(await tenant.manage('PATCH', path, { client_metadata }), 'PATCH clients')
}

/**
 * Takes the record away, and the lock, from an application that is to be as if nothing had been published.
 * By null a key goes, whether PATCH merges this object or replaces it.
 */
export async function removeRecord(tenant: Auth0Tenant, clientId: string): Promise<void> {
  const { metadata } = await readClient(tenant, clientId)
  const entries = Object.entries(metadata).map(([key, value]) => [
    key,
    key.startsWith('migration_') ? null : value,
  ])
  const body = { client_metadata: Object.fromEntries(entries) }
  const path = `clients/${encodeURIComponent(clientId)}`
  succeeded(await tenant.manage('PATCH', path, body), 'PATCH clients')
}

/** `2/1:{…`: how many pieces there are, and which this one is. One left of a longer record is no part. */
function chunked(text: string): Readonly<Record<string, string>> {
  const size = longestValue - 8
  const count = Math.max(Math.ceil(text.length / size), 1)
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${digestsKey}${index + 1}`,
      `${count}/${index + 1}:${text.slice(index * size, (index + 1) * size)}`,
    ]),
  )
}

function digestsIn(metadata: MigrationClient['metadata']): Readonly<Record<string, string>> {
  const count = Number(/^(\d)\/1:/.exec(metadata[`${digestsKey}1`] ?? '')?.[1] ?? 0)
  const pieces = Array.from({ length: count }, (_, index) => {
    const [head = '', ...rest] = (metadata[`${digestsKey}${index + 1}`] ?? '').split(':')
    return head === `${count}/${index + 1}` ? rest.join(':') : ''
  })
  try {
    const value: unknown = JSON.parse(pieces.join(''))
    if (!isObject(value)) return {}
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, digest]) =>
        typeof digest === 'string' ? [[name, digest]] : [],
      ),
    )
  } catch {
    return {}
  }
}
