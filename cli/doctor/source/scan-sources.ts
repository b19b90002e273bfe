import { sep } from 'node:path'
import type { NotChecked, Outcome, ScanProgress } from '../finding.ts'
import { inspectFile } from './inspect-file.ts'
import { createReader } from './read-text.ts'
import { type SourceFile, sourceFiles } from './source-files.ts'

/**
 * Reads JavaScript, TypeScript, pages and manifests below folders, one file at a time: the memory
 * it takes does not grow with their number. Says how far it is after each file and each folder.
 *
 * @throws {CommandError} `command_line_invalid` for a folder that is not there.
 */
export function* scanSources(folders: readonly string[]): Generator<Outcome | ScanProgress> {
  const read = createReader()
  let files = 0
  for (const file of sourceFiles(folders)) {
    if ('path' in file) {
      files += 1
      yield* outcomesOf(file, read)
    }
    yield { type: 'progress', step: { what: 'scanned', done: files, unit: 'files' } }
  }
  if (files > 0) return
  const because = 'no file is JavaScript, TypeScript, a page or a manifest'
  for (const path of folders) yield notChecked({ path, because })
}

function outcomesOf(file: SourceFile, read: ReturnType<typeof createReader>): readonly Outcome[] {
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
