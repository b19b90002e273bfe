import { assignmentsOf, type Definition, declareAll, targetsOf } from './declarations.ts'
import { around, type Node, type NodeOf, type Tree } from './tree.ts'

export interface Name {
  readonly text: string
  /** Where it is declared first. */
  readonly at: number
  readonly definitions: readonly Definition[]
  readonly references: readonly NodeOf<'Identifier'>[]
}

interface OpenName extends Name {
  readonly definitions: Definition[]
  readonly references: NodeOf<'Identifier'>[]
}

type Scopes = Map<Node, Map<string, OpenName>>

/** Which name each identifier means; one that is not here is of the platform. */
export function readNames(tree: Tree): ReadonlyMap<Node, Name> {
  const scopes: Scopes = new Map()
  const declare = (target: Node, scope: Node, definition: Definition): void => {
    const names = scopes.get(scope) ?? new Map<string, OpenName>()
    scopes.set(scope, names)
    for (const { node, definition: one } of targetsOf(target, definition)) {
      const name = names.get(node.name) ?? newName(node)
      names.set(node.name, name)
      name.definitions.push(one)
      declared.add(node)
    }
  }
  const declared = new Set<Node>()
  for (const node of tree.nodes) declareAll(tree, node, declare)
  const found = new Map<Node, Name>()
  for (const node of tree.nodes) {
    if (node.type !== 'Identifier' || (!declared.has(node) && !isReference(tree, node))) continue
    const name = lookUp(tree, scopes, node)
    if (name === undefined) continue
    found.set(node, name)
    if (!declared.has(node)) name.references.push(node as NodeOf<'Identifier'>)
  }
  for (const node of tree.nodes) {
    for (const { node: target, definition } of assignmentsOf(tree, node)) {
      const name = found.get(target) as OpenName | undefined
      name?.definitions.push(definition)
    }
  }
  return found
}

function newName({ name, start }: NodeOf<'Identifier'>): OpenName {
  return { text: name, at: start, definitions: [], references: [] }
}

function lookUp(tree: Tree, scopes: Scopes, node: NodeOf<'Identifier'>): OpenName | undefined {
  for (const scope of around(tree, node)) {
    const name = scopes.get(scope)?.get(node.name)
    if (name !== undefined) return name
  }
  return undefined
}

function isReference({ parents }: Tree, node: Node): boolean {
  const parent = parents.get(node)
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed
    case 'Property':
      return parent.value === node || parent.computed
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return parent.value === node || parent.computed
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'LabeledStatement':
    case 'MetaProperty':
    case 'ImportSpecifier':
    case 'ExportAllDeclaration':
      return false
    case 'ExportSpecifier':
      return parent.local === node
    default:
      return true
  }
}
