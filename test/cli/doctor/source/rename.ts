import { readCode } from '../../../../cli/doctor/source/code/code.ts'
import type { CodeKind } from '../../../../cli/doctor/source/code/roles.ts'
import type { Node } from '../../../../cli/doctor/source/code/tree.ts'

/** Names by which Auth0 finds what it calls, and by which AngularJS hands things over. */
const fixed = /^(on(Continue|Execute)[A-Z]\w*|login|getUser|\$\w*)$/

/** The same code with another name for everything that it gives a name to. */
export function renamed(text: string, kind: CodeKind, nameOf: (index: number) => string): string {
  const code = readCode(text, 'jsx', kind)
  if ('because' in code) throw new Error(`${code.because}: ${text}`)
  const numbers = new Map<object, number>()
  let result = text
  const nodes = [...code.names.keys()].sort((a, b) => b.start - a.start)
  for (const node of nodes) {
    const name = code.names.get(node)
    if (name === undefined || fixed.test(name.text)) continue
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    const at = node.start - code.shift
    const short = prefixOf(code.tree.parents, node, name.text)
    result = result.slice(0, at) + short + nameOf(number) + result.slice(at + name.text.length)
  }
  return result
}

/** `{ a }`, `{ a = 1 }` and `import { a }`: the name is that of the property, too. */
function prefixOf(parents: ReadonlyMap<Node, Node>, node: Node, text: string): string {
  const parent = parents.get(node)
  if (parent?.type === 'ImportSpecifier' && parent.imported.start === node.start)
    return `${text} as `
  const property = parent?.type === 'AssignmentPattern' ? parents.get(parent) : parent
  return property?.type === 'Property' && property.shorthand ? `${text}: ` : ''
}
