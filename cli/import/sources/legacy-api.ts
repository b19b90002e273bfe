import { Readable } from 'node:stream'
import { isObject } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'
import type { LegacyOperator } from '../../legacy-operator.ts'
import { pause } from '../../pause.ts'

/** In a row, without a single user in between. */
const mostFailures = 5
/** Milliseconds. */
const usualWait = 500
const lineFeed = 0x0a

/** Where a stream has got to. */
interface Reached {
  after: string | undefined
  failures: number
}

/**
 * The users of the legacy API that are not marked yet, as its lines are, without the end line. A stream
 * that is cut off is gone on with behind the last whole line.
 *
 * @throws {CommandError} On the stream: `source_cut_off` when it cannot be had whole; `interrupted`.
 */
export function legacyApiLines(
  operator: Pick<LegacyOperator, 'read'>,
  signal: AbortSignal,
  firstWait = usualWait,
): Readable {
  return Readable.from(allLines(operator, signal, firstWait), { objectMode: false })
}

async function* allLines(
  operator: Pick<LegacyOperator, 'read'>,
  signal: AbortSignal,
  firstWait: number,
): AsyncGenerator<Buffer> {
  const reached: Reached = { after: undefined, failures: 0 }
  while (reached.failures < mostFailures) {
    if (reached.failures > 0) await pause(firstWait * 2 ** (reached.failures - 1), signal)
    reached.failures += 1
    if (yield* oneStream(operator, reached, signal)) return
  }
  throw cutOff(`was cut off ${mostFailures} times in a row`)
}

/** @returns True when it came to its end. */
async function* oneStream(
  operator: Pick<LegacyOperator, 'read'>,
  reached: Reached,
  signal: AbortSignal,
): AsyncGenerator<Buffer, boolean> {
  const query = new URLSearchParams({ migrated: 'false' })
  if (reached.after !== undefined) query.set('after', reached.after)
  const response = await operator.read('export:legacy_users', `v1/users?${query}`)
  let received = 0
  for await (const lines of wholeLines(response?.body ?? null, signal)) {
    const lastStart = lines.lastIndexOf(lineFeed, lines.length - 2) + 1
    const last = parsed(lines.subarray(lastStart))
    const isEnd = last.end === true
    const users = isEnd ? lines.subarray(0, lastStart) : lines
    received += countLines(users)
    if (isEnd && last.count !== received)
      throw cutOff('has an end line that does not agree with it')
    if (users.length > 0) {
      reached.after = isEnd ? undefined : idOf(last)
      reached.failures = 0
      yield users
    }
    if (isEnd) return true
  }
  return false
}

/** Pieces that end where a line does. What is behind the last line break when it is cut off is dropped. */
async function* wholeLines(
  body: AsyncIterable<Uint8Array> | null,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  if (body === null) return
  const reader = body[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)
  try {
    for (;;) {
      const next = await reader.next().catch(() => null)
      if (signal.aborted) throw new CommandError('interrupted', 'Interrupted. Nothing was sent.')
      if (next === null || next.done === true) return
      const bytes = Buffer.concat([rest, next.value])
      const end = bytes.lastIndexOf(lineFeed) + 1
      rest = bytes.subarray(end)
      if (end > 0) yield bytes.subarray(0, end)
    }
  } finally {
    await reader.return?.().catch(() => undefined)
  }
}

function parsed(line: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    if (isObject(value)) return value
  } catch {
    // A line is a profile: it stands in no message.
  }
  throw cutOff('has a line that is not JSON')
}

function idOf({ legacy_id: id }: Readonly<Record<string, unknown>>): string {
  if (typeof id === 'string') return id
  throw cutOff('has a line without legacy_id')
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count += 1
  return count
}

function cutOff(why: string): CommandError {
  const message = `The stream of the legacy API (GET /v1/users) ${why}. Nothing was sent.`
  return new CommandError('source_cut_off', message)
}
