import type { Code } from './code/code.ts'
import { nameOf } from './code/declarations.ts'
import { textOf } from './code/texts.ts'
import { isFunction, type Node } from './code/tree.ts'
import { valuesOf } from './code/values.ts'

/** A text that a module exports, or an object of such. */
export type Constant = string | Constants

export interface Constants {
  readonly [name: string]: Constant
}

/** Characters. A longer text is no address. */
const longest = 500
/** Of one module or object. */
const mostNames = 200
/** Objects within objects. */
const deepest = 3

/**
 * What a module exports that is known before it runs: texts, and objects of texts. What is not wanted of
 * it is left out, and so is what cannot be told.
 */
export function exportedConstants(code: Code, wanted: RegExp): Constants {
  const found: Record<string, Constant> = {}
  let names = 0
  const put = (name: string | null, value: Node) => {
    names += 1
    if (names > mostNames) return
    const constant = name === null ? null : constantOf(code, value, wanted, deepest)
    if (name !== null && constant !== null) found[name] = constant
  }
  for (const node of code.tree.nodes) {
    if (node.type === 'ExportDefaultDeclaration') put('default', node.declaration)
    else if (node.type === 'ExportNamedDeclaration') {
      for (const [name, value] of exportedBy(node)) put(name, value)
    } else if (node.type === 'AssignmentExpression' && node.operator === '=') {
      const target = exportTarget(node.left)
      if (target !== null && target !== '') put(target, node.right)
      const whole = target === '' ? constantOf(code, node.right, wanted, deepest) : null
      if (whole !== null)
        Object.assign(found, typeof whole === 'string' ? { default: whole } : whole)
    }
  }
  return found
}

function exportedBy(
  node: Extract<Node, { type: 'ExportNamedDeclaration' }>,
): readonly (readonly [string | null, Node])[] {
  const { declaration, source, specifiers } = node
  if (source !== null) return []
  const declared =
    declaration?.type === 'VariableDeclaration' && declaration.kind === 'const'
      ? declaration.declarations.flatMap(({ id, init }) =>
          init === null ? [] : [[nameOf(id), init] as const],
        )
      : []
  return [...declared, ...specifiers.map((one) => [nameOf(one.exported), one.local] as const)]
}

/** The name in `exports.NAME` and `module.exports.NAME`; empty for `module.exports`. */
function exportTarget(left: Node): string | null {
  if (left.type !== 'MemberExpression' || left.computed) return null
  const { object, property } = left
  if (object.type === 'Identifier' && object.name === 'exports') return nameOf(property)
  if (object.type === 'Identifier' && object.name === 'module') {
    return nameOf(property) === 'exports' ? '' : null
  }
  return exportTarget(object) === '' ? nameOf(property) : null
}

function constantOf(code: Code, node: Node, wanted: RegExp, depth: number): Constant | null {
  const [only, second] = valuesOf(code, node)
  if (only === undefined || second !== undefined || isFunction(only.node)) return null
  if (only.node.type !== 'ObjectExpression') {
    const text = textOf(code, node)
    return text !== null && text.length <= longest && wanted.test(text) ? text : null
  }
  if (depth === 0) return null
  const inner = only.node.properties.slice(0, mostNames).flatMap((one) => {
    const name = one.type === 'Property' && !one.computed ? nameOf(one.key) : null
    if (one.type !== 'Property' || name === null) return []
    const constant = constantOf(code, one.value, wanted, depth - 1)
    return constant === null ? [] : [[name, constant] as const]
  })
  return inner.length === 0 ? null : Object.fromEntries(inner)
}
