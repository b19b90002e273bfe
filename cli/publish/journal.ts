import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../auth0-tenant.ts'
import { readJournalLines } from '../journal-lines.ts'
import { onDisk } from './on-disk.ts'

/** Folder beside tenant.yaml, ignored by git. */
const stateFolder = '.migration'

/** A command that changes a tenant and keeps a journal. */
export type JournaledCommand = 'complete' | 'phase' | 'publish' | 'rollback' | 'undo'

/** One run of it. */
export interface RunIdentity {
  readonly id: string
  readonly command: JournaledCommand
  readonly domain: string
  /** ISO 8601. */
  readonly at: string
  readonly host: string
  readonly pid: number
  /** What it was to do, for whoever has to finish it: `lazy`, the run that is undone. */
  readonly detail?: string
  /** True: of a command with --old-tenant. */
  readonly isOldTenant?: boolean
}

/** A resource as it was before the run touched it, as the tenant shows it: without any secret. */
export interface Before {
  readonly kind:
    | 'action'
    | 'bindings'
    | 'client'
    | 'client-grant'
    | 'connection'
    | 'connection-clients'
    | 'record'
    | 'resource-server'
  /** Of bindings the trigger; of a resource server its identifier. */
  readonly name: string
  readonly id: string | null
  /** Null: there was none, so that the run has made it. */
  readonly state: unknown
}

/** What a run has noted so far. */
export interface JournaledRun {
  readonly run: RunIdentity
  readonly before: readonly Before[]
  /** Names of the steps that have begun: the last is where it stopped. */
  readonly steps: readonly string[]
  /** What the run was to make of a resource, by kind and name: a digest, to tell later changes apart. */
  readonly after: Readonly<Record<string, string>>
  /** How it ended; null: it was killed, or is under way. `undone`: by a later run. */
  readonly end: 'done' | 'failed' | 'undone' | null
  readonly file: string
}

/** Where a run notes what it does: on disk before it is on the tenant. */
export interface Journal {
  readonly file: string
  before(resource: Before): void
  step(name: string): void
  after(kind: Before['kind'], name: string, digest: string): void
  end(how: 'done' | 'failed'): void
  /** Of a run that has changed nothing: as if it had never been. */
  discard(): void
}

/** The folder of one tenant: `.migration/example.eu.auth0.com`. */
export function tenantFolder(root: string, domain: string): string {
  return join(root, stateFolder, domain.replaceAll(':', '_'))
}

/** @throws {CommandError} `file_not_writable`, as all that it gives does. */
export function openJournal(folder: string, run: RunIdentity): Journal {
  onDisk(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  const file = join(folder, `${run.at.replaceAll(/[:.]/g, '-')}-${run.id}.jsonl`)
  const write = (line: object) => append(file, line)
  write({ run })
  return {
    file,
    before: (resource) => write({ before: resource }),
    step: (step) => write({ step }),
    after: (kind, name, digest) => write({ after: `${kind} ${name}`, digest }),
    end: (end) => write({ end }),
    discard: () => rmSync(file, { force: true }),
  }
}

/** Notes in its journal that a run was undone. */
export function markUndone({ file }: JournaledRun): void {
  append(file, { end: 'undone' })
}

/** All runs whose journals are here, the oldest first. */
export function readJournals(folder: string): readonly JournaledRun[] {
  return filesIn(folder).flatMap((name) => {
    const file = join(folder, name)
    const run = runOf(file, readJournalLines(readFileSync(file, 'utf8')))
    return run === null ? [] : [run]
  })
}

/** The latest run when it did not end: it was killed, or failed half-way. */
export function unfinishedRun(runs: readonly JournaledRun[]): JournaledRun | null {
  const last = runs.at(-1)
  return last !== undefined && (last.end === null || last.end === 'failed') ? last : null
}

function append(file: string, line: object): void {
  onDisk(file, () => {
    const descriptor = openSync(file, 'a+', 0o600)
    try {
      // All of it or an error: a disk that fills up takes a part.
      const start = endsInTornLine(descriptor) ? '\n' : ''
      writeFileSync(descriptor, `${start}${JSON.stringify(line)}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  })
}

/** What is appended to it would be torn with it. */
function endsInTornLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== '\n'
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
  } catch {
    return []
  }
}

function runOf(
  file: string,
  lines: readonly Readonly<Record<string, unknown>>[],
): JournaledRun | null {
  // This program wrote them: their shape is taken on trust.
  const run = lines[0]?.run as RunIdentity | undefined
  if (run === undefined) return null
  const ends = lines.flatMap(({ end }) => (end === undefined ? [] : [end]))
  return {
    run,
    before: lines.flatMap(({ before }) => (isObject(before) ? [before as unknown as Before] : [])),
    steps: lines.flatMap(({ step }) => (typeof step === 'string' ? [step] : [])),
    after: Object.fromEntries(
      lines.flatMap(({ after, digest }) =>
        typeof after === 'string' ? [[after, String(digest)]] : [],
      ),
    ),
    end: (ends.at(-1) ?? null) as JournaledRun['end'],
    file,
  }
}
