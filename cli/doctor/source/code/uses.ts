import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { callsOf } from './functions.ts'
import { around, isFunction, type Node, type NodeOf } from './tree.ts'
import { keyOf, valuesOf } from './values.ts'

/** What is done with a value that nobody can put a name to. */
const anything = '*'

/**
 * The properties that are read of what an expression gives, through names and local functions;
 * `anything` where it goes where it cannot be followed.
 */
export function propertiesRead(code: Code, node: Node): ReadonlySet<string> {
  const read = new Set<string>()
  follow({ code, read, calls: [], depth: 8 }, node)
  return read
}

/** One question, on its way through the code. */
interface Trail {
  readonly code: Code
  readonly read: Set<string>
  /** The calls that were entered: what a function returns goes on where it was called. */
  readonly calls: readonly Node[]
  readonly depth: number
}

function deeper(trail: Trail, calls = trail.calls): Trail {
  return { ...trail, calls, depth: trail.depth - 1 }
}

function follow(trail: Trail, node: Node): void {
  const { code, read, depth } = trail
  const user = code.tree.parents.get(node)
  if (user === undefined || depth === 0) {
    read.add(anything)
    return
  }
  switch (user.type) {
    case 'AwaitExpression':
    case 'ChainExpression':
    case 'LogicalExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      follow(trail, user)
      return
    case 'MemberExpression': {
      const key = keyOf(code, user)
      if (user.object !== node || key === null) read.add(anything)
      else if (keepsText(key)) follow(trail, code.tree.parents.get(user) ?? user)
      else read.add(key)
      return
    }
    case 'CallExpression':
      followArgument(deeper(trail), user, node)
      return
    case 'VariableDeclarator':
      followTarget(deeper(trail), user.id)
      return
    case 'AssignmentExpression':
      followTarget(deeper(trail), user.left)
      return
    case 'ArrowFunctionExpression':
    case 'ReturnStatement':
      followReturn(deeper(trail), user)
      return
    case 'BinaryExpression':
    case 'ExpressionStatement':
    case 'IfStatement':
    case 'UnaryExpression':
      return
    default:
      read.add(anything)
  }
}

function keepsText(key: string): boolean {
  return key === 'replace' || key === 'replaceAll' || key === 'toString'
}

function followArgument(trail: Trail, call: NodeOf<'CallExpression'>, node: Node): void {
  const { code, read, depth, calls } = trail
  const [of] = valuesOf(code, call.callee)
  const index = call.arguments.indexOf(node as (typeof call.arguments)[number])
  if (asksWhatItIs(call)) return
  if (handsOn(call)) {
    follow(trail, call)
    return
  }
  const param = of !== undefined && isFunction(of.node) ? of.node.params[index] : undefined
  if (param === undefined || depth <= 0) read.add(anything)
  else followTarget({ ...trail, calls: [...calls, call] }, param)
}

function asksWhatItIs({ callee }: NodeOf<'CallExpression'>): boolean {
  return callee.type === 'MemberExpression' && nameOf(callee.property) === 'isArray'
}

/** `JSON.parse(x)`, `Buffer.from(x)`, `decodeURIComponent(x)`: still x. */
function handsOn({ callee }: NodeOf<'CallExpression'>): boolean {
  if (callee.type === 'Identifier') return ['decodeURIComponent', 'escape'].includes(callee.name)
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false
  return ['Buffer', 'JSON'].includes(callee.object.name)
}

function followReturn(trail: Trail, node: Node): void {
  const { code, read, calls } = trail
  const last = calls.at(-1)
  if (last !== undefined) {
    follow({ ...trail, calls: calls.slice(0, -1) }, last)
    return
  }
  const of = isFunction(node) ? node : [...around(code.tree, node)].find(isFunction)
  const callers = of === undefined ? [] : callsOf(code, of)
  if (callers.length === 0) read.add(anything)
  for (const one of callers) follow(trail, one)
}

function followTarget(trail: Trail, target: Node): void {
  const { code, read, depth } = trail
  if (target.type === 'ObjectPattern') {
    for (const one of target.properties) {
      const known = one.type === 'Property' && !one.computed ? nameOf(one.key) : null
      read.add(known ?? anything)
    }
    return
  }
  const name = code.names.get(target)
  if (name === undefined || depth <= 0) read.add(anything)
  else for (const one of name.references) follow(trail, one)
}
