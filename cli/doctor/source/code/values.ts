import type { Code } from './code.ts'
import type { Definition } from './declarations.ts'
import { nameOf } from './declarations.ts'
import { bare, type FunctionNode, isFunction, type Node, type NodeOf, within } from './tree.ts'

/** With what a function is called while its result is worked out. */
export interface Frame {
  readonly of: FunctionNode
  readonly given: readonly Node[]
  readonly outer: Frame | null
}

/** An expression that stands for itself, and where its parameters get their values from. */
export interface Value {
  readonly node: Node
  readonly frame: Frame | null
}

/** More values than this are not told apart: an expression then stands for itself. */
const mostValues = 8
/** Steps of one question. Code that passes a value on further than this is not followed. */
const mostSteps = 400

/** Counts down while one question is answered. */
interface Budget {
  left: number
}

/** What an expression may be, through names, properties of literals, conditions and local functions. */
export function valuesOf(code: Code, node: Node, frame: Frame | null = null): readonly Value[] {
  const known = frame === null ? code.knownValues.get(node) : undefined
  if (known !== undefined) return known
  const values = unique(follow(code, { node, frame }, { left: mostSteps }))
  const found = values.length > mostValues ? [{ node: bare(node), frame }] : values
  if (frame === null) code.knownValues.set(node, found)
  return found
}

function follow(code: Code, value: Value, budget: Budget): readonly Value[] {
  const { frame } = value
  const node = bare(value.node)
  const self = { node, frame }
  budget.left -= 1
  if (budget.left < 0) return [self]
  const on = (next: Node, inFrame = frame) => follow(code, { node: next, frame: inFrame }, budget)
  switch (node.type) {
    case 'Identifier':
      return followName(code, { node, frame }, budget)
    case 'MemberExpression': {
      const key = keyOf(code, node, frame)
      const found = key === null ? null : property(code, { node: node.object, frame }, key, budget)
      return found ?? [self]
    }
    case 'ConditionalExpression':
      return [...on(node.consequent), ...on(node.alternate)]
    case 'LogicalExpression':
      return node.operator === '&&' ? on(node.right) : [...on(node.left), ...on(node.right)]
    case 'CallExpression':
      return followCall(code, { node, frame }, budget) ?? [self]
    default:
      return [self]
  }
}

function followName(
  code: Code,
  { node, frame }: Value & { readonly node: NodeOf<'Identifier'> | Node },
  budget: Budget,
): readonly Value[] {
  const definitions = code.names.get(node)?.definitions ?? []
  const values = definitions.flatMap((one) => followDefinition(code, one, { node, frame }, budget))
  return values.length > 0 ? values : [{ node, frame }]
}

function followDefinition(
  code: Code,
  definition: Definition,
  self: Value,
  budget: Budget,
): readonly Value[] {
  switch (definition.type) {
    case 'value':
      return (
        along(code, { node: definition.node, frame: self.frame }, definition.keys, budget) ?? [self]
      )
    case 'function':
      return [{ node: definition.node, frame: self.frame }]
    case 'parameter': {
      const given = argumentsFor(code, definition.of, definition.index, self.frame)
      const values = given.map((one) => along(code, one, definition.keys, budget))
      return given.length === 0 ? [self] : values.flatMap((one) => one ?? [self])
    }
    case 'unset':
      return []
    default:
      return [self]
  }
}

/** By the call that is being worked out; else by every call of a local function. */
function argumentsFor(
  code: Code,
  of: FunctionNode,
  index: number,
  frame: Frame | null,
): readonly Value[] {
  for (let one = frame; one !== null; one = one.outer) {
    if (one.of !== of) continue
    const node = one.given[index]
    return node === undefined ? [] : [{ node, frame: one.outer }]
  }
  if (code.roles.has(of)) return []
  return callsOf(code, of).flatMap(({ arguments: given }) => {
    const node = given[index]
    return node === undefined || given.some((one) => one.type === 'SpreadElement')
      ? []
      : [{ node, frame: null }]
  })
}

/** The calls of a function that has a name. */
export function callsOf(code: Code, of: FunctionNode): readonly NodeOf<'CallExpression'>[] {
  const parent = code.tree.parents.get(of)
  const id = parent?.type === 'VariableDeclarator' ? parent.id : 'id' in of ? of.id : null
  const references = (id === null ? undefined : code.names.get(id))?.references ?? []
  return references.flatMap((one) => {
    const call = code.tree.parents.get(one)
    return call?.type === 'CallExpression' && call.callee === one ? [call] : []
  })
}

/** Follows keys into object literals; null where there is none to follow them into. */
function along(
  code: Code,
  from: Value,
  keys: readonly (Node | string | null)[],
  budget: Budget,
): readonly Value[] | null {
  const [key, ...rest] = keys
  if (key === undefined) return follow(code, from, budget)
  if (typeof key !== 'string') return null
  const found = property(code, from, key, budget)
  if (found === null || rest.length === 0) return found
  const all = found.map((one) => along(code, one, rest, budget))
  return all.includes(null) ? null : all.flatMap((one) => one ?? [])
}

function property(code: Code, object: Value, key: string, budget: Budget): readonly Value[] | null {
  const values = follow(code, object, budget).flatMap(({ node, frame }) => {
    const found = memberOf(node, key)
    return found === undefined ? [] : follow(code, { node: found, frame }, budget)
  })
  return values.length === 0 ? null : values
}

function memberOf(node: Node, key: string): Node | undefined {
  if (node.type === 'ArrayExpression') return node.elements[Number(key)] ?? undefined
  if (node.type !== 'ObjectExpression') return undefined
  const found = node.properties.findLast(
    (one) => one.type === 'Property' && !one.computed && nameOf(one.key) === key,
  )
  return found?.type === 'Property' ? found.value : undefined
}

function followCall(
  code: Code,
  { node, frame }: Value & { readonly node: NodeOf<'CallExpression'> },
  budget: Budget,
): readonly Value[] | null {
  const [first] = node.arguments
  if (first !== undefined && isTransparent(node.callee)) {
    return follow(code, { node: first, frame }, budget)
  }
  if (node.arguments.some(({ type }) => type === 'SpreadElement')) return null
  const results = follow(code, { node: node.callee, frame }, budget).flatMap((callee) => {
    if (!isFunction(callee.node) || code.roles.has(callee.node)) return []
    const inner = { of: callee.node, given: node.arguments, outer: frame }
    return returnsOf(callee.node).flatMap((one) =>
      follow(code, { node: one, frame: inner }, budget),
    )
  })
  return results.length === 0 ? null : results
}

/** What a function may return; nothing of what functions within it do. */
export function returnsOf({ body }: FunctionNode): readonly Node[] {
  if (body === null) return []
  if (body.type !== 'BlockStatement') return [body]
  return [...within(body, false)].flatMap((one) =>
    one.type === 'ReturnStatement' && one.argument !== null ? [one.argument] : [],
  )
}

/** `Object.freeze(x)` and `JSON.parse(x)` are x, as far as anybody reads it. */
function isTransparent(callee: Node): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false
  const name = `${callee.object.name}.${nameOf(callee.property)}`
  return ['JSON.parse', 'Object.freeze', 'Object.seal', 'Promise.resolve'].includes(name)
}

/** The name of the property; null where it is computed of what is not known. */
export function keyOf(
  code: Code,
  { property: key, computed }: NodeOf<'MemberExpression'>,
  frame: Frame | null = null,
): string | null {
  if (!computed) return nameOf(key)
  const values = key.type === 'Literal' ? [{ node: key }] : valuesOf(code, key, frame)
  const [only] = values
  if (only === undefined || values.length > 1 || only.node.type !== 'Literal') return null
  return nameOf(only.node)
}

function unique(values: readonly Value[]): readonly Value[] {
  const seen = new Map<Node, Value>()
  for (const one of values) if (!seen.has(one.node)) seen.set(one.node, one)
  return [...seen.values()]
}
