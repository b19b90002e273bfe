import type { Value } from './frames.ts'
import { type Name, readNames } from './names.ts'
import { type Language, parse } from './parse.ts'
import type { Path } from './paths.ts'
import { type CodeKind, kindOf, rolesOf } from './roles.ts'
import { type FunctionNode, type Node, readTree, type Tree } from './tree.ts'

/** A piece of code, ready to be asked. */
export interface Code {
  readonly text: string
  readonly kind: CodeKind
  readonly tree: Tree
  readonly names: ReadonlyMap<Node, Name>
  /** The functions that Auth0 calls, and what it calls them with. */
  readonly roles: ReadonlyMap<FunctionNode, readonly string[]>
  /** Offsets of deploy-cli's placeholders that stand where code should. */
  readonly placeholders: readonly number[]
  /** What has to be taken off an offset of a node to have one of the text. */
  readonly shift: number
  /** Filled by whoever asks. */
  readonly knownValues: Map<Node, readonly Value[]>
  readonly knownPaths: Map<Node, readonly Path[]>
  readonly imported: ImportedNode
}

/** What a module of the same sources exports, as an object literal; null where that is not known. */
export type ImportedNode = (specifier: string) => Node | null

/** @param kind What it is known to be; null: told by its shape. */
export function readCode(
  text: string,
  language: Language,
  kind: CodeKind | null,
  imported: ImportedNode = () => null,
): Code | { readonly because: string } {
  const parsed = parse(text, language)
  if ('because' in parsed) return parsed
  const tree = readTree(parsed.program)
  const names = readNames(tree)
  const known = kind ?? kindOf(parsed.program, tree)
  return {
    text,
    kind: known,
    tree,
    names,
    roles: rolesOf(known, parsed.program, tree),
    placeholders: parsed.placeholders,
    shift: parsed.shift,
    knownValues: new Map(),
    knownPaths: new Map(),
    imported,
  }
}
