import { sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { NotChecked, Outcome, ScanProgress } from '../finding.ts'
import { inspectFile } from './inspect-file.ts'
import { createReader } from './read-text.ts'
import { sourceFiles } from './source-files.ts'

interface ScanOptions {
  /** Ends the scan between two files. */
  readonly signal?: AbortSignal
}

/** Files between two messages, and between two looks at what else there is to do. */
const stretch = 200

/**
 * Reads JavaScript, TypeScript, pages and manifests below folders, one file at a time: the memory
 * it takes does not grow with their number. Says how far it is, and at the end how many there were.
 *
 * @throws {CommandError} `command_line_invalid` for a folder that is not there.
 */
export async function* scanSources(
  folders: readonly string[],
  { signal }: ScanOptions = {},
): AsyncGenerator<Outcome | ScanProgress> {
  const read = createReader()
  let files = 0
  for (const file of sourceFiles(folders)) {
    files += 1
    if (files % stretch === 0) {
      yield { type: 'progress', files }
      await setImmediate()
      signal?.throwIfAborted()
    }
    yield* outcomesOf(file, read)
  }
  yield { type: 'progress', files }
}

function outcomesOf(
  file: Parameters<typeof notChecked>[0] | { readonly path: string; readonly name: string },
  read: ReturnType<typeof createReader>,
): readonly Outcome[] {
  if ('because' in file) return [notChecked(file)]
  const found = read(file.path)
  if (found === null) return []
  if ('because' in found) return [notChecked({ path: file.path, because: found.because })]
  return inspectFile(file.name, found.text, { file: posix(file.path) })
}

function notChecked({ path, because }: { path: string; because: string }): NotChecked {
  return { type: 'not-checked', id: 'source', because, where: { file: posix(path) } }
}

function posix(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/')
}
