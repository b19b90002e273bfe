import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Outcome } from '../finding.ts'
import { migrationNamed } from '../migrations/find-migration.ts'
import { display } from '../tenant/display.ts'

/**
 * Bytes. Auth0 says 10KB; read as decimal, the smaller. What it measures has fields that an export does
 * not show, so that a profile just below may be over: hence the second number.
 * https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-oversized-user-profiles
 */
const limit = 10_000
const near = 8_000
/** Bytes: the “extended allowance”, about ten times the limit. */
const allowance = 100_000

/** Characters. A profile is far from it; a file without line ends would be held whole. */
const longestLine = 5_000_000

interface Sizes {
  users: number
  near: number
  over: number
  beyond: number
  largest: number
  unreadable: number
  /** Of the first that is over: no e-mail address leaves the file, a line number may. */
  firstLine: number | undefined
}

/**
 * Counts the profiles near 10 KB and above in an export of users: NDJSON, as a job of Auth0 makes it,
 * also gzipped. Reads it line by line: a million users take no more memory than one.
 *
 * @param report Called with the number of users read so far, now and then.
 * @throws The errors of the file system and of gzip.
 */
export async function checkProfileSizes(
  file: string,
  report: (users: number) => void,
  signal?: AbortSignal,
): Promise<readonly Outcome[]> {
  const sizes: Sizes = {
    users: 0,
    near: 0,
    over: 0,
    beyond: 0,
    largest: 0,
    unreadable: 0,
    firstLine: undefined,
  }
  let line = 0
  for await (const text of linesOf(file)) {
    line += 1
    count(sizes, text, line)
    if (line % 1_000 !== 0) continue
    report(sizes.users)
    signal?.throwIfAborted()
  }
  report(sizes.users)
  return outcomesOf(display(file), sizes)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const text of textOf(file)) {
    const [first = '', ...lines] = text.split('\n')
    const last = lines.pop()
    // A line that is cut off is no JSON, and is counted as such.
    if (rest.length < longestLine) rest += first
    if (last === undefined) continue
    yield rest
    yield* lines
    rest = last
  }
  yield rest
}

/** An error of the file is one of what is unzipped from it. */
function textOf(file: string): AsyncIterable<string> {
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes.setEncoding('utf8')
  return pipeline(bytes, createGunzip(), () => {}).setEncoding('utf8')
}

function count(sizes: Sizes, text: string, line: number): void {
  if (text.trim() === '') return
  const bytes = bytesOf(text)
  if (bytes === null) {
    sizes.unreadable += 1
    return
  }
  sizes.users += 1
  sizes.largest = Math.max(sizes.largest, bytes)
  if (bytes > allowance) sizes.beyond += 1
  if (bytes > limit) {
    sizes.over += 1
    sizes.firstLine ??= line
  } else if (bytes > near) sizes.near += 1
}

/** Of a profile as Auth0 would send it; null for what is no profile. */
function bytesOf(text: string): number | null {
  try {
    const profile: unknown = JSON.parse(text)
    if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) return null
    return Buffer.byteLength(JSON.stringify(profile))
  } catch {
    return null
  }
}

function outcomesOf(file: string, sizes: Sizes): readonly Outcome[] {
  const kind = migrationNamed('uncapped-user-profiles')
  const outcomes: Outcome[] = []
  const { users, over, beyond, near: close, largest, unreadable, firstLine } = sizes
  if (over > 0) {
    const what = `${over} of ${users} profiles are over 10 KB, ${beyond} of them over 100 KB; the largest has ${largest} bytes.`
    const where = { file, ...(firstLine !== undefined && { line: firstLine, column: 1 }) }
    outcomes.push({ type: 'finding', kind, what, where })
  }
  if (close > 0) {
    const what = `${close} of ${users} profiles are between 8 and 10 KB.`
    outcomes.push({ type: 'finding', kind, what, where: { file }, severity: 'note' })
  }
  if (unreadable > 0 || users === 0) {
    const because = users === 0 ? 'no line of it is a profile' : noJson(unreadable)
    outcomes.push({ type: 'not-checked', id: kind.id, because, where: { file } })
  }
  return outcomes
}

function noJson(lines: number): string {
  return lines === 1 ? '1 line is no profile' : `${lines} lines are no profiles`
}
