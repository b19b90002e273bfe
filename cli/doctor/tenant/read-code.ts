import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { NotChecked, Place } from '../finding.ts'
import type { Code, CodeKind } from './tenant-view.ts'

/** Bytes. Auth0 takes 100 kB of code: what is far beyond is no code of a tenant. */
const maxCodeBytes = 5_000_000

export interface CodeReader {
  read(kind: CodeKind, named: string, place: Place): Code | NotChecked
}

/**
 * The code of an export: deploy-cli takes a path where there is such a file, else the text itself.
 *
 * @param folder What paths are relative to.
 * @param display How a file is called in a place.
 */
export function codeOfFiles(folder: string, display: (file: string) => string): CodeReader {
  return {
    read(kind, named, place) {
      if (isCode(named)) return { kind, text: named, place }
      const file = resolve(folder, named.replaceAll('\\', '/'))
      const unread = (because: string): NotChecked => ({
        type: 'not-checked',
        id: 'code',
        because,
        where: place,
      })
      try {
        if (statSync(file).size > maxCodeBytes) return unread(`${display(file)} is over 5 MB`)
        const text = readFileSync(file, 'utf8')
        return { kind, text, place: { ...place, file: display(file), line: 1, column: 1 } }
      } catch {
        return unread(`${display(file)} cannot be read`)
      }
    },
  }
}

/** The Management API has the code itself. */
export const codeItself: CodeReader = {
  read: (kind, text, place) => ({ kind, text, place }),
}

/** A path has one line, and neither braces nor semicolons. */
function isCode(text: string): boolean {
  return /[\n;{}]/.test(text)
}
