import { movedKey } from '../../core/old-tenant-user.ts'
import { isObject } from '../auth0-tenant.ts'

/** An account of the connection, and whether it has moved. */
export interface OldAccount {
  /** Without `auth0|`. */
  readonly legacyId: string
  /** Null while nothing that can be read says so. */
  readonly moved: Moved | null
}

interface Moved {
  /** ISO 8601, with the day first. */
  readonly at: string
  readonly metadata: 'complete' | 'not-found' | 'too-large'
}

/**
 * The accounts of one connection in a profile: nearly always one. Two of them share one note, which is
 * about one: the other one is left, and somebody has to see to it.
 */
export function accountsIn(
  profile: Readonly<Record<string, unknown>>,
  connection: string,
): readonly OldAccount[] {
  const { app_metadata } = profile
  const note = isObject(app_metadata) ? app_metadata[movedKey] : undefined
  const moved = movedIn(note)
  const ids = databaseIds(profile, connection)
  const noted = ids.length === 1 ? ids[0] : ids.find((id) => isAbout(note, id))
  return ids.map((legacyId) => ({
    legacyId,
    moved: legacyId === (noted ?? ids[0]) ? moved : null,
  }))
}

/** Ids of the identities that a database gave, without `auth0|`. */
export function databaseIds(
  { identities }: Readonly<Record<string, unknown>>,
  connection: string,
): readonly string[] {
  const list: readonly unknown[] = Array.isArray(identities) ? identities : []
  return list.flatMap((one) => {
    if (!isObject(one) || one.provider !== 'auth0' || one.connection !== connection) return []
    return typeof one.user_id === 'string' ? [one.user_id] : []
  })
}

/**
 * A note that somebody has spoilt lets nobody in, and so moved nobody. One that does not say how the
 * metadata fared does not say that they came.
 */
function movedIn(note: unknown): Moved | null {
  if (!isObject(note) || typeof note.migrated_at !== 'string') return null
  const time = Date.parse(note.migrated_at)
  if (Number.isNaN(time)) return null
  const { metadata } = note
  const isKnown = metadata === 'complete' || metadata === 'too-large'
  return { at: new Date(time).toISOString(), metadata: isKnown ? metadata : 'not-found' }
}

/** Whatever the prefix is that ids have in the new tenant. */
function isAbout(note: unknown, id: string): boolean {
  return isObject(note) && typeof note.auth0_user_id === 'string' && note.auth0_user_id.endsWith(id)
}
