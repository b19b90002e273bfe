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
// https://auth0.com/docs/customize/actions/limitations
const maxBytes = 32_000

/**
 * Adds one key to what the trigger will write.
 *
 * @param stored The user's metadata when the trigger began.
 * @throws {TypeError} On a key that Auth0 refuses, at any depth, or when the changes exceed 32 kB.
 */
export function changeMetadata(
  changes: MetadataChanges,
  kind: MetadataKind,
  stored: Readonly<Record<string, unknown>>,
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
  if (jsonBytes(Object.fromEntries(changes)) <= maxBytes) return
  if (had) changes.set(key, before)
  else changes.delete(key)
  throw new TypeError(`${kind} set by Actions exceeds ${maxBytes} bytes`)
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
