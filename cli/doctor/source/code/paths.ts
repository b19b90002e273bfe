import { serviceOf } from './angular-services.ts'
import { pathsOfCall } from './call-paths.ts'
import { typeOfField, typeOfParameter } from './class-members.ts'
import type { Code } from './code.ts'
import { type Definition, nameOf } from './declarations.ts'
import type { Frame, Value } from './frames.ts'
import { callsOf } from './functions.ts'
import { bare, type FunctionNode, type Node, type NodeOf } from './tree.ts'
import { keyOf, valuesOf } from './values.ts'

/**
 * Where a value comes from, whatever it is called here: `event request body`, `module:axios get ()`.
 * The root is a part that Auth0 gives (`event`, `user`), a module, a name of the platform, or `#12`:
 * the parameter or function that stands there. `()` is a result, `new()` an instance, `[]` an
 * element, `$1` the second parameter of a function that was handed over, `?` a key not known.
 */
export type Path = readonly string[]

const mostPaths = 8
/** Parts. What is further from its root is not looked for. */
const longest = 16

export function pathsOf(code: Code, node: Node, frame: Frame | null = null): readonly Path[] {
  return find(code, { node, frame }, 6)
}

/** Whether a path is this one, for every part but `*`, which is any. */
export function isPath(path: Path, parts: readonly string[]): boolean {
  return (
    path.length === parts.length && parts.every((part, at) => part === '*' || part === path[at])
  )
}

export function startsWith(path: Path, ...parts: string[]): boolean {
  return parts.every((part, at) => part === '*' || part === path[at])
}

/**
 * Outside of a call every node is asked once, as its values are; `depth` is how deep calls within
 * calls are worked out.
 */
function find(code: Code, value: Value, depth: number): readonly Path[] {
  if (depth === 0) return []
  const node = bare(value.node)
  const known = value.frame === null ? code.knownPaths.get(node) : undefined
  if (known !== undefined) return known
  if (value.frame === null) code.knownPaths.set(node, [])
  const inner = value.frame === null ? depth : depth - 1
  const values = valuesOf(code, node, value.frame)
  const paths = unique(values.flatMap((one) => pathOfValue(code, one, inner))).slice(0, mostPaths)
  if (value.frame === null) code.knownPaths.set(node, paths)
  return paths
}

function pathOfValue(code: Code, { node, frame }: Value, depth: number): readonly Path[] {
  const on = (next: Node) => find(code, { node: next, frame }, depth)
  switch (node.type) {
    case 'Identifier':
      return pathsOfName(code, node, depth)
    case 'MemberExpression': {
      const key = keyOf(code, node, frame) ?? '?'
      const type = node.object.type === 'ThisExpression' ? typeOfField(code, node, key) : null
      const service = serviceOf(code, type)
      if (service !== null) return [service]
      return on(node.object).map((path) => withKey(path, key))
    }
    case 'CallExpression':
      return pathsOfCall(code, node, on)
    case 'NewExpression':
      return on(node.callee).map((path) => [...path, 'new()'])
    case 'ImportExpression':
      return node.source.type === 'Literal' ? [[`module:${node.source.value}`]] : []
    case 'ThisExpression':
      return [['this']]
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return [[`#${node.start}`]]
    default:
      return []
  }
}

/** `window.fetch` is `fetch`, and the default of a module is the module. */
function withKey(path: Path, key: string): Path {
  const [root = ''] = path
  if (path.length === 1 && ['globalThis', 'self', 'window'].includes(root)) return [key]
  if (path.length === 1 && root.startsWith('module:') && key === 'default') return path
  return [...path, key]
}

function pathsOfName(
  code: Code,
  node: NodeOf<'Identifier'> | Node,
  depth: number,
): readonly Path[] {
  const name = code.names.get(node)
  if (name === undefined) return node.type === 'Identifier' ? [[node.name]] : []
  const paths = name.definitions.flatMap((one) => pathsOfDefinition(code, one, name.at, depth))
  return paths.length > 0 ? paths : [[`#${name.at}`]]
}

function pathsOfDefinition(
  code: Code,
  definition: Definition,
  at: number,
  depth: number,
): readonly Path[] {
  const along = (path: Path, keys: readonly (Node | string | null)[]) =>
    keys.reduce<Path>((sum, key) => withKey(sum, typeof key === 'string' ? key : '?'), path)
  switch (definition.type) {
    case 'value':
    case 'element': {
      const { node, keys, type } = definition
      const from = find(code, { node, frame: null }, depth)
      return from.map((path) => along(type === 'element' ? [...path, '[]'] : path, keys))
    }
    case 'import':
      return [along([`module:${definition.module}`], definition.keys)]
    case 'parameter': {
      const role = code.roles.get(definition.of)?.[definition.index]
      if (role !== undefined) return [along([role], definition.keys)]
      const service = serviceOf(code, typeOfParameter(definition.of, definition.index))
      if (service !== null) return [along(service, definition.keys)]
      const given = pathsOfGiven(code, definition.of, definition.index, depth)
      return given.map((path) => along(path, definition.keys))
    }
    case 'unset':
      return []
    default:
      return [[`#${at}`]]
  }
}

/** What a local function, or one that is handed over, is called with. */
function pathsOfGiven(code: Code, of: FunctionNode, index: number, depth: number): readonly Path[] {
  const calls = callsOf(code, of)
  if (calls.length > 0 && calls.length <= mostPaths) {
    return calls.flatMap(({ arguments: given }) => {
      const node = given[index]
      return node === undefined ? [] : find(code, { node, frame: null }, depth)
    })
  }
  const unknown = [[parameterName(of, index)]]
  const call = code.tree.parents.get(of)
  if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return unknown
  if (!call.arguments.some((one) => one === of)) return unknown
  const callee = bare(call.callee)
  if (callee.type === 'MemberExpression') {
    const method = nameOf(callee.property) ?? ''
    const receiver = () => find(code, { node: callee.object, frame: null }, depth)
    if (method === 'then' && index === 0 && call.arguments[0] === of) return receiver()
    if (method === 'catch' || method === 'then') return [['caught']]
    if (perElement.includes(method) && index === 0) return receiver().map((path) => [...path, '[]'])
  }
  const paths = find(code, { node: call.callee, frame: null }, depth)
  const way = call.type === 'NewExpression' ? 'new()' : '()'
  return paths.length === 0 ? unknown : paths.map((path) => [...path, way, `$${index}`])
}

/** AngularJS hands over by the name of the parameter. */
function parameterName(of: FunctionNode, index: number): string {
  const param = of.params[index]
  return param?.type === 'Identifier' && param.name.startsWith('$')
    ? param.name
    : `#${of.start}$${index}`
}

const perElement = [
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'flatMap',
  'forEach',
  'map',
  'some',
]

function unique(paths: readonly Path[]): readonly Path[] {
  const short = paths.filter(({ length }) => length <= longest)
  return short.length < 2
    ? short
    : [...new Map(short.map((path) => [path.join('\n'), path])).values()]
}
