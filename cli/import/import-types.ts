/** Where a row stands in its source, so that it can be read again and named without its content. */
export interface SourcePlace {
  /** Counted from 1: a line of NDJSON, the last line of a CSV record, an element of an array. */
  readonly line: number
  /** Bytes of decompressed text before it. */
  readonly offset: number
  /** Its own bytes, without the line break or comma that ends it. */
  readonly bytes: number
}

/** A row as its source gave it, not parsed. */
export interface SourceRow {
  /** How `original` is written. */
  readonly format: SourceFormat
  /** The first line of a CSV source, without which a record says nothing. */
  readonly header?: string
  readonly original: string
}

/** A user in a job file. No e-mail address and no hash: this is what may be kept. */
export interface PackedUser extends SourcePlace {
  readonly legacyId: string
  /** As the job file has it: without `auth0|`. */
  readonly userId: string
  /** Bytes of the user's JSON in the job file. */
  readonly jsonBytes: number
}

/** One job for `POST /api/v2/jobs/users-imports`, ready to be sent. */
export interface JobFile {
  /** Counted from 1, in the order of the source. */
  readonly number: number
  /** A JSON array of one user or more, at most 500,000 bytes of UTF-8. */
  readonly body: Buffer
  /** In the order of the array. */
  readonly users: readonly PackedUser[]
  /** Gives the memory of `body` to a later file. To be called, once, by whoever will not send it again. */
  readonly release?: () => void
}

/** What Auth0 is to do with a user whom it has already. */
export type OnExisting = 'skip' | 'upsert'

/** How a source is written. `legacy-api` lines are NDJSON of the contract. */
export type SourceFormat =
  | 'auth0-export'
  | 'csv'
  | 'dead-letters'
  | 'json-array'
  | 'legacy-api'
  | 'ndjson'

/**
 * A row that was not imported, one line of the dead letters. Mended, the file is a source of its own
 * (`--format dead-letters`), which reads `original` and nothing else but how that is written.
 */
export interface DeadLetter extends SourceRow {
  /** Stable, snake_case: one of the checks, or what Auth0 said, in lower case. */
  readonly reason: string
  /** What to mend, in words. Names members, never their values. */
  readonly message: string
  /** Of the source it was read from. */
  readonly line: number
}

/** Writes dead letters, in the order in which they are found. Nothing is lost when it is killed but the last ones. */
export interface DeadLetters {
  add(letter: DeadLetter): Promise<void>
}

/**
 * Gives the original of a row that was read before: from the file itself, or from what was kept of a
 * stream. For users whom Auth0 refuses hours after they were packed.
 */
export interface Originals {
  read(place: SourcePlace): Promise<SourceRow>
}

/**
 * What the state knows of users of an import that was interrupted: they are not packed again. Asked
 * once a user, in the order of the source.
 */
export interface SettledUsers {
  has(userId: string): boolean
}

/**
 * The books of the first half: read = packed + settled + migrated + dead. `settled` were sent or
 * skipped by an earlier run on the same state; `migrated` have a mark in the legacy store.
 */
export interface PreparedCounts {
  readonly read: number
  readonly migrated: number
  readonly packed: number
  readonly settled: number
  readonly dead: number
  /** Dead letters by reason. */
  readonly reasons: Readonly<Record<string, number>>
}

/**
 * The first half, finished: every row of the source has been read, mapped and checked, and nothing
 * has been sent. `files` is read once; it packs as it is read, and holds one file at a time.
 */
export interface PreparedImport {
  /** That passed every check, those among them who are in `settled`. */
  readonly users: number
  /** Rows that did not, duplicates among them: `counts` has those when `files` has been read. */
  readonly dead: number
  readonly files: AsyncIterable<JobFile>
  readonly originals: Originals
  /** Whole when `files` has been read to its end. */
  counts(): PreparedCounts
  /** Removes what was kept on disk. */
  close(): Promise<void>
}
