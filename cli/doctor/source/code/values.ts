import { membersOfThis } from './class-members.ts'
import type { Code } from './code.ts'
import type { Definition } from './declarations.ts'
import { nameOf } from './declarations.ts'
import { argumentsFor, type Frame, isWithin, mostValues, type Value } from './frames.ts'
import { isThen, isTransparent, memberOf, requiredBy, returnsOf } from './functions.ts'
import { bare, isFunction, type Node, type NodeOf } from './tree.ts'

/** Steps of one question. Code that passes a value on further than this is not followed. */
const mostSteps = 400

/** Counts down while one question is answered. */
interface Budget {
  left: number
}

/** What an expression may be, through names, properties of literals, conditions and local functions. */
export function valuesOf(code: Code, node: Node, frame: Frame | null = null): readonly Value[] {
  return follow(code, { node, frame }, { left: mostSteps })
}

/**
 * Outside of a call every node is followed once, however often it is asked for; what leads back to
 * itself stands for itself. Within one, the budget says how far.
 */
function follow(code: Code, value: Value, budget: Budget): readonly Value[] {
  const node = bare(value.node)
  const self = { node, frame: value.frame }
  if (value.frame !== null) {
    budget.left -= 1
    return budget.left < 0 ? [self] : fewOf(followNode(code, self, budget), self)
  }
  const known = code.knownValues.get(node)
  if (known !== undefined) return known
  code.knownValues.set(node, [self])
  const values = fewOf(followNode(code, self, budget), self)
  code.knownValues.set(node, values)
  return values
}

function fewOf(values: readonly Value[], self: Value): readonly Value[] {
  if (values.length < 2) return values
  const different = new Map<Node, Value>()
  for (const one of values) if (!different.has(one.node)) different.set(one.node, one)
  return different.size > mostValues ? [self] : [...different.values()]
}

function followNode(code: Code, { node, frame }: Value, budget: Budget): readonly Value[] {
  const self = { node, frame }
  const on = (next: Node) => follow(code, { node: next, frame }, budget)
  switch (node.type) {
    case 'Identifier':
      return followName(code, self, budget)
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

function followName(code: Code, { node, frame }: Value, budget: Budget): readonly Value[] {
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
      if (given.length > 0) return values.flatMap((one) => one ?? [self])
      return followPromised(code, definition, self, budget)
    }
    case 'import':
      return followImport(code, definition, budget) ?? [self]
    case 'unset':
      return []
    default:
      return [self]
  }
}

/** What a promise was made to be by a function of this code: `x.then(toProfile).then((profile) => …)`. */
function followPromised(
  code: Code,
  { of, index, keys }: Extract<Definition, { readonly type: 'parameter' }>,
  self: Value,
  budget: Budget,
): readonly Value[] {
  const call = code.tree.parents.get(of)
  if (index !== 0 || call?.type !== 'CallExpression' || call.arguments[0] !== of) return [self]
  const { callee } = call
  if (callee.type !== 'MemberExpression' || !isThen(call)) return [self]
  const receiver = bare(callee.object)
  const made = follow(code, { node: receiver, frame: self.frame }, budget)
  if (made.some(({ node }) => node === receiver)) return [self]
  return made.flatMap((one) => along(code, one, keys, budget) ?? [self])
}

/** Into a module of the same sources. What CommonJS exports is the default, too. */
function followImport(
  code: Code,
  { module, keys }: Extract<Definition, { readonly type: 'import' }>,
  budget: Budget,
): readonly Value[] | null {
  const node = code.imported(module)
  if (node === null) return null
  const whole = { node, frame: null }
  const found = along(code, whole, keys, budget)
  return found ?? (keys[0] === 'default' ? along(code, whole, keys.slice(1), budget) : null)
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
    const members = found === undefined ? membersOfThis(code, node, key) : [found]
    return members.flatMap((one) => follow(code, { node: one, frame }, budget))
  })
  return values.length === 0 ? null : values
}

function followCall(
  code: Code,
  { node, frame }: Value & { readonly node: NodeOf<'CallExpression'> },
  budget: Budget,
): readonly Value[] | null {
  const [first] = node.arguments
  const required = requiredBy(code, node)
  if (required !== null) return follow(code, { node: required, frame: null }, budget)
  if (first !== undefined && isTransparent(node.callee)) {
    return follow(code, { node: first, frame }, budget)
  }
  if (node.arguments.some(({ type }) => type === 'SpreadElement')) return null
  const called = isThen(node) && first !== undefined ? first : node.callee
  const results = follow(code, { node: called, frame }, budget).flatMap((callee) => {
    if (!isFunction(callee.node) || code.roles.has(callee.node)) return []
    if (isWithin(frame, callee.node)) return []
    const given = called === node.callee ? node.arguments : []
    const inner = { of: callee.node, given, outer: frame }
    return returnsOf(callee.node).flatMap((one) =>
      follow(code, { node: one, frame: inner }, budget),
    )
  })
  return results.length === 0 ? null : results
}

/** The name of the property; null where it is computed of what is not known. */
export function keyOf(
  code: Code,
  { property: key, computed }: NodeOf<'MemberExpression'>,
  frame: Frame | null = null,
): string | null {
  return computed ? constantOf(code, { node: key, frame }, 4) : nameOf(key)
}

/** A name that is put together of parts that are known. */
function constantOf(code: Code, { node, frame }: Value, depth: number): string | null {
  const values = depth === 0 ? [] : valuesOf(code, node, frame)
  const [only] = values
  if (only === undefined || values.length > 1) return null
  const on = (next: Node) => constantOf(code, { node: next, frame: only.frame }, depth - 1)
  switch (only.node.type) {
    case 'Literal':
      return nameOf(only.node)
    case 'BinaryExpression': {
      const [left, right] = [on(only.node.left), on(only.node.right)]
      return only.node.operator !== '+' || left === null || right === null ? null : left + right
    }
    case 'TemplateLiteral': {
      const parts = only.node.expressions.map(on)
      const quasis = only.node.quasis.map(({ value }) => value.cooked ?? value.raw)
      return parts.includes(null)
        ? null
        : quasis.map((text, at) => text + (parts[at] ?? '')).join('')
    }
    default:
      return null
  }
}
