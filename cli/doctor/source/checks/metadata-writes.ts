import { callsIn } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { pathsOf } from '../code/paths.ts'
import { propertiesOf } from '../code/properties.ts'
import type { requestsOf } from '../code/requests.ts'
import type { Node } from '../code/tree.ts'

const mark = /migrat/i

export function marksByRequest(code: Code) {
  return ({ method, to, bodies }: ReturnType<typeof requestsOf>[number]): boolean => {
    if (!['PATCH', 'POST', 'PUT'].includes(method ?? '')) return false
    return (
      to.some(({ address }) => mark.test(address.path)) ||
      bodies.some((body) => hasMark(code, body))
    )
  }
}

export function hasMark(code: Code, node: Node): boolean {
  const { all } = propertiesOf(code, node)
  return (
    [...all].some(
      ([key, values]) =>
        mark.test(key) || (key === 'app_metadata' && values.some((one) => hasMark(code, one))),
    ) || marksMetadata(code, node)
  )
}

/** `user.app_metadata.migrated = true`, and the object is written as a whole. */
function marksMetadata(code: Code, node: Node): boolean {
  const whole = pathsOf(code, node).some((path) =>
    /^user (app|user)_metadata$/.test(path.join(' ')),
  )
  return (
    whole &&
    code.tree.nodes.some(
      (one) =>
        one.type === 'AssignmentExpression' &&
        one.left.type === 'MemberExpression' &&
        pathsOf(code, one.left).some((path) =>
          /^user (app|user)_metadata \S*migrat/i.test(path.join(' ')),
        ),
    )
  )
}

interface MetadataWrite {
  readonly node: Node
  readonly value: Node
}

/** `auth0.users.updateAppMetadata()`, and the same by the SDK. */
export function metadataWrites(code: Code): readonly MetadataWrite[] {
  return callsIn(code).flatMap(({ node, paths }) => {
    const [, value] = node.arguments
    if (value === undefined) return []
    const method = paths.some((path) => /^update(App|User)Metadata$/.test(path.at(-1) ?? ''))
    if (method) return [{ node, value }]
    const updates = paths.some((path) =>
      /ManagementClient new\(\) (users update|updateUser)$/.test(path.join(' ')),
    )
    return updates ? [{ node, value }] : []
  })
}
