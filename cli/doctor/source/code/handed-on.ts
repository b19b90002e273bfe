import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { bare, type FunctionNode, isFunction, type Node, type NodeOf } from './tree.ts'
import { valuesOf } from './values.ts'

/** It runs what it is handed at once, as often as there are elements. */
export function isForEach({ callee }: NodeOf<'CallExpression'> | NodeOf<'NewExpression'>): boolean {
  return callee.type === 'MemberExpression' && nameOf(callee.property) === 'forEach'
}

/** A limit in time that calls back is kept from doing so twice by a flag, which is not followed. */
export function isTimer({ callee }: NodeOf<'CallExpression'> | NodeOf<'NewExpression'>): boolean {
  const name = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)
  return name === 'setInterval' || name === 'setTimeout'
}

export function functionOf(code: Code, node: Node): FunctionNode | null {
  const direct = bare(node)
  if (isFunction(direct)) return direct
  if (direct.type !== 'Identifier') return null
  const [only, second] = valuesOf(code, direct)
  return only !== undefined && second === undefined && isFunction(only.node) ? only.node : null
}
