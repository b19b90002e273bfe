import { type Node, parse } from 'acorn'

type Fields = Readonly<Record<string, unknown>>

/**
 * Whether an Action may deny a login: whether it calls `api.access.deny`, by whatever name it has it.
 *
 * @returns null where the code does not parse.
 */
export function deniesLogins(code: string): boolean | null {
  try {
    return someNode(
      parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true }),
      denies,
    )
  } catch {
    return null
  }
}

/** `….access.deny`, `access.deny` of a pattern, and `{ deny }` taken out of something called access. */
function denies(node: Fields): boolean {
  if (node.type === 'MemberExpression' && nameOf(node.property) === 'deny') {
    const { object } = node
    return nameOf(object) === 'access' || (isFields(object) && nameOf(object.property) === 'access')
  }
  if (node.type === 'Property' && nameOf(node.key) === 'access' && isFields(node.value)) {
    const { properties } = node.value
    return (
      Array.isArray(properties) &&
      properties.some((one) => isFields(one) && nameOf(one.key) === 'deny')
    )
  }
  if (node.type !== 'VariableDeclarator' || !isFields(node.id) || !isFields(node.init)) return false
  const from = nameOf(node.init) === 'access' || nameOf(node.init.property) === 'access'
  const properties = Array.isArray(node.id.properties) ? node.id.properties : []
  return from && properties.some((one) => isFields(one) && nameOf(one.key) === 'deny')
}

/** Of an identifier, or of a text in brackets: `api['access']`. */
function nameOf(node: unknown): unknown {
  return isFields(node) ? (node.name ?? node.value) : undefined
}

function someNode(node: Fields | Node, test: (node: Fields) => boolean): boolean {
  const fields = node as unknown as Fields
  if (test(fields)) return true
  return Object.values(fields).some((member) =>
    (Array.isArray(member) ? member : [member]).some(
      (child) => isFields(child) && typeof child.type === 'string' && someNode(child, test),
    ),
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
