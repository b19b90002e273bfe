import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import type { Text } from './texts.ts'
import type { Node, NodeOf } from './tree.ts'
import { valuesOf } from './values.ts'

/** `new URLSearchParams()` that is part of an address, and a `new URL()` that may have got some later. */
export function queriesIn(
  code: Code,
  first: Node | undefined,
  texts: readonly Text[],
): readonly Node[] {
  const isMade = (node: Node, name: string) =>
    node.type === 'NewExpression' && nameOf(node.callee) === name
  const parts = texts.flatMap(({ holes }) => holes)
  const urls = first === undefined ? [] : valuesOf(code, first).map(({ node }) => node)
  return [
    ...parts.filter((one) => isMade(one, 'URLSearchParams')),
    ...urls.filter((one) => isMade(one, 'URL')),
  ]
}

/** `xhr.send(body)`, of the same request. */
export function sentByXhr(code: Code, { callee }: NodeOf<'CallExpression'>): readonly Node[] {
  const xhr = callee.type === 'MemberExpression' ? code.names.get(callee.object) : undefined
  return (xhr?.references ?? []).flatMap((one) => {
    const member = code.tree.parents.get(one)
    const call = member === undefined ? undefined : code.tree.parents.get(member)
    if (member?.type !== 'MemberExpression' || call?.type !== 'CallExpression') return []
    return nameOf(member.property) === 'send' ? call.arguments.slice(0, 1) : []
  })
}

/** `.send(body)` of superagent: further on in the same chain. */
export function sentLater(code: Code, node: Node): readonly Node[] {
  const bodies: Node[] = []
  let one = node
  for (let at = 0; at < 12; at += 1) {
    const member = code.tree.parents.get(one)
    const call = member === undefined ? undefined : code.tree.parents.get(member)
    if (member?.type !== 'MemberExpression' || call?.type !== 'CallExpression') return bodies
    if (nameOf(member.property) === 'send') bodies.push(...call.arguments.slice(0, 1))
    one = call
  }
  return bodies
}
