import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { NotChecked, Place } from '../finding.ts'
import type { Code, CodeKind } from './tenant-view.ts'

/** Bytes. Auth0 takes 100 kB of code: what is far beyond is no code of a tenant. */
const maxCodeBytes = 5_000_000

export interface CodeReader {
  read(kind: CodeKind, text: string, places: CodePlaces): Code | NotChecked
}

/** Where a path of code stands, and where code itself would begin: asked for where it is told. */
interface CodePlaces {
  readonly resource: string
  named(): Place
  written(): Place
}

/**
 * The code of an export: deploy-cli takes a path where there is such a file, else the text itself.
 *
 * @param folder What paths are relative to.
 * @param display How a file is called in a place.
 */
export function codeOfFiles(folder: string, display: (file: string) => string): CodeReader {
  return {
    read(kind, text, { resource, named, written }) {
      if (isCode(text)) return { kind, text, place: written() }
      const file = resolve(folder, text.replaceAll('\\', '/'))
      const unread = (because: string): NotChecked => ({
        type: 'not-checked',
        id: 'code',
        because,
        where: named(),
      })
      try {
        const { size, isFile } = factsOf(file)
        if (!isFile) return unread(`${display(file)} is no file`)
        if (size > maxCodeBytes) return unread(`${display(file)} is over 5 MB`)
        const place = { file: display(file), resource }
        return { kind, text: readFileSync(file, 'utf8'), place }
      } catch {
        return unread(`${display(file)} cannot be read`)
      }
    },
  }
}

/** A device has no end, and a pipe nobody may write to. */
export function factsOf(file: string): { readonly size: number; readonly isFile: boolean } {
  const facts = statSync(file)
  return { size: facts.size, isFile: facts.isFile() }
}

/** The Management API has the code itself. */
export const codeItself: CodeReader = {
  read: (kind, text, { written }) => ({ kind, text, place: written() }),
}

/** A path has one line, and neither braces, tags nor semicolons. */
function isCode(text: string): boolean {
  return /[\n;{}<]/.test(text)
}
