import { parse } from 'acorn'

interface SyntaxNode {
  readonly type: string
  readonly [member: string]: unknown
}

/**
 * Finds the settings that a bundle reads, by its syntax tree: members of something called `secrets`
 * or `configuration`, taken out of it by name or by pattern, and text that is written as the names of
 * settings are. Comments do not count.
 *
 * @returns Sorted names.
 * @throws {SyntaxError} when the bundle is not a script.
 */
export function settingsReadBy(code: string): readonly string[] {
  const names = new Set<string>()
  const tree = parse(code, { ecmaVersion: 2024, allowReturnOutsideFunction: true })
  visit(tree as unknown as SyntaxNode, (node) => {
    const name = memberOfSettings(node) ?? settingLikeText(node)
    for (const found of name === undefined ? patternOfSettings(node) : [name]) names.add(found)
  })
  return [...names].sort()
}

function visit(node: SyntaxNode, see: (node: SyntaxNode) => void): void {
  see(node)
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? member : [member]) {
      if (isNode(child)) visit(child, see)
    }
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** `event.secrets.NAME`, `secrets['NAME']`, `configuration.NAME`. */
function memberOfSettings({ type, object, property, computed }: SyntaxNode): string | undefined {
  if (type !== 'MemberExpression' || !isNode(object) || !isNode(property)) return undefined
  if (!isHolder(object)) return undefined
  if (computed === true) return property.type === 'Literal' ? String(property.value) : undefined
  return typeof property.name === 'string' ? property.name : undefined
}

/** `const { NAME, OTHER: alias } = event.secrets`, also as an assignment. */
function patternOfSettings({ type, id, init, left, right }: SyntaxNode): readonly string[] {
  const [pattern, value] = type === 'VariableDeclarator' ? [id, init] : [left, right]
  if (!isNode(pattern) || pattern.type !== 'ObjectPattern') return []
  if (!isNode(value) || !isHolder(value)) return []
  const properties = pattern.properties as readonly SyntaxNode[]
  return properties.flatMap(({ key }) => String(nameOf(key) ?? []))
}

function isHolder({ type, name, property, expression }: SyntaxNode): boolean {
  if (type === 'ChainExpression' && isNode(expression)) return isHolder(expression)
  const holder = type === 'Identifier' ? name : nameOf(property)
  return holder === 'secrets' || holder === 'configuration'
}

function nameOf(node: unknown): unknown {
  return isNode(node) ? (node.name ?? node.value) : undefined
}

/**
 * The kit passes names on as text: `readSetting(secrets, 'CLAIM_NAMESPACE')`. Codes of errors, which
 * npm packages bring along, are written alike and begin with `ERR_`.
 */
function settingLikeText({ type, value }: SyntaxNode): string | undefined {
  if (type !== 'Literal' || typeof value !== 'string') return undefined
  return /^(?!ERR_)[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(value) ? value : undefined
}
