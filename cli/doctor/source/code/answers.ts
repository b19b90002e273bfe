import { isCallback } from './callback-flow.ts'
import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { isPath, type Path, pathsOf } from './paths.ts'
import { around, bare, isFunction, type Node, type NodeOf } from './tree.ts'
import { valuesOf } from './values.ts'

/** What a script tells Auth0 by one call of its callback. */
export interface Answer {
  readonly node: NodeOf<'CallExpression'>
  readonly type: 'error' | 'nobody' | 'profile' | 'unknown' | 'wrong-password'
  /** What it hands over; only of a profile. */
  readonly profile: Node | null
}

export function answersOf(code: Code): readonly Answer[] {
  return code.tree.nodes.flatMap((node) =>
    node.type === 'CallExpression' && isCallback(code, node) ? [answerOf(code, node)] : [],
  )
}

function answerOf(code: Code, node: NodeOf<'CallExpression'>): Answer {
  const [error, profile] = node.arguments
  if (error?.type === 'SpreadElement') return { node, type: 'unknown', profile: null }
  if (error !== undefined && !isNothing(error)) {
    const type = wrongPassword(code, error) ? 'wrong-password' : 'error'
    return { node, type, profile: null }
  }
  if (profile === undefined || isNothing(profile)) return { node, type: 'nobody', profile: null }
  return { node, type: 'profile', profile }
}

/** `null`, `undefined`, `false`, `void 0`. */
function isNothing(node: Node): boolean {
  if (node.type === 'Literal') return node.value === null || node.value === false
  if (node.type === 'UnaryExpression') return node.operator === 'void'
  return node.type === 'Identifier' && node.name === 'undefined'
}

/** And nothing else: `error || new WrongUsernameOrPasswordError()` tells the one from the other. */
function wrongPassword(code: Code, error: Node): boolean {
  return valuesOf(code, error).every(
    ({ node }) =>
      node.type === 'NewExpression' && nameOf(bare(node.callee)) === 'WrongUsernameOrPasswordError',
  )
}

/** A condition that holds where a node is reached. */
export interface Guard {
  readonly test: Node
  readonly truth: boolean
}

/** The conditions right around a node, and whether it is in the handler of an error. */
export function guardsOf(
  code: Code,
  node: Node,
): { readonly guards: readonly Guard[]; readonly caught: boolean } {
  const guards: Guard[] = []
  let inner = node
  for (const one of around(code.tree, node)) {
    if (one.type === 'IfStatement' || one.type === 'ConditionalExpression') {
      if (inner !== one.test) guards.push({ test: one.test, truth: inner === one.consequent })
    }
    if (one.type === 'CatchClause') return { guards, caught: true }
    if (isFunction(one)) return { guards, caught: isRejectionHandler(code, one) }
    inner = one
  }
  return { guards, caught: false }
}

function isRejectionHandler(code: Code, of: Node): boolean {
  const call = code.tree.parents.get(of)
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false
  const method = nameOf(call.callee.property)
  return method === 'catch' || (method === 'then' && call.arguments[1] === of)
}

/** The operands of `||`; where one is enough, each may be why. */
function alternatives(test: Node): readonly Node[] {
  return test.type === 'LogicalExpression' && test.operator === '||'
    ? [...alternatives(test.left), ...alternatives(test.right)]
    : [test]
}

/** Whether a condition, when it turns out so, says that the store gave no usable answer at all. */
export function saysOutage(code: Code, { test, truth }: Guard): boolean {
  return alternatives(test).some((one) => isOutage(code, one, truth))
}

function isOutage(code: Code, test: Node, truth: boolean): boolean {
  if (test.type === 'UnaryExpression' && test.operator === '!')
    return isOutage(code, test.argument, !truth)
  if (test.type === 'BinaryExpression') return isOutageStatus(code, test, truth)
  const paths = pathsOf(code, test)
  if (truth) return paths.some(isError)
  return paths.some((path) => path.at(-1) === 'ok' && path.includes('()'))
}

/** `status !== 200`, `status >= 400`, and the other branch of `status === 200`. */
function isOutageStatus(
  code: Code,
  { left, operator, right }: NodeOf<'BinaryExpression'>,
  truth: boolean,
): boolean {
  const [status, number] =
    right.type === 'Literal'
      ? [left, right.value]
      : [right, left.type === 'Literal' ? left.value : null]
  if (!pathsOf(code, status).some((path) => ['status', 'statusCode'].includes(path.at(-1) ?? '')))
    return false
  if (number === 200) return truth === operator.startsWith('!')
  return (
    truth &&
    operator.startsWith('>') &&
    typeof number === 'number' &&
    number >= 300 &&
    number <= 500
  )
}

/** The first parameter of what is handed to a call, which is its error, and what a promise failed with. */
function isError(path: Path): boolean {
  return isPath(path, ['caught']) || (path.at(-1) === '$0' && path.at(-2) === '()')
}
