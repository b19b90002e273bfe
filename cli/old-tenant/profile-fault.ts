import { movedKey } from '../../core/old-tenant-user.ts'
import { isPlainObject, type PlainObject } from '../../core/plain-object.ts'
import { fault, type RowFault } from '../import/checks/row-fault.ts'

/**
 * Why a profile of an old tenant could not be read as one user, in words for whoever has to mend it.
 *
 * @param row As the export has it.
 * @returns Null for what is no such profile, and where nobody knows.
 */
export function faultOfProfile({ app_metadata, identities, legacy_id }: PlainObject) {
  if (legacy_id !== undefined || !Array.isArray(identities)) return null
  return faultOfIdentities(identities) ?? faultOfNote(app_metadata)
}

function faultOfIdentities(identities: readonly unknown[]): RowFault | null {
  const databases = identities
    .filter(isPlainObject)
    .filter(({ provider }) => provider === 'auth0')
    .map(({ connection }) => connection)
  if (new Set(databases).size === databases.length) return null
  const message =
    'two accounts of one connection are linked to one another: nobody can say which is to move. Unlink them in the old tenant'
  return fault('accounts_ambiguous', message)
}

function faultOfNote(appMetadata: unknown): RowFault | null {
  const note = isPlainObject(appMetadata) ? appMetadata[movedKey] : undefined
  if (note === undefined || note === null) return null
  const { migrated_at } = isPlainObject(note) ? note : {}
  if (typeof migrated_at === 'string' && !Number.isNaN(Date.parse(migrated_at))) return null
  const message = `app_metadata.${movedKey} is not as the kit writes it: npx migration unmark takes it away`
  return fault('moved_note_invalid', message)
}
