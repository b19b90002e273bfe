import type { Code } from './code.ts'
import type { Name } from './names.ts'
import { around, isFunction, type Node } from './tree.ts'
import { callsOf, keyOf, valuesOf } from './values.ts'

/** What is done with a value that nobody can put a name to. */
export const anything = '*'

/**
 * The properties that are read of what an expression gives, through names and local functions;
 * `anything` where it goes where it cannot be followed.
 */
export function propertiesRead(code: Code, node: Node): ReadonlySet<string> {
  const read = new Set<string>()
  follow(code, node, read, 8)
  return read
}

function follow(code: Code, node: Node, read: Set<string>, depth: number): void {
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
      follow(code, user, read, depth)
      return
    case 'MemberExpression': {
      const key = keyOf(code, user)
      if (user.object !== node || key === null) read.add(anything)
      else if (keepsText(key)) follow(code, code.tree.parents.get(user) ?? user, read, depth)
      else read.add(key)
      return
    }
    case 'CallExpression':
      followArgument(code, user, node, read, depth - 1)
      return
    case 'VariableDeclarator':
      followTarget(code, user.id, read, depth - 1)
      return
    case 'AssignmentExpression':
      followTarget(code, user.left, read, depth - 1)
      return
    case 'ArrowFunctionExpression':
    case 'ReturnStatement':
      followReturn(code, user, read, depth - 1)
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

function followArgument(
  code: Code,
  call: Extract<Node, { type: 'CallExpression' }>,
  node: Node,
  read: Set<string>,
  depth: number,
): void {
  const [of] = valuesOf(code, call.callee)
  const index = call.arguments.indexOf(node as (typeof call.arguments)[number])
  const { callee } = call
  if (callee.type === 'MemberExpression' && callee.object.type === 'Identifier') {
    const key = keyOf(code, callee)
    if (callee.object.name === 'Array' && key === 'isArray') return
    if (['JSON', 'Buffer'].includes(callee.object.name)) {
      follow(code, call, read, depth)
      return
    }
  }
  if (callee.type === 'Identifier' && ['decodeURIComponent', 'escape'].includes(callee.name)) {
    follow(code, call, read, depth)
    return
  }
  const param = of !== undefined && isFunction(of.node) ? of.node.params[index] : undefined
  if (param === undefined || depth <= 0) {
    read.add(anything)
    return
  }
  followTarget(code, param, read, depth)
}

/** To where the function is called. */
function followReturn(code: Code, node: Node, read: Set<string>, depth: number): void {
  const of = isFunction(node) ? node : [...around(code.tree, node)].find(isFunction)
  const calls = of === undefined ? [] : callsOf(code, of)
  if (calls.length === 0) read.add(anything)
  for (const one of calls) follow(code, one, read, depth)
}

function followTarget(code: Code, target: Node, read: Set<string>, depth: number): void {
  if (target.type === 'ObjectPattern') {
    for (const one of target.properties) {
      const key =
        one.type === 'Property' && !one.computed && one.key.type === 'Identifier'
          ? one.key.name
          : anything
      read.add(key)
    }
    return
  }
  const name: Name | undefined = code.names.get(target)
  if (name === undefined || depth <= 0) {
    read.add(anything)
    return
  }
  for (const one of name.references) follow(code, one, read, depth)
}
