import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { returnsOf } from './functions.ts'
import type { Path } from './paths.ts'
import { bare, isFunction, type Node, type NodeOf } from './tree.ts'

/** Where the result of a call comes from; `on` answers it for another expression. */
export function pathsOfCall(
  code: Code,
  { callee: written, arguments: given }: NodeOf<'CallExpression'>,
  on: (node: Node) => readonly Path[],
): readonly Path[] {
  const callee = bare(written)
  const [first] = given
  if (callee.type === 'Identifier' && callee.name === 'require' && !code.names.has(callee)) {
    return first?.type === 'Literal' ? [[`module:${withoutVersion(String(first.value))}`]] : []
  }
  if (callee.type === 'MemberExpression') {
    const method = nameOf(callee.property) ?? ''
    if (method === 'then' && isFunction(first) && returnsOf(first).length > 0) {
      return returnsOf(first).flatMap(on)
    }
    if (['bind', 'catch', 'finally', 'then'].includes(method)) return on(callee.object)
    if (['concat', 'filter', 'reverse', 'slice', 'sort', 'toArray'].includes(method))
      return on(callee.object)
    if (['find', 'findLast'].includes(method) && isFunction(first)) {
      return on(callee.object).map((path) => [...path, '[]'])
    }
    if (['pop', 'shift'].includes(method)) return on(callee.object).map((path) => [...path, '0'])
    if (method === 'call' || method === 'apply')
      return on(callee.object).map((path) => [...path, '()'])
    if (method === 'promisify' && first !== undefined) return on(first)
    if (method === 'at' && first?.type === 'Literal') {
      return on(callee.object).map((path) => [...path, String(first.value)])
    }
    if (method === 'split' && first?.type === 'Literal') {
      return on(callee.object).map((path) => [...path, 'split', String(first.value), '()'])
    }
  }
  const paths = on(callee)
  // Angular’s other way to hand a service over.
  if (first !== undefined && paths.some((path) => path.join(' ') === 'module:@angular/core inject'))
    return on(first).map((path) => [...path, 'new()'])
  return paths.map((path) => [...path, '()'])
}

/** Rules and database scripts ask for `auth0@2.9.1`. */
function withoutVersion(module: string): string {
  return module.replace(/(?<=.)@[^/]*$/, '').replace(/^node:/, '')
}
