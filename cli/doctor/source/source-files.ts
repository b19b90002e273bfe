import { type Dirent, lstatSync, opendirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { CommandError } from '../../command.ts'

/** A file that may have something to find, or what cannot be looked into and why. */
export type SourceFile =
  | { readonly path: string; readonly name: string; readonly isForeign?: boolean }
  | { readonly path: string; readonly because: string }

/** There may be nothing to read in many folders: whoever waits is told of each. */
interface FolderDone {
  readonly folder: string
}

const skipped = new Set(['.git', '.hg', '.svn', 'node_modules'])
const wanted =
  /^(bower|package)\.json$|\.([cm]?[jt]s|[jt]sx|html?|vue|svelte|ejs|hbs|handlebars|mustache|njk|liquid|twig)$/i
/** Languages that applications are written in, and nothing here parses. */
const foreign =
  /\.(astro|aspx|clj|coffee|cs|cshtml|dart|erb|exs?|fs|go|groovy|jade|java|jsp|kts?|lua|mm?|php|phtml|p[lm]|ps1|pug|py|razor|rb|rs|scala|sh|swift|vb)$/i
/** Types only: nothing happens in them. */
const declarations = /\.d\.([cm]?ts|[\w-]+\.ts)$/i

/**
 * The files below folders, in a stable order. Links are not followed: what they lead to is read where
 * it is, once, and a loop of them is no loop. One that leads out of the folders is told of.
 *
 * @throws {CommandError} `command_line_invalid` for a folder that is not there.
 */
export function* sourceFiles(folders: readonly string[]): Generator<SourceFile | FolderDone> {
  const roots = folders.map(rootOf)
  for (const folder of folders) {
    if (lstatSync(folder).isFile()) yield { path: folder, name: folder }
    else yield* filesBelow(folder, roots)
  }
}

function rootOf(folder: string): string {
  try {
    return realpathSync(folder)
  } catch (cause) {
    const message = `There is no file or folder ${folder}.`
    throw new CommandError('command_line_invalid', message, { cause })
  }
}

function* filesBelow(folder: string, roots: readonly string[]): Generator<SourceFile | FolderDone> {
  const open: string[] = [folder]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entries = entriesOf(path)
    if (typeof entries === 'string') {
      yield { path, because: entries }
      continue
    }
    const folders: string[] = []
    for (const { name, type } of entries) {
      const inner = join(path, name)
      if (type === 'folder') folders.push(inner)
      else if (type === 'link') yield* linkOf(inner, name, roots)
      else yield { path: inner, name, ...(type === 'foreign' && { isForeign: true }) }
    }
    open.push(...folders.reverse())
    yield { folder: path }
  }
}

interface Entry {
  readonly name: string
  readonly type: 'file' | 'folder' | 'foreign' | 'link'
}

/** In the order of their names. One at a time: a folder may have a hundred thousand of no interest. */
function entriesOf(path: string): readonly Entry[] | string {
  try {
    const folder = opendirSync(path)
    const entries: Entry[] = []
    try {
      for (let one = folder.readSync(); one !== null; one = folder.readSync()) {
        const type = typeOf(one)
        if (type !== null) entries.push({ name: one.name, type })
      }
    } finally {
      folder.closeSync()
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    return `the folder cannot be read (${codeOf(error)})`
  }
}

function typeOf(entry: Dirent): Entry['type'] | null {
  if (skipped.has(entry.name)) return null
  if (entry.isDirectory()) return 'folder'
  if (entry.isSymbolicLink()) return 'link'
  if (!entry.isFile()) return null
  return isWanted(entry.name) ? 'file' : foreign.test(entry.name) ? 'foreign' : null
}

function isWanted(name: string): boolean {
  return wanted.test(name) && !declarations.test(name)
}

function* linkOf(path: string, name: string, roots: readonly string[]): Generator<SourceFile> {
  const target = targetOf(path)
  if (target === null || roots.some((root) => isBelow(target, root))) return
  // What a package manager links is as foreign as what it copies.
  if (target.split(sep).includes('node_modules')) return
  if (isWanted(name) || statSync(target).isDirectory()) {
    yield { path, because: 'it is a link out of the folders that were named' }
  }
}

/** Null for a link to nothing, or to itself. */
function targetOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
