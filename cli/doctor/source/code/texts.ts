import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import type { Value } from './frames.ts'
import { bare, type Node, type NodeOf } from './tree.ts'
import { valuesOf } from './values.ts'

/** Stands in a text for what is not known until the code runs. */
export const hole = '\uFFFC'

/** A text as far as it is known: as many holes as nodes that fill them. */
export interface Text {
  readonly text: string
  readonly holes: readonly Node[]
}

const mostTexts = 8
/** Characters. A longer text is no address and no query. */
const longest = 8_000
const empty: Text = { text: '', holes: [] }

/** The texts that an expression may be; what cannot be folded is a hole, never a guess. */
export function textsOf(code: Code, node: Node): readonly Text[] {
  return fold(code, { node, frame: null }, 12)
}

/** The one text of an expression that is known whole; null for any other. */
export function textOf(code: Code, node: Node): string | null {
  const [first, second] = textsOf(code, node)
  return first !== undefined && second === undefined && first.holes.length === 0 ? first.text : null
}

function fold(code: Code, { node, frame }: Value, depth: number): readonly Text[] {
  if (depth === 0) return [{ text: hole, holes: [node] }]
  return valuesOf(code, node, frame)
    .flatMap((value) => foldValue(code, value, depth - 1))
    .slice(0, mostTexts)
}

function foldValue(code: Code, value: Value, depth: number): readonly Text[] {
  const { node, frame } = value
  const inner = (one: Node) => fold(code, { node: one, frame }, depth)
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' || typeof node.value === 'number'
        ? [{ text: String(node.value), holes: [] }]
        : [{ text: hole, holes: [node] }]
    case 'TemplateLiteral':
      return foldTemplate(node, inner)
    case 'TaggedTemplateExpression':
      return foldTemplate(node.quasi, inner)
    case 'BinaryExpression':
      if (node.operator !== '+') break
      return product(operandsOf(node).map(inner))
    case 'CallExpression':
      return foldCall(node, inner) ?? [{ text: hole, holes: [node] }]
    case 'NewExpression':
      return foldUrl(node, inner) ?? [{ text: hole, holes: [node] }]
    case 'MemberExpression':
      if (!node.computed && nameOf(node.property) === 'href') return inner(node.object)
      break
    default:
  }
  return [{ text: hole, holes: [node] }]
}

type Inner = (node: Node) => readonly Text[]

function foldTemplate(node: NodeOf<'TemplateLiteral'>, inner: Inner): readonly Text[] {
  return product(
    node.quasis.flatMap(({ value }, index) => {
      const text = [{ text: value.cooked ?? value.raw, holes: [] }]
      const expression = node.expressions[index]
      return expression === undefined ? [text] : [text, inner(expression)]
    }),
  )
}

/** A long sum is a deep tree: its operands are collected without recursion. */
function operandsOf(node: NodeOf<'BinaryExpression'>): readonly Node[] {
  const operands: Node[] = []
  let left: Node = node
  while (left.type === 'BinaryExpression' && left.operator === '+') {
    operands.push(left.right)
    left = bare(left.left)
  }
  return [...operands, left].reverse()
}

function foldCall(
  { callee, arguments: given }: NodeOf<'CallExpression'>,
  inner: Inner,
): readonly Text[] | null {
  const [first] = given
  if (callee.type === 'Identifier') {
    return callee.name === 'String' && first !== undefined ? inner(first) : null
  }
  if (callee.type !== 'MemberExpression') return null
  switch (nameOf(callee.property)) {
    case 'concat':
      return product([callee.object, ...given].map(inner))
    case 'join': {
      const separator = first === undefined ? [{ text: ',', holes: [] }] : inner(first)
      const parts = callee.object.type === 'ArrayExpression' ? callee.object.elements : null
      if (parts === null) return null
      const texts = parts.flatMap((part, index) =>
        part === null ? [] : index === 0 ? [inner(part)] : [separator, inner(part)],
      )
      return product(texts)
    }
    case 'toString':
    case 'trim':
      return inner(callee.object)
    default:
      return null
  }
}

/** `new URL(path, base)`, as far as the path is one from the root. */
function foldUrl(
  { callee, arguments: [path, base] }: NodeOf<'NewExpression'>,
  inner: Inner,
): readonly Text[] | null {
  if (callee.type !== 'Identifier' || !['Request', 'URL'].includes(callee.name)) return null
  if (path === undefined) return null
  if (callee.name === 'Request' || base === undefined) return inner(path)
  const bases = inner(base).map(({ text, holes }) => {
    const origin = /^(https?:\/\/[^/]*|\uFFFC)/.exec(text)?.[0] ?? hole
    return { text: origin, holes: origin.includes(hole) ? holes.slice(0, 1) : [] }
  })
  return inner(path).flatMap((one) => (one.text.startsWith('/') ? product([bases, [one]]) : [one]))
}

function product(parts: readonly (readonly Text[])[]): readonly Text[] {
  let texts: readonly Text[] = [empty]
  for (const part of parts) {
    texts = texts.flatMap((left) => part.map((right) => joined(left, right))).slice(0, mostTexts)
    if ((texts[0]?.text.length ?? 0) > longest) return texts
  }
  return texts
}

function joined(left: Text, right: Text): Text {
  return { text: left.text + right.text, holes: [...left.holes, ...right.holes] }
}
