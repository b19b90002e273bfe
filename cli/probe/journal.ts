import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { readJournalLines } from '../journal-lines.ts'
import { isRunning } from '../running-process.ts'

const resourceKinds = [
  'action',
  'bindings',
  'client',
  'connection',
  'organization',
  'resource-server',
] as const

/** Something in the tenant that a run makes and has to remove. Users go with their connection. */
export interface Resource {
  readonly kind: (typeof resourceKinds)[number]
  /** Of bindings the trigger, of a resource server its identifier. */
  readonly name: string
}

/** What a run has made, kept on disk, so that a run that was killed can be cleaned up by the next. */
export interface Journal {
  /** What is to be removed still, in the order in which it was made. */
  readonly left: readonly Resource[]
  /** Notes what is about to be made: on disk before it is on the tenant. */
  note(resource: Resource): void
  /** Notes that it is gone. */
  strike(resource: Resource): void
  /** Removes the file when nothing is left. */
  close(): void
}

const fileName = '.migration-probe.jsonl'

/**
 * Opens the journal in a folder, one that an earlier run left included.
 *
 * @throws {CommandError} `unfinished_run` when it is of another tenant, or of a run under way.
 */
export function openJournal(folder: string, domain: string): Journal {
  const file = join(folder, fileName)
  const lines = existsSync(file) ? readJournalLines(readFileSync(file, 'utf8')) : []
  const [head] = lines
  if (head !== undefined) assertMine(head, domain)
  const left = new Map<string, Resource>()
  for (const line of lines) replay(left, line)
  const descriptor = openSync(file, 'a', 0o600)
  const write = (line: object) => {
    writeSync(descriptor, `${JSON.stringify(line)}\n`)
    fsyncSync(descriptor)
  }
  write({ domain, pid: process.pid })
  return {
    get left() {
      return [...left.values()]
    },
    note(resource) {
      write({ note: resource })
      left.set(keyOf(resource), resource)
    },
    strike(resource) {
      write({ strike: resource })
      left.delete(keyOf(resource))
    },
    close() {
      closeSync(descriptor)
      if (left.size === 0) rmSync(file, { force: true })
    },
  }
}

function assertMine(head: Readonly<Record<string, unknown>>, domain: string): void {
  if (head.domain !== domain) {
    const message = `${fileName} is of an unfinished run on ${head.domain}: probe that tenant first, and it is cleaned up.`
    throw new CommandError('unfinished_run', message)
  }
}

function replay(left: Map<string, Resource>, line: Readonly<Record<string, unknown>>): void {
  const { pid, note, strike } = line
  if (typeof pid === 'number' && pid !== process.pid && isRunning(pid)) {
    const message = `${fileName} is of a run under way, process ${pid}. If there is no such run, remove that line.`
    throw new CommandError('unfinished_run', message)
  }
  if (isResource(note)) left.set(keyOf(note), note)
  if (isResource(strike)) left.delete(keyOf(strike))
}

function isResource(value: unknown): value is Resource {
  return (
    isObject(value) &&
    typeof value.name === 'string' &&
    resourceKinds.some((kind) => kind === value.kind)
  )
}

function keyOf({ kind, name }: Resource): string {
  return `${kind} ${name}`
}
