import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml'
import type { Place } from '../finding.ts'
import { hideKeywords, showKeywords } from './keywords.ts'

export type Path = readonly (number | string)[]

/** A YAML or JSON file that knows where each of its values stands. */
export interface LocatedDocument {
  readonly value: unknown
  /** Of the value at a path, or of the nearest one around it that is there. */
  place(path: Path): Place
  /** Of code that is written out there: its first line; null where lines of it are none of the file. */
  codePlace(path: Path): Place | null
  /** The line of a name that its object has before already; null where there is none. */
  repeatedName(): number | null
}

/** What is wrong with a file, by a message that quotes nothing of it: it may hold secrets. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument'
  readonly file: string

  constructor(file: string, message: string) {
    super(message)
    this.file = file
  }
}

/**
 * @param file What the places name.
 * @throws {UnreadableDocument}
 */
export function readDocument(file: string, text: string): LocatedDocument {
  const lines = new LineCounter()
  const document = parseDocument(hideKeywords(text), {
    lineCounter: lines,
    uniqueKeys: false,
    merge: true,
  })
  const [error] = document.errors
  if (error !== undefined) {
    const at = error.linePos?.[0].line
    throw new UnreadableDocument(
      file,
      `it does not parse${at === undefined ? '' : ` (line ${at})`}`,
    )
  }
  return {
    value: valueOfDocument(file, document),
    place(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const start = startOf(document, path.slice(0, length))
        if (start === undefined) continue
        const { line, col } = lines.linePos(start)
        return { file, line, column: col }
      }
      return { file, line: 1, column: 1 }
    },
    codePlace(path) {
      const node: unknown = document.getIn(path, true)
      const start = rangeStart(node)
      if (!isScalar(node) || start === undefined) return null
      if (node.type !== 'BLOCK_LITERAL') return null
      return { file, line: lines.linePos(start).line + 1 }
    },
    repeatedName() {
      const start = repeatedIn(document)
      return start === undefined ? null : lines.linePos(start).line
    },
  }
}

/** By hand: the parser's own look takes as long as the square of what an object has. */
function repeatedIn(document: Document): number | undefined {
  let found: number | undefined
  visit(document, {
    Map(_key, { items }) {
      const names = new Set<unknown>()
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key
        if (names.has(name)) found = rangeStart(key)
        if (found !== undefined) return visit.BREAK
        names.add(name)
      }
      return undefined
    },
  })
  return found
}

/** Aliases upon aliases can stand for more than there is memory, and one for what it is part of. */
function valueOfDocument(file: string, document: Document): unknown {
  try {
    return showKeywords(document.toJS({ maxAliasCount: 1_000 }))
  } catch {
    throw new UnreadableDocument(file, 'its aliases do not resolve')
  }
}

/** Of a value; of its name where the value is a block, which begins on the next line. */
function startOf(document: Document, path: Path): number | undefined {
  const node: unknown = document.getIn(path, true)
  const parent: unknown =
    path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (isCollection(node) && node.flow !== true && isMap(parent)) {
    const name = parent.items.find(({ value }) => value === node)?.key
    return rangeStart(name) ?? rangeStart(node)
  }
  return rangeStart(node)
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  return Array.isArray(node.range) ? (node.range[0] as number) : undefined
}
