import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { type FunctionNode, type Node, type NodeOf, within } from './tree.ts'

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

const knownReturns = new WeakMap<FunctionNode, readonly Node[]>()

/** What a function may return; nothing of what functions within it do. */
export function returnsOf(of: FunctionNode): readonly Node[] {
  const known = knownReturns.get(of)
  if (known !== undefined) return known
  const { body } = of
  const returns =
    body === null || body.type !== 'BlockStatement'
      ? [body].filter((one) => one !== null)
      : [...within(body, false)].flatMap((one) =>
          one.type === 'ReturnStatement' && one.argument !== null ? [one.argument] : [],
        )
  knownReturns.set(of, returns)
  return returns
}

/** `Object.freeze(x)` and `JSON.parse(x)` are x, as far as anybody reads it. */
export function isTransparent(callee: Node): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false
  const name = `${callee.object.name}.${nameOf(callee.property)}`
  return ['JSON.parse', 'Object.freeze', 'Object.seal', 'Promise.resolve'].includes(name)
}

/** The value that a literal has under a key. */
export function memberOf(node: Node, key: string): Node | undefined {
  if (node.type === 'ArrayExpression') return node.elements[Number(key)] ?? undefined
  if (node.type !== 'ObjectExpression') return undefined
  const found = node.properties.findLast(
    (one) => one.type === 'Property' && !one.computed && nameOf(one.key) === key,
  )
  return found?.type === 'Property' ? found.value : undefined
}

/** `promise.then(…)`. */
export function isThen({ callee }: NodeOf<'CallExpression'>): boolean {
  return callee.type === 'MemberExpression' && nameOf(callee.property) === 'then'
}

/** What a module of the same sources exports, where this is its `require`. */
export function requiredBy(
  code: Code,
  { callee, arguments: [first] }: NodeOf<'CallExpression'>,
): Node | null {
  if (callee.type !== 'Identifier' || callee.name !== 'require' || code.names.has(callee))
    return null
  return first?.type === 'Literal' ? code.imported(String(first.value)) : null
}
