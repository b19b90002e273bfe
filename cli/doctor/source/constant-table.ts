import { basename, dirname, resolve } from 'node:path'
import type { ImportedNode } from './code/code.ts'
import type { Node } from './code/tree.ts'
import type { Constant, Constants } from './exported-constants.ts'

/** Modules. An application has a handful that name Auth0; of more than this the rest is not followed. */
const mostModules = 1_000

/** What modules export that is known, by the module. */
export interface ConstantTable {
  add(file: string, constants: Constants): void
  /** False where there were more modules than it holds. */
  readonly whole: boolean
  /** What is in the text of a file that may import one of them, in Latin-1; null where there is none. */
  mention(): RegExp | null
  /** What a file is given by the modules that it imports. */
  importsOf(file: string): ImportedNode
}

export function createConstantTable(): ConstantTable {
  // Null: two files share a name, and which is meant is not known.
  const modules = new Map<string, Node | null>()
  let whole = true
  return {
    get whole() {
      return whole
    },
    add(file, constants) {
      if (Object.keys(constants).length === 0) return
      const module = moduleOf(resolve(file))
      if (modules.has(module)) modules.set(module, null)
      else if (modules.size < mostModules) modules.set(module, nodeOf(constants))
      else whole = false
    },
    mention: () => (modules.size === 0 ? null : mentionOf([...modules.keys()])),
    importsOf: (file) => (specifier) =>
      /^\.{1,2}(\/|$)/.test(specifier)
        ? (modules.get(moduleOf(resolve(dirname(file), specifier))) ?? null)
        : null,
  }
}

/** A module is imported with and without its ending, and by the folder that it is the index of. */
function moduleOf(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/\/index$/, '')
}

function mentionOf(modules: readonly string[]): RegExp {
  const names = new Set(modules.map((module) => Buffer.from(basename(module)).toString('latin1')))
  const words = [...names].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const ending = String.raw`(/index)?(\.[cm]?[jt]sx?)?`
  return new RegExp(
    String.raw`['"\`]\.{1,2}(/|(/[^'"\`\n]*)?/(${words.join('|')})${ending})?['"\`]`,
  )
}

/** As if it stood in the file that imports it; its place there is nowhere. */
function nodeOf(constant: Constant): Node {
  const nowhere = { start: 0, end: 0 }
  if (typeof constant === 'string') {
    return { ...nowhere, type: 'Literal', value: constant, raw: JSON.stringify(constant) } as Node
  }
  const properties = Object.entries(constant).map(([name, value]) => ({
    ...nowhere,
    ...{ type: 'Property', kind: 'init', computed: false, method: false, shorthand: false },
    key: { ...nowhere, type: 'Identifier', name },
    value: nodeOf(value),
  }))
  return { ...nowhere, type: 'ObjectExpression', properties } as unknown as Node
}
