import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { CommandError } from '../command.ts'
import { generator } from './page.ts'

/**
 * Whether a page may be written there; to be asked before the long work.
 *
 * @throws {CommandError} `file_not_writable` where there is no folder, or a file that is no page of ours.
 */
export function checkPageFile(cwd: string, file: string): void {
  const path = resolve(cwd, file)
  const folder = dirname(path)
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new CommandError('file_not_writable', `There is no folder for ${file}.`)
  }
  if (!existsSync(path)) return
  const isOurs = statSync(path).isFile() && readFileSync(path, 'utf8').includes(generator)
  if (isOurs) return
  const why = `${file} is there, and is no page of this command: remove it, or give another name.`
  throw new CommandError('file_not_writable', why)
}

/** Whole or not at all: whoever looks at it meanwhile sees the page before. */
export function writePage(cwd: string, file: string, page: string): void {
  const path = resolve(cwd, file)
  const draft = `${path}.${randomUUID()}`
  try {
    writeFileSync(draft, page)
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    const code = (cause as { readonly code?: unknown }).code
    const message = `${file} cannot be written (${String(code)}).`
    throw new CommandError('file_not_writable', message, { cause })
  }
}
