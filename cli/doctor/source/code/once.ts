import type { Code } from './code.ts'
import type { Name } from './names.ts'
import { bare, type FunctionNode, type Node, within } from './tree.ts'

const known = new WeakMap<FunctionNode, boolean>()

/** Whether a function does its work the first time only, by a flag outside that it asks and sets. */
export function isOnce(code: Code, of: FunctionNode): boolean {
  const found = known.get(of) ?? asksItsFlag(code, of)
  known.set(of, found)
  return found
}

function asksItsFlag(code: Code, of: FunctionNode): boolean {
  if (of.body?.type !== 'BlockStatement') return false
  const flags = new Set<Name>()
  for (const one of within(of.body, false)) {
    if (one.type !== 'AssignmentExpression' || one.right.type !== 'Literal') continue
    const name = code.names.get(one.left)
    if (name !== undefined && (name.at < of.start || name.at > of.end)) flags.add(name)
  }
  return of.body.body.some((one) => {
    const flag = one.type === 'IfStatement' ? code.names.get(plain(one.test)) : undefined
    return flag !== undefined && flags.has(flag)
  })
}

function plain(test: Node): Node {
  const inner = bare(test)
  return inner.type === 'UnaryExpression' && inner.operator === '!' ? bare(inner.argument) : inner
}
