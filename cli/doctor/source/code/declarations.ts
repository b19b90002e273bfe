import { around, type FunctionNode, isFunction, type Node, type NodeOf, type Tree } from './tree.ts'

/** Where a name gets a value from. `keys` lead from the source to the value; null is one unknown. */
export type Definition =
  | { readonly type: 'element' | 'value'; readonly node: Node; readonly keys: Keys }
  | { readonly type: 'import'; readonly module: string; readonly keys: Keys }
  | {
      readonly type: 'parameter'
      readonly of: FunctionNode
      readonly index: number
      readonly keys: Keys
    }
  | { readonly type: 'function'; readonly node: FunctionNode }
  | { readonly type: 'unknown' | 'unset' }

type Keys = readonly (Node | string | null)[]

type Declare = (target: Node, scope: Node, definition: Definition) => void

export function declareAll(tree: Tree, node: Node, declare: Declare): void {
  if (isFunction(node)) declareFunction(tree, node, declare)
  switch (node.type) {
    case 'VariableDeclaration':
      declareVariables(tree, node, declare)
      return
    case 'ImportDeclaration':
      for (const one of node.specifiers) {
        const keys = keysOfImport(one)
        const definition = { type: 'import', module: node.source.value, keys } as const
        declare(one.local, scopeOf(tree, node, false), definition)
      }
      return
    case 'ClassDeclaration':
      if (node.id !== null) declare(node.id, scopeOf(tree, node, false), { type: 'unknown' })
      return
    case 'CatchClause':
      if (node.param !== null) declare(node.param, node, { type: 'unknown' })
      return
    default:
  }
}

/** A namespace is the whole module. */
function keysOfImport(one: NodeOf<'ImportDeclaration'>['specifiers'][number]): Keys {
  if (one.type === 'ImportSpecifier') return [nameOf(one.imported)]
  return one.type === 'ImportDefaultSpecifier' ? ['default'] : []
}

function declareFunction(tree: Tree, node: FunctionNode, declare: Declare): void {
  if (node.type === 'FunctionDeclaration' && node.id !== null) {
    declare(node.id, scopeOf(tree, node, false), { type: 'function', node })
  }
  if (node.type === 'FunctionExpression' && node.id !== null) {
    declare(node.id, node, { type: 'function', node })
  }
  node.params.forEach((param, index) => {
    const target = param.type === 'TSParameterProperty' ? param.parameter : param
    declare(target, node, { type: 'parameter', of: node, index, keys: [] })
  })
}

function declareVariables(tree: Tree, node: NodeOf<'VariableDeclaration'>, declare: Declare): void {
  const scope = scopeOf(tree, node, node.kind === 'var')
  const loop = tree.parents.get(node)
  for (const { id, init } of node.declarations) {
    if (init !== null) declare(id, scope, { type: 'value', node: init, keys: [] })
    else if (loop?.type === 'ForOfStatement' && loop.left === node) {
      declare(id, scope, { type: 'element', node: loop.right, keys: [] })
    } else if (loop?.type === 'ForInStatement') declare(id, scope, { type: 'unknown' })
    else declare(id, scope, { type: 'unset' })
  }
}

/** The identifiers in a pattern, each with the way to its value. */
export function targetsOf(
  target: Node,
  definition: Definition,
): { readonly node: NodeOf<'Identifier'>; readonly definition: Definition }[] {
  switch (target.type) {
    case 'Identifier':
      return [{ node: target as NodeOf<'Identifier'>, definition }]
    case 'AssignmentPattern':
      return targetsOf(target.left, definition)
    case 'RestElement':
      return targetsOf(target.argument, { type: 'unknown' })
    case 'ObjectPattern':
      return target.properties.flatMap((one) =>
        one.type === 'RestElement'
          ? targetsOf(one.argument, definition)
          : targetsOf(one.value, deeper(definition, one.computed ? one.key : nameOf(one.key))),
      )
    case 'ArrayPattern':
      return target.elements.flatMap((one, index) =>
        one === null ? [] : targetsOf(one, deeper(definition, String(index))),
      )
    default:
      return []
  }
}

function deeper(definition: Definition, key: Node | string | null): Definition {
  if (!('keys' in definition)) return definition.type === 'unset' ? definition : { type: 'unknown' }
  return { ...definition, keys: [...definition.keys, key] }
}

export function assignmentsOf(tree: Tree, node: Node): ReturnType<typeof targetsOf> {
  if (node.type === 'UpdateExpression') return targetsOf(node.argument, { type: 'unknown' })
  if (node.type === 'AssignmentExpression') {
    const value = ['=', '||=', '??=', '&&='].includes(node.operator)
    const definition: Definition = { type: 'value', node: node.right, keys: [] }
    return targetsOf(node.left, value ? definition : { type: 'unknown' })
  }
  const loop = node.type === 'ForOfStatement' ? node : undefined
  if (loop === undefined || tree.parents.get(loop.left) !== loop) return []
  return loop.left.type === 'VariableDeclaration'
    ? []
    : targetsOf(loop.left, { type: 'element', node: loop.right, keys: [] })
}

/** The name of a property or a specifier; null for one that is a private name or no name. */
export function nameOf(node: Node): string | null {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'Literal' && node.value !== null) return String(node.value)
  return node.type === 'PrivateIdentifier' ? `#${node.name}` : null
}

function scopeOf(tree: Tree, node: Node, ofFunction: boolean): Node {
  let last: Node = node
  for (const one of around(tree, node)) {
    last = one
    if (isFunction(one) || one.type === 'Program' || one.type === 'StaticBlock') return one
    if (!ofFunction && scopeTypes.has(one.type)) return one
  }
  return last
}

const scopeTypes = new Set([
  'BlockStatement',
  'CatchClause',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'SwitchStatement',
  'TSModuleBlock',
])
