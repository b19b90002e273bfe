import { isPlainObject, type PlainObject } from './plain-object.ts'
import { stampKey } from './stamp.ts'

/**
 * Field names must not contain `.` or `$`, on any level; some names would reach a prototype when
 * somebody else's Action copies the metadata; and `setAppMetadata('')` is nothing that is documented.
 */
const unstorableKey = /[.$]|^(|__proto__|constructor|prototype)$/

/**
 * The same, and the names that Auth0 refuses at the top of app_metadata, where they would be merged
 * over root fields of the profile. Last our own: what the kit remembers comes from the kit alone. One
 * pattern, since it is read at the cold start of every instance.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
 */
const unstorableAppKey =
  /[.$]|^(|__proto__|constructor|prototype|__tenant|_id|blocked|clientID|created_at|email(_verified)?|global(ClientID|_client_id)|identities|lastIP|lastLogin|loginsCount|metadata|multifactor(_last_modified)?|updated_at|user_id|legacy_migration)$/

/** Levels of nesting. Deeper is not metadata but an attack on whoever walks it. */
const maxDepth = 64

/**
 * The part of the legacy store's app_metadata that Auth0 can hold. Our own key is left out: what the
 * kit remembers comes from the kit alone.
 *
 * @returns null when it is nested deeper than any metadata is.
 */
export function cleanAppMetadata(metadata: PlainObject): PlainObject | null {
  return cleanTop(metadata, unstorableAppKey)
}

/** The part of the legacy store's user_metadata that Auth0 can hold; null as for app_metadata. */
export function cleanUserMetadata(metadata: PlainObject): PlainObject | null {
  return cleanTop(metadata, unstorableKey)
}

/** True for app_metadata of which nothing has to go: `cleanAppMetadata` would only copy it. */
export function isStorableAppMetadata(metadata: PlainObject): boolean {
  return isStorable(metadata, unstorableAppKey, maxDepth)
}

/** The same for user_metadata. */
export function isStorableUserMetadata(metadata: PlainObject): boolean {
  return isStorable(metadata, unstorableKey, maxDepth)
}

function isStorable(value: unknown, unstorable: RegExp, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  if (Array.isArray(value)) {
    return value.every((member) => isStorable(member, unstorableKey, levels - 1))
  }
  const object = value as PlainObject
  for (const key of Object.keys(object)) {
    if (unstorable.test(key) || !isStorable(object[key], unstorableKey, levels - 1)) return false
  }
  return true
}

function cleanTop(metadata: PlainObject, unstorable: RegExp): PlainObject | null {
  return isDeeperThan(metadata, maxDepth) ? null : cleanObject(metadata, unstorable)
}

function cleanObject(object: PlainObject, unstorable: RegExp): PlainObject {
  const clean: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(object)) {
    if (!unstorable.test(key)) clean[key] = cleanValue(value)
  }
  return clean
}

function cleanValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanValue)
  return isPlainObject(value) ? cleanObject(value, unstorableKey) : value
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1))
}

/**
 * What `present` lacks of `legacy`: its absent keys, and absent keys of its plain objects. Arrays and
 * scalars are whole: what is there stays, whatever it is.
 *
 * @returns Top-level keys to set, each with its whole new value, as Auth0 writes metadata. No key
 *   when nothing is missing.
 */
export function absentFrom(present: PlainObject, legacy: PlainObject): PlainObject {
  const changes: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(legacy)) {
    // Not `present[key]`: a key such as `toString` is always there, and nobody's.
    if (!Object.hasOwn(present, key)) {
      // To Auth0 a null at the top means: take the key away.
      if (value !== null) changes[key] = value
      continue
    }
    const filled = fill(present[key], value)
    if (filled !== present[key]) changes[key] = filled
  }
  return changes
}

function fill(kept: unknown, value: unknown): unknown {
  if (!isPlainObject(kept) || !isPlainObject(value)) return kept
  const changes = absentFrom(kept, value)
  return Object.keys(changes).length === 0 ? kept : { ...kept, ...changes }
}

/** True for metadata that says nothing: absent, empty, or nothing but our stamp. */
export function isBlank(metadata: PlainObject | undefined): boolean {
  return Object.keys(metadata ?? {}).every((key) => key === stampKey)
}
