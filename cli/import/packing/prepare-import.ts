import { openDuplicateFinder } from '../checks/duplicates.ts'
import type { Seed } from '../checks/row-keys.ts'
import type { DeadLetters, PreparedCounts, PreparedImport, SettledUsers } from '../import-types.ts'
import type { RowRules } from '../mapping/row-rules.ts'
import type { Source } from '../sources/source.ts'
import { openBooks } from './books.ts'
import { type ChangeUser, packUsers } from './pack-users.ts'
import { startPreparer } from './preparer.ts'
import { readSource } from './read-source.ts'
import { openUserSpool } from './user-spool.ts'

export interface PrepareOptions {
  readonly source: Source
  readonly rules: RowRules
  /** What `bundlePrepareThread` gives. */
  readonly threadProgram: string
  /** Drawn anew for each run. */
  readonly seed: Seed
  readonly settled: SettledUsers
  readonly deadLetters: DeadLetters
  /** On a disk with room for twice the source. */
  readonly folder: string
  readonly signal: AbortSignal
  /** Told again and again while the source is read. */
  readonly onRead?: (counts: PreparedCounts) => void
  readonly change?: ChangeUser
  /** What `keepHeapSmall` gives. */
  readonly tidy?: () => void
}

/**
 * Reads the source to its end, maps and checks every row, and finds those who share an id, an address
 * or a username: the first job can be sent when all of that is known.
 *
 * @throws {CommandError} Nothing has been sent then, and nothing is left on disk.
 */
export async function prepareImport(options: PrepareOptions): Promise<PreparedImport> {
  const { source, rules, folder, signal, onRead, tidy = () => {} } = options
  const { originals } = source
  const books = openBooks(options.deadLetters, originals)
  const spool = await openUserSpool(folder)
  const finder = await openDuplicateFinder(folder)
  const preparer = startPreparer(options.threadProgram, rules, options.seed)
  try {
    const destination = { books, spool, duplicates: finder }
    await readSource(source, preparer, destination, {
      signal,
      onRead: () => {
        tidy()
        onRead?.(books.counts())
      },
    })
    await preparer.close()
    const duplicates = await finder.find(signal)
    const { idPrefix } = rules.profile
    const { change, settled } = options
    return {
      users: spool.users - duplicates.rows,
      dead: books.counts().dead + duplicates.rows,
      files: packUsers({ spool, duplicates, books, settled, idPrefix, change, signal, tidy }),
      originals,
      counts: books.counts,
      close: () => spool.close(),
    }
  } catch (error) {
    await spool.close()
    throw error
  } finally {
    await preparer.close()
    await finder.close()
  }
}
