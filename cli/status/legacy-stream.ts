import { isObject } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import type { LegacyOperator } from '../legacy-operator.ts'
import { pause } from '../pause.ts'

export interface StreamFilter {
  readonly migrated?: boolean
  readonly metadata?: 'complete' | 'not-found' | 'too-large'
}

/** In a row, without a single user in between. */
const mostFailures = 5
/** Milliseconds. */
const usualWait = 500
/** Characters. A profile of the contract has at most 256 kB: more is no line of users. */
const longestLine = 4_000_000

/**
 * The legacy ids of a filter, in the order of the store, each once. Nothing else of a user is kept, and
 * one line is in memory at a time. A stream that is cut off is gone on with where it was.
 *
 * @param firstWait Milliseconds before it is gone on with, each time without a user twice as long.
 * @throws {CommandError} `request_failed` when it cannot be had whole: nobody takes a part of it for
 *   everybody. `interrupted`.
 */
export async function* legacyIds(
  operator: Pick<LegacyOperator, 'read'>,
  filter: StreamFilter,
  { signal, progress }: Pick<CommandContext, 'progress' | 'signal'>,
  firstWait = usualWait,
): AsyncGenerator<string> {
  let seen = 0
  let after: string | undefined
  for (let failures = 0; failures < mostFailures; ) {
    if (failures > 0) await pause(firstWait * 2 ** (failures - 1), signal)
    failures += 1
    let received = 0
    for await (const lines of linesOf(operator, pathOf(filter, after), signal)) {
      for (const line of lines) {
        if (line.end === true) {
          if (line.count === received) return progress.end()
          throw broken(`its end line does not agree with the ${received} users before it`)
        }
        after = idAfter(line, after)
        received += 1
        failures = 0
        seen += 1
        yield after
      }
      progress.report({ what: 'read', done: seen, unit: 'users' })
    }
  }
  throw broken(`it was cut off ${mostFailures} times in a row`)
}

function idAfter(line: Line, after: string | undefined): string {
  const id = line.legacy_id
  if (typeof id !== 'string') throw broken('a line has no legacy_id')
  if (after !== undefined && !isBefore(after, id)) throw broken('it is not ordered by legacy_id')
  return id
}

function pathOf(filter: StreamFilter, after: string | undefined): string {
  const query = new URLSearchParams()
  if (filter.migrated !== undefined) query.set('migrated', String(filter.migrated))
  if (filter.metadata !== undefined) query.set('metadata', filter.metadata)
  if (after !== undefined) query.set('after', after)
  return `v1/users?${query}`
}

type Line = Readonly<Record<string, unknown>>

/** Whole lines, as they come, until the stream ends or is cut off. */
async function* linesOf(
  operator: Pick<LegacyOperator, 'read'>,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Line[]> {
  const response = await operator.read('export:legacy_users', path)
  if (response === null) return
  const decoder = new TextDecoder()
  let rest = ''
  const chunks = (response.body ?? []) as AsyncIterable<Uint8Array>
  for await (const chunk of untilCutOff(chunks, signal)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw broken('a line of it does not end')
    yield lines.filter((line) => line.trim() !== '').map(parsed)
  }
}

async function* untilCutOff(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = chunks[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await reader.next().catch(() => null)
      if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.')
      if (next === null || next.done === true) return
      yield next.value
    }
  } finally {
    await reader.return?.().catch(() => undefined)
  }
}

function parsed(line: string): Line {
  try {
    const value: unknown = JSON.parse(line)
    if (isObject(value)) return value
  } catch {
    // A line is a profile: it stands in no message.
  }
  throw broken('a line is not JSON')
}

/** Bytewise, as the contract orders them: JavaScript compares UTF-16. */
function isBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0
}

function broken(why: string): CommandError {
  const message = `The stream of users of the legacy API (GET /v1/users) cannot be used: ${why}.`
  return new CommandError('request_failed', message)
}
