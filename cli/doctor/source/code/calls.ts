import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { type Path, pathsOf } from './paths.ts'
import { propertiesOf } from './properties.ts'
import { textOf } from './texts.ts'
import type { Node, NodeOf } from './tree.ts'
import { keyOf } from './values.ts'

export interface Call {
  readonly node: NodeOf<'CallExpression'>
  /** What may be called. */
  readonly paths: readonly Path[]
}

const known = new WeakMap<Code, readonly Call[]>()

export function callsIn(code: Code): readonly Call[] {
  const found = known.get(code)
  if (found !== undefined) return found
  const calls = code.tree.nodes.flatMap((node) =>
    node.type === 'CallExpression' ? [{ node, paths: pathsOf(code, node.callee) }] : [],
  )
  known.set(code, calls)
  return calls
}

/** The last name of what is called: `changePassword` of `auth.database.changePassword()`. */
export function methodOf({ callee }: NodeOf<'CallExpression'>): string | null {
  return callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)
}

const clients: Readonly<Record<'authentication' | 'browser' | 'management', readonly string[]>> = {
  authentication: ['module:auth0 AuthenticationClient new()'],
  browser: [
    'Auth0 new()',
    'Auth0Lock new()',
    'auth0 Authentication new()',
    'auth0 WebAuth new()',
    'module:auth0-js Authentication new()',
    'module:auth0-js WebAuth new()',
    'module:auth0-js new()',
    'module:auth0-lock Auth0Lock new()',
    'module:auth0-lock new()',
  ],
  management: [
    'auth0 Management new()',
    'module:auth0 ManagementClient new()',
    'module:auth0-js Management new()',
  ],
}

/** The calls of a method of Auth0’s SDKs: `users.deleteAll` of the management client. */
export function sdkCalls(
  code: Code,
  client: keyof typeof clients,
  ...methods: readonly string[]
): readonly Call['node'][] {
  const wanted = clients[client].flatMap((one) =>
    methods.map((method) => `${one} ${method.replaceAll('.', ' ')}`),
  )
  return callsIn(code)
    .filter(({ paths }) => paths.some((path) => wanted.includes(path.join(' '))))
    .map(({ node }) => node)
}

/** The instances of a client that are made, by their options. */
export function sdkClients(
  code: Code,
  client: keyof typeof clients,
): readonly NodeOf<'NewExpression'>[] {
  return code.tree.nodes.flatMap((node) => {
    if (node.type !== 'NewExpression') return []
    const paths = pathsOf(code, node)
    return paths.some((path) => clients[client].includes(path.join(' '))) ? [node] : []
  })
}

/** What any argument of a call has by that name. */
export function argumentsNamed(
  code: Code,
  { arguments: given }: NodeOf<'CallExpression'> | NodeOf<'NewExpression'>,
  name: string,
): readonly Node[] {
  return given.flatMap((one) => propertiesOf(code, one).all.get(name) ?? [])
}

interface Read {
  readonly node: Node
  readonly paths: readonly Path[]
}

/** Where a property of this name is read, and where it comes from. */
export function readsOf(code: Code, names: readonly string[]): readonly Read[] {
  return code.tree.nodes.flatMap((node): readonly Read[] => {
    if (node.type === 'MemberExpression') {
      const key = keyOf(code, node)
      if (key === null || !names.includes(key) || isWritten(code, node)) return []
      return [{ node, paths: pathsOf(code, node) }]
    }
    const pattern = node.type === 'Property' ? code.tree.parents.get(node) : undefined
    if (node.type !== 'Property' || pattern?.type !== 'ObjectPattern') return []
    const key = node.computed ? textOf(code, node.key) : nameOf(node.key)
    if (key === null || !names.includes(key)) return []
    const target = node.value.type === 'AssignmentPattern' ? node.value.left : node.value
    return [{ node, paths: pathsOf(code, target) }]
  })
}

function isWritten(code: Code, node: Node): boolean {
  const parent = code.tree.parents.get(node)
  if (parent?.type === 'AssignmentExpression')
    return parent.left === node && parent.operator === '='
  return parent?.type === 'UnaryExpression' && parent.operator === 'delete'
}
