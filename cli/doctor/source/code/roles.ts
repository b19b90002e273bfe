import type { Program } from 'oxc-parser'
import { nameOf } from './declarations.ts'
import {
  around,
  bare,
  type FunctionNode,
  isFunction,
  type Node,
  type NodeOf,
  type Tree,
} from './tree.ts'

type ScriptKind =
  | 'change_email'
  | 'change_password'
  | 'create'
  | 'delete'
  | 'get_user'
  | 'login'
  | 'verify'

/** What runs a piece of code: Auth0, in one of these places, or somebody else (`source`). */
export type CodeKind = 'action' | 'hook' | 'rule' | 'source' | ScriptKind

/** https://auth0.com/docs/authenticate/database-connections/custom-db/templates */
const scripts: Readonly<
  Record<ScriptKind, { readonly names: readonly string[]; readonly given: readonly string[] }>
> = {
  change_email: { names: ['changeEmail'], given: ['email', 'newEmail', 'verified'] },
  change_password: { names: ['changePassword'], given: ['email', 'password'] },
  create: { names: ['create'], given: ['user'] },
  delete: { names: ['deleteUser', 'remove'], given: ['id'] },
  get_user: { names: ['getByEmail', 'getUser'], given: ['email'] },
  login: { names: ['login'], given: ['email', 'password'] },
  verify: { names: ['verify'], given: ['email'] },
}

function isScript(kind: CodeKind): kind is ScriptKind {
  return kind in scripts
}

/** By its shape: no name of a file says what Auth0 runs. */
export function kindOf(program: Program, tree: Tree): CodeKind {
  if (namesAnyHandler(tree)) return 'action'
  const only = onlyFunction(program)
  if (only !== null && isRuleShaped(only)) return 'rule'
  if (only?.type !== 'FunctionDeclaration' || only.id === null) return 'source'
  const { name } = only.id
  const kind = kindOfName(name)
  return kind !== null && usesGlobals(tree) ? kind : 'source'
}

function kindOfName(name: string): ScriptKind | null {
  const found = Object.entries(scripts).find(([, { names }]) => names.includes(name))
  return found === undefined ? null : (found[0] as ScriptKind)
}

/** What only the sandbox of database scripts has. */
function usesGlobals({ nodes }: Tree): boolean {
  const globals = ['ValidationError', 'WrongUsernameOrPasswordError', 'configuration']
  return nodes.some((node) => node.type === 'Identifier' && globals.includes(node.name))
}

function onlyFunction({ body }: Program): FunctionNode | null {
  const [first, second] = body.filter(
    (one) => !('directive' in one) && one.type !== 'EmptyStatement',
  )
  if (first === undefined || second !== undefined) return null
  if (first.type === 'FunctionDeclaration') return first
  if (first.type !== 'ExpressionStatement') return null
  const { expression } = first
  const value = expression.type === 'UnaryExpression' ? expression.argument : expression
  return isFunction(value) ? value : null
}

function isRuleShaped(node: FunctionNode): boolean {
  const names = node.params.map((one) => (one.type === 'Identifier' ? one.name : null))
  if (node.type !== 'FunctionDeclaration') return names.length === 3
  return names.length === 3 && names[0] === 'user' && names[1] === 'context'
}

/** The functions that Auth0 calls, and what each of their parameters is. */
export function rolesOf(
  kind: CodeKind,
  program: Program,
  tree: Tree,
): ReadonlyMap<FunctionNode, readonly string[]> {
  if (kind === 'source') return new Map()
  if (kind === 'action') {
    const handlers = tree.nodes.flatMap((node) => handlerOf(tree, node) ?? [])
    return new Map(handlers.map((node) => [node, ['event', 'api']]))
  }
  const entry = entryOf(kind, program)
  if (entry === null) return new Map()
  const count = entry.params.length
  if (kind === 'rule') return new Map([[entry, ['user', 'context', 'callback']]])
  const given = isScript(kind) ? scripts[kind].given : []
  const roles = Array.from({ length: count - 1 }, (_, index) => given[index] ?? 'context')
  return new Map([[entry, [...roles, 'callback']]])
}

/** The one function there is, or the one that has a name that Auth0’s own templates give it. */
function entryOf(kind: CodeKind, program: Program): FunctionNode | null {
  const only = onlyFunction(program)
  if (only !== null) return only
  const functions = program.body.flatMap((one) => (one.type === 'FunctionDeclaration' ? [one] : []))
  const names = isScript(kind) ? [...scripts[kind].names, kind] : []
  const named = functions.find(({ id }) => id !== null && names.includes(id.name))
  return named ?? exportedOf(program) ?? (functions.length === 1 ? (functions[0] ?? null) : null)
}

/** `module.exports = function …`, as a Hook has it. */
function exportedOf({ body }: Program): FunctionNode | null {
  for (const one of body) {
    if (one.type !== 'ExpressionStatement' || one.expression.type !== 'AssignmentExpression')
      continue
    const { left, right } = one.expression
    if (
      left.type === 'MemberExpression' &&
      nameOf(left.property) === 'exports' &&
      isFunction(right)
    ) {
      return right
    }
  }
  return null
}

const handlerName = /^on(Continue|Execute)[A-Z]\w*$/

/** A function that is exported by the name of a trigger: `exports.onExecutePostLogin = …`. */
function handlerOf(tree: Tree, node: Node): FunctionNode | null {
  if (node.type === 'FunctionDeclaration') {
    if (node.id === null || !handlerName.test(node.id.name)) return null
    const exported = tree.parents.get(node)?.type === 'ExportNamedDeclaration'
    return exported || isExported(tree, node.id.name) ? node : null
  }
  if (!isFunction(node)) return null
  for (const one of around(tree, node)) {
    if (one.type === 'AssignmentExpression' && bare(one) === node) {
      return isHandlerTarget(one.left) ? node : null
    }
    if (one.type === 'VariableDeclarator' && one.id.type === 'Identifier') {
      const { name } = one.id
      return handlerName.test(name) && isExported(tree, name, one) ? node : null
    }
    if (one.type === 'Property') return handlerName.test(nameOf(one.key) ?? '') ? node : null
    if (bare(one) !== node) return null
  }
  return null
}

/** Whether there is something for Auth0 to call in code that it runs. */
export function hasEntry({
  kind,
  roles,
  tree,
}: {
  readonly kind: CodeKind
  readonly roles: ReadonlyMap<FunctionNode, readonly string[]>
  readonly tree: Tree
}): boolean {
  return kind === 'source' || roles.size > 0 || (kind === 'action' && namesAnyHandler(tree))
}

function namesAnyHandler(tree: Tree): boolean {
  return tree.nodes.some((node) => namesHandler(tree, node))
}

/** Whatever is exported by the name of a trigger: a bundle exports what a call has made. */
function namesHandler(tree: Tree, node: Node): boolean {
  if (node.type === 'AssignmentExpression') return isHandlerTarget(node.left)
  return handlerOf(tree, node) !== null
}

function isHandlerTarget(left: NodeOf<'AssignmentExpression'>['left']): boolean {
  return left.type === 'MemberExpression' && handlerName.test(nameOf(left.property) ?? '')
}

/** `export const`, or `exports.onExecutePostLogin = onExecutePostLogin`. */
function isExported(tree: Tree, name: string, declarator?: Node): boolean {
  const declaration = declarator === undefined ? undefined : tree.parents.get(declarator)
  const around = declaration === undefined ? undefined : tree.parents.get(declaration)
  if (around?.type === 'ExportNamedDeclaration') return true
  return tree.nodes.some(
    (node) =>
      node.type === 'AssignmentExpression' &&
      node.right.type === 'Identifier' &&
      node.right.name === name &&
      isHandlerTarget(node.left),
  )
}
