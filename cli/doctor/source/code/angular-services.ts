import type { Code } from './code.ts'
import type { Path } from './paths.ts'
import type { Node } from './tree.ts'

/** What Angular hands to a constructor, by its type. Many an application has an AuthService of its own. */
export function serviceOf({ tree }: Code, type: string | null): Path | null {
  if (type === 'HttpClient') return ['module:@angular/common/http', type, 'new()']
  if (type !== 'AuthService') return null
  const isAuth0s = tree.nodes.some(
    (node) =>
      node.type === 'ImportSpecifier' &&
      node.local.name === type &&
      importedFrom(tree, node) === '@auth0/auth0-angular',
  )
  return isAuth0s ? ['module:@auth0/auth0-angular', type, 'new()'] : null
}

function importedFrom({ parents }: Code['tree'], specifier: Node): string | null {
  const declaration = parents.get(specifier)
  return declaration?.type === 'ImportDeclaration' ? declaration.source.value : null
}
