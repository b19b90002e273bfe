import {
  type ArrowFunctionExpression,
  type Function as FunctionWithName,
  type Node,
  type Program,
  visitorKeys,
} from 'oxc-parser'

export type { Node } from 'oxc-parser'

export type NodeOf<Type extends Node['type']> = Extract<Node, { readonly type: Type }>

export type FunctionNode = ArrowFunctionExpression | FunctionWithName

/** Every node of a program, in the order of the text, and the one around each. */
export interface Tree {
  readonly nodes: readonly Node[]
  readonly parents: ReadonlyMap<Node, Node>
}

/** Types are erased: nothing in them happens. These nodes hold code all the same. */
const typescriptWithCode = new Set([
  'TSAsExpression',
  'TSExportAssignment',
  'TSInstantiationExpression',
  'TSModuleBlock',
  'TSModuleDeclaration',
  'TSNonNullExpression',
  'TSParameterProperty',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
])

/** Without recursion: generated code is nested deeper than the stack. */
export function readTree(program: Program): Tree {
  const nodes: Node[] = []
  const parents = new Map<Node, Node>()
  const open: Node[] = [program]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    nodes.push(node)
    const children = childrenOf(node)
    for (const child of children) parents.set(child, node)
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index]
      if (child !== undefined) open.push(child)
    }
  }
  return { nodes, parents }
}

/** In the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = []
  for (const key of visitorKeys[node.type] ?? []) {
    const value: unknown = (node as unknown as Record<string, unknown>)[key]
    for (const one of Array.isArray(value) ? value : [value]) {
      if (isNode(one) && hasCode(one)) children.push(one)
    }
  }
  return children
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

function hasCode({ type }: Node): boolean {
  return !type.startsWith('TS') || typescriptWithCode.has(type)
}

export function isFunction(node: Node | undefined): node is FunctionNode {
  return (
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'FunctionDeclaration'
  )
}

/** The nodes from the one around it outwards. */
export function* around({ parents }: Tree, node: Node): Generator<Node> {
  for (let one = parents.get(node); one !== undefined; one = parents.get(one)) yield one
}

/** A node and all within it; functions within it only where asked for. */
export function* within(node: Node, functions = true): Generator<Node> {
  const open: Node[] = [node]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    yield one
    if (!functions && one !== node && isFunction(one)) continue
    open.push(...childrenOf(one).toReversed())
  }
}

/** What is left of an expression without what only the compiler and the reader see. */
export function bare(node: Node): Node {
  switch (node.type) {
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSInstantiationExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
      return bare(node.expression)
    case 'AwaitExpression':
      return bare(node.argument)
    case 'AssignmentExpression':
      return node.operator === '=' ? bare(node.right) : node
    case 'SequenceExpression': {
      const last = node.expressions.at(-1)
      return last === undefined ? node : bare(last)
    }
    default:
      return node
  }
}
