import { sep } from 'node:path'
import type { NotChecked, Outcome, ScanProgress } from '../finding.ts'
import type { Code } from './code/code.ts'
import { type ConstantTable, createConstantTable } from './constant-table.ts'
import { exportedConstants } from './exported-constants.ts'
import { inspectFile } from './inspect-file.ts'
import { createReader, words } from './read-text.ts'
import { type SourceFile, sourceFiles } from './source-files.ts'

/**
 * Reads JavaScript, TypeScript, pages and manifests below folders, one file at a time: the memory
 * it takes does not grow with their number. Says how far it is after each file and each folder.
 *
 * Where a file exports a text that a check looks for, all are gone through again: others may import it.
 *
 * @throws {CommandError} `command_line_invalid` for a folder that is not there.
 */
export function* scanSources(folders: readonly string[]): Generator<Outcome | ScanProgress> {
  const read = createReader()
  const table = createConstantTable()
  let files = 0
  for (const file of sourceFiles(folders)) {
    if ('path' in file) {
      const isForeign = 'isForeign' in file
      files += isForeign ? 0 : 1
      yield* isForeign ? foreignOutcomes(file, read) : outcomesOf(file, read, table)
    }
    yield { type: 'progress', step: { what: 'scanned', done: files, unit: 'files' } }
  }
  const mention = table.mention()
  if (mention !== null) yield* followed(folders, read, table, mention)
  const [first = ''] = folders
  if (!table.whole) yield notChecked({ path: first, because: tooMany })
  if (files > 0) return
  const because = 'no file is JavaScript, TypeScript, a page or a manifest'
  for (const path of folders) yield notChecked({ path, because })
}

const tooMany = 'too many files export constants for all to be followed'

type Reader = ReturnType<typeof createReader>

function outcomesOf(file: SourceFile, read: Reader, table: ConstantTable): readonly Outcome[] {
  if ('because' in file) return [notChecked(file)]
  const found = read(file.path)
  if (found === null) return []
  if ('because' in found) return [notChecked({ path: file.path, because: found.because })]
  const onCode = (code: Code) => table.add(file.path, exportedConstants(code, words))
  return inspectFile(file.name, found.text, { file: posix(file.path) }, { onCode })
}

/** What code of another language says by its words alone is no finding, and no pass. */
const namesAuth0 = /auth0|dbconnections|oauth\/ro|tokeninfo/i

function foreignOutcomes({ path }: { readonly path: string }, read: Reader): readonly Outcome[] {
  const found = read(path, namesAuth0)
  if (found === null) return []
  const because = 'it names Auth0, and is of a language that is not read'
  return [notChecked({ path, because: 'because' in found ? found.because : because })]
}

/** What cannot be read was told the first time. */
function* followed(
  folders: readonly string[],
  read: Reader,
  table: ConstantTable,
  mention: RegExp,
): Generator<Outcome | ScanProgress> {
  let files = 0
  for (const file of sourceFiles(folders)) {
    if ('name' in file && file.isForeign !== true) {
      files += 1
      const found = read(file.path, mention)
      if (found !== null && 'text' in found) {
        yield* importedFindings(table, file, found.text)
      }
    }
    yield { type: 'progress', step: { what: 'followed imports in', done: files, unit: 'files' } }
  }
}

/** What is found in a file by what it imports, and is not without; and what cannot be. */
function importedFindings(
  table: ConstantTable,
  { path, name }: { readonly path: string; readonly name: string },
  text: string,
): readonly Outcome[] {
  const place = { file: posix(path) }
  const imported = table.importsOf(path)
  const handedOn: NotChecked[] = []
  const onCode = ({ tree }: Code) => {
    for (const from of handedOnFrom(tree)) {
      const because = `it hands on what ${from} exports, which is not followed`
      if (imported(from) !== null) handedOn.push(notChecked({ path, because }))
    }
  }
  const alone = new Set(inspectFile(name, text, place).map(keyOf))
  const found = inspectFile(name, text, place, { imported, onCode }).flatMap((one) =>
    one.type === 'finding' && !alone.has(keyOf(one)) ? [one] : [],
  )
  return [...found, ...handedOn]
}

/** `export … from 'x'`: an import of this file is one of x. */
function handedOnFrom({ nodes }: Code['tree']): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.type !== 'ExportAllDeclaration' && node.type !== 'ExportNamedDeclaration') return []
    return node.source === null ? [] : [node.source.value]
  })
}

function keyOf(one: Outcome): string {
  const { line, column } = one.where
  return one.type === 'finding' ? [one.kind.id, line, column, one.what].join('|') : ''
}

function notChecked({ path, because }: { path: string; because: string }): NotChecked {
  return { type: 'not-checked', id: 'source', because, where: { file: posix(path) } }
}

function posix(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/')
}
