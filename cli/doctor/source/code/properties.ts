import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import type { Value } from './frames.ts'
import type { Name } from './names.ts'
import { textsOf } from './texts.ts'
import { bare, type Node, type NodeOf } from './tree.ts'
import { valuesOf } from './values.ts'

/** What an object is seen to have. */
export interface Properties {
  readonly all: ReadonlyMap<string, readonly Node[]>
  /** False where it may have more: it is spread, handed over, or comes from elsewhere. */
  readonly whole: boolean
}

interface Open {
  readonly all: Map<string, Node[]>
  whole: boolean
}

/**
 * The properties of an object, a form or a body: literals, spreads, what is assigned later,
 * `JSON.stringify`, `URLSearchParams`, `querystring.stringify` and the text of a form.
 */
export function propertiesOf(code: Code, node: Node): Properties {
  const open: Open = { all: new Map(), whole: true }
  collect(code, node, open, 6)
  return open
}

function collect(code: Code, node: Node, open: Open, depth: number): void {
  if (depth === 0) {
    open.whole = false
    return
  }
  collectLater(code, node, open)
  for (const value of valuesOf(code, node)) collectValue(code, value, open, depth - 1)
}

function collectValue(code: Code, { node }: Value, open: Open, depth: number): void {
  switch (node.type) {
    case 'ObjectExpression':
      collectLiteral(code, node, open, depth)
      return
    case 'CallExpression':
    case 'NewExpression': {
      const inner = insideOf(node)
      if (inner === null) open.whole = false
      for (const one of inner ?? []) collect(code, one, open, depth)
      return
    }
    default:
  }
  const texts = textsOf(code, node)
  const keys = texts.flatMap(({ text }) =>
    [...text.matchAll(/(?:^|[&?])([\w.-]+)=/g)].flatMap(([, key]) => key ?? []),
  )
  if (keys.length === 0) open.whole = false
  for (const key of keys) add(open, key, node)
}

function collectLiteral(
  code: Code,
  { properties }: NodeOf<'ObjectExpression'>,
  open: Open,
  depth: number,
): void {
  for (const one of properties) {
    if (one.type === 'SpreadElement') collect(code, one.argument, open, depth)
    else {
      const key = one.computed ? textKey(code, one.key) : nameOf(one.key)
      if (key === null) open.whole = false
      else add(open, key, one.value)
    }
  }
}

function textKey(code: Code, key: Node): string | null {
  const [only, second] = textsOf(code, key)
  return only === undefined || second !== undefined || only.holes.length > 0 ? null : only.text
}

/** What a call makes an object of, as far as its properties go. */
function insideOf(
  node: NodeOf<'CallExpression'> | NodeOf<'NewExpression'>,
): readonly Node[] | null {
  const callee = bare(node.callee)
  const given = node.arguments
  if (node.type === 'NewExpression') {
    const known =
      callee.type === 'Identifier' && ['FormData', 'URLSearchParams'].includes(callee.name)
    return known ? given : null
  }
  const name = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)
  if (name === 'stringify') return given.slice(0, 1)
  if (name === 'toString' && callee.type === 'MemberExpression') return [callee.object]
  return name === 'assign' ? given : null
}

/** `data.password = …`, `data.append('password', …)`, by the name that the object has here. */
function collectLater(code: Code, node: Node, open: Open): void {
  const name = nameFor(code, node)
  for (const one of name?.references ?? []) {
    const member = memberAround(code, one)
    if (member === null) continue
    const user = code.tree.parents.get(member)
    if (user?.type === 'AssignmentExpression' && user.left === member) {
      const key = member.computed ? textKey(code, member.property) : nameOf(member.property)
      if (key === null) open.whole = false
      else add(open, key, user.right)
    }
    if (user?.type !== 'CallExpression' || user.callee !== member) continue
    const [key, value] = user.arguments
    if (!['append', 'set'].includes(nameOf(member.property) ?? '') || value === undefined) continue
    const text = key === undefined ? null : textKey(code, key)
    if (text !== null) add(open, text, value)
  }
}

/** What it is called here, or where it was made. */
function nameFor(code: Code, node: Node): Name | undefined {
  const known = code.names.get(bare(node))
  const parent = code.tree.parents.get(node)
  if (known !== undefined || parent?.type !== 'VariableDeclarator') return known
  return parent.init === node ? code.names.get(parent.id) : undefined
}

/** `data.set`, and `url.searchParams.set` of a URL. */
function memberAround({ tree }: Code, node: Node): NodeOf<'MemberExpression'> | null {
  const member = tree.parents.get(node)
  if (member?.type !== 'MemberExpression' || member.object !== node) return null
  return nameOf(member.property) === 'searchParams'
    ? (memberAround({ tree } as Code, member) ?? member)
    : member
}

function add({ all }: Open, key: string, node: Node): void {
  const nodes = all.get(key) ?? []
  all.set(key, [...nodes, node])
}
