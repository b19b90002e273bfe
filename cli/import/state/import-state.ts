import { type AssignmentRecords, assignmentRecords } from './assignment-records.ts'
import type { HolderOptions } from './holder.ts'
import { type JobRecords, jobRecords } from './job-records.ts'
import { type ImportIdentity, type OpenState, openState } from './open-state.ts'
import { type UserRecords, userRecords } from './user-records.ts'

/** In the folder of the project. Holds ids only, and is worth a line in .gitignore all the same. */
export const usualStateFile = 'migration-import.sqlite'

/** What is known of an import, through every end of the process that makes it. */
export interface ImportState {
  readonly jobs: JobRecords
  /** Asked for `SettledUsers` while files are packed. */
  readonly users: UserRecords
  readonly assignments: AssignmentRecords
  readonly identity: ImportIdentity
  close(): void
}

/**
 * Opens the state of an import, or begins it, for one source of users.
 *
 * @param sourceName What tells the source from others that are imported into the same state: its
 *   format and absolute path, say. Of the same one whoever failed is not sent again. Null where no
 *   source is imported.
 * @throws {CommandError} `state_invalid`, `state_in_use`.
 */
export function openImportState(
  path: string,
  identity: ImportIdentity,
  sourceName: string | null,
  options: HolderOptions,
): ImportState {
  const state = openState(path, identity, options)
  try {
    const source = sourceName === null ? 0 : sourceOf(state, sourceName)
    const jobs = jobRecords(state, source)
    const users = userRecords(state, source)
    return { jobs, users, assignments: assignmentRecords(state), identity, close: state.close }
  } catch (error) {
    state.close()
    throw error
  }
}

function sourceOf({ database, write }: OpenState, name: string): number {
  return write(() => {
    database.prepare('insert or ignore into sources (name) values (?)').run(name)
    const row = database.prepare('select source from sources where name = ?').get(name)
    return (row as { readonly source: number }).source
  })
}
