import { migrationNamed } from '../../migrations/find-migration.ts'
import { nameOf } from '../code/declarations.ts'
import { textsOf } from '../code/texts.ts'
import type { Node } from '../code/tree.ts'
import { addressFindings } from '../library-versions.ts'
import { type Check, everywhere } from './check.ts'

/** Lock and its kin as code loads them: by the `src` of an element that it makes. */
function loading(id: string): Check {
  const kind = migrationNamed(id)
  return {
    kind,
    in: everywhere,
    find: (code) =>
      code.tree.nodes.flatMap((node) => {
        const source = sourceOf(node)
        if (source === null) return []
        return textsOf(code, source).flatMap(({ text }) =>
          addressFindings(text).flatMap((one) =>
            one.kind.id === id ? [{ node, what: one.what }] : [],
          ),
        )
      }),
  }
}

function sourceOf(node: Node): Node | null {
  if (node.type === 'AssignmentExpression') {
    return node.left.type === 'MemberExpression' && nameOf(node.left.property) === 'src'
      ? node.right
      : null
  }
  if (
    node.type !== 'JSXAttribute' ||
    node.name.type !== 'JSXIdentifier' ||
    node.name.name !== 'src'
  )
    return null
  return node.value?.type === 'JSXExpressionContainer' ? node.value.expression : node.value
}

export const oldLibraryChecks: readonly Check[] = [
  loading('legacy-lock-api'),
  loading('vulnerable-password-flow'),
  loading('auth0-analytics'),
]
