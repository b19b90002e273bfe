import { isDeepStrictEqual } from 'node:util'
import { jsonBytes } from './json-value.ts'

export type MetadataKind = 'app_metadata' | 'user_metadata'

/** Top-level keys to be written at the end of the trigger; null deletes the key. */
export type MetadataChanges = Map<string, unknown>

// https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
const forbiddenInAppMetadata = new Set(
  `__tenant _id blocked clientID created_at email_verified email globalClientID global_client_id
  identities lastIP lastLogin loginsCount metadata multifactor_last_modified multifactor updated_at
  user_id`.split(/\s+/),
)
// https://auth0.com/docs/customize/actions/limitations: "each session", which is read as the whole login,
// since the page does not say that a redirect begins another (assumption `metadata-limit-spans-redirects`).
const maxBytes = 32_000

/** One of the two objects, as a trigger changes it. */
export interface PendingMetadata {
  readonly kind: MetadataKind
  readonly changes: MetadataChanges
  /** The user's metadata when the trigger began. */
  readonly stored: Readonly<Record<string, unknown>>
  /** Bytes that this login had written when it last stopped for the user. */
  readonly writtenBytes?: number
}

/**
 * Adds one key to what the trigger will write.
 *
 * @throws {TypeError} On a key that Auth0 refuses, at any depth, or when the changes exceed 32 kB.
 */
export function changeMetadata(
  { changes, kind, stored, writtenBytes = 0 }: PendingMetadata,
  key: string,
  value: unknown,
): void {
  refuseMetadata(kind, key, value)
  const before = changes.get(key)
  const had = changes.has(key)
  if (value !== null && Object.hasOwn(stored, key) && isDeepStrictEqual(stored[key], value)) {
    // https://support.auth0.com/center/s/article/setting-a-null-value-to-an-attribute-causes-management-api-to-execute-in-actions
    changes.delete(key)
    return
  }
  changes.set(key, value)
  if (writtenBytes + metadataBytes(changes) <= maxBytes) return
  if (had) changes.set(key, before)
  else changes.delete(key)
  throw new TypeError(`${kind} set by Actions exceeds ${maxBytes} bytes in this login`)
}

/** What the changes count for, of the 32 kB. */
export function metadataBytes(changes: MetadataChanges): number {
  return changes.size === 0 ? 0 : jsonBytes(Object.fromEntries(changes))
}

/** @throws {TypeError} On a key that Auth0 refuses, at any depth. */
export function refuseMetadata(kind: MetadataKind, key: string, value: unknown): void {
  if (kind === 'app_metadata' && forbiddenInAppMetadata.has(key)) {
    throw new TypeError(`Auth0 refuses the key ${key} in app_metadata`)
  }
  refuseFieldNames({ [key]: value }, kind)
}

/** What an Action that starts now finds in the user's metadata. */
export function metadataAfter(
  stored: Readonly<Record<string, unknown>>,
  changes: MetadataChanges,
): Readonly<Record<string, unknown>> {
  if (changes.size === 0) return stored
  const entries = new Map([...Object.entries(stored), ...changes])
  return Object.fromEntries([...entries].filter(([, value]) => value !== null))
}

function refuseFieldNames(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value) && /[.$]/.test(key)) {
      throw new TypeError(`${path}: Auth0 refuses the field name ${key}, which holds "." or "$"`)
    }
    refuseFieldNames(member, `${path}.${key}`)
  }
}
