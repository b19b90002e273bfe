import { closeSync, openSync, readSync } from 'node:fs'
import { codeOf } from './source-files.ts'

/** Bytes. A larger file is generated, and parsing it would take the memory of the whole scan. */
const mostBytes = 2_000_000

/**
 * Without one of these words a file holds nothing that any check looks for, and is not parsed. Words
 * that are put together when the code runs are missed where nothing else names Auth0.
 */
export const words =
  /auth0|tokeninfo|change_?password|oauth\/ro|api\/v2|identities|on(?:Execute|Continue)[A-Z]|WrongUsernameOrPassword|user\s*,\s*context|client_assertion|configuration\./i

/** Characters of a line, on average, above which nobody wrote it. */
const longLine = 1_000

export type FileText = { readonly text: string } | { readonly because: string } | null

/** Reads files one at a time into the same memory, however many there are. */
export function createReader(): (path: string, wanted?: RegExp) => FileText {
  const buffer = Buffer.allocUnsafe(mostBytes + 1)
  return (path, wanted = words) => {
    try {
      const length = fill(buffer, path)
      return length > mostBytes
        ? { because: 'it is larger than 2 MB' }
        : textOf(buffer, length, wanted)
    } catch (error) {
      return { because: `it cannot be read (${codeOf(error)})` }
    }
  }
}

function fill(buffer: Buffer, path: string): number {
  const file = openSync(path, 'r')
  try {
    let length = 0
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null)
      length += read
      if (read === 0 || length === buffer.length) return length
    }
  } finally {
    closeSync(file)
  }
}

/** Null: there is nothing in it to look for. */
function textOf(buffer: Buffer, length: number, wanted: RegExp): FileText {
  const bytes = buffer.subarray(0, length)
  if (bytes.includes(0)) return { because: 'it is binary, or not in UTF-8' }
  if (!wanted.test(bytes.toString('latin1'))) return null
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  const lines = text.split('\n').length
  if (length > 20_000 && text.length / lines > longLine) return { because: 'it is minified' }
  return { text }
}
