import { parse } from 'acorn'

interface SyntaxNode {
  readonly type: string
  readonly [member: string]: unknown
}

/**
 * Finds the settings that a bundle reads, by its syntax tree: members of something called `secrets`
 * or `configuration`, and text that is written as the names of settings are. Comments do not count.
 *
 * @returns Sorted names.
 * @throws {SyntaxError} when the bundle is not a script.
 */
export function settingsReadBy(code: string): readonly string[] {
  const names = new Set<string>()
  const tree = parse(code, { ecmaVersion: 2024, allowReturnOutsideFunction: true })
  visit(tree as unknown as SyntaxNode, (node) => {
    const name = memberOfSettings(node) ?? settingLikeText(node)
    if (name !== undefined) names.add(name)
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
  const holder = object.type === 'Identifier' ? object.name : nameOf(object.property)
  if (holder !== 'secrets' && holder !== 'configuration') return undefined
  if (computed === true) return property.type === 'Literal' ? String(property.value) : undefined
  return typeof property.name === 'string' ? property.name : undefined
}

function nameOf(node: unknown): unknown {
  return isNode(node) ? (node.name ?? node.value) : undefined
}

/** The kit passes names on as text: `readSetting(secrets, 'CLAIM_NAMESPACE')`. */
function settingLikeText({ type, value }: SyntaxNode): string | undefined {
  if (type !== 'Literal' || typeof value !== 'string') return undefined
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(value) ? value : undefined
}
