import type { Json, JsonObject } from '../state.ts'

export type MetadataKind = 'app_metadata' | 'user_metadata'

/** https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data */
const forbidden = new Set([
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email',
  'email_verified',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor',
  'multifactor_last_modified',
  'updated_at',
  'user_id',
])

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @returns What Auth0 refuses in `metadata`, by the name of the key; null when it takes it. */
export function metadataProblem(kind: MetadataKind, metadata: unknown): string | null {
  if (!isObject(metadata)) return `${kind} must be an object`
  const name = Object.keys(metadata).find((key) => kind === 'app_metadata' && forbidden.has(key))
  if (name !== undefined) return `${kind} may not have a property named ${name}`
  const key = keyWithDotOrDollar(metadata)
  return key === null ? null : `${kind} has a key with a dot or a dollar sign: ${key}`
}

function keyWithDotOrDollar(value: Json | undefined): string | null {
  if (Array.isArray(value)) return first(value.map(keyWithDotOrDollar))
  if (!isObject(value)) return null
  const key = Object.keys(value).find((name) => /[.$]/.test(name))
  return key ?? first(Object.values(value).map(keyWithDotOrDollar))
}

function first(keys: readonly (string | null)[]): string | null {
  return keys.find((key) => key !== null) ?? null
}

/**
 * Merges first-level keys only; `null` deletes a key, `{}` clears all.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
 */
export function mergeMetadata(current: JsonObject, patch: JsonObject): JsonObject {
  if (Object.keys(patch).length === 0) return {}
  return Object.fromEntries(
    Object.entries({ ...current, ...patch }).filter(([, value]) => value !== null),
  )
}
