import type { Code } from './code.ts'
import { type Path, pathsOf } from './paths.ts'
import { type Node, within } from './tree.ts'

/**
 * Whether an expression is worked out, at any remove, of something that comes from where `test` says.
 * Functions within it are not looked into: what they do is done later, or not at all.
 */
export function dependsOn(code: Code, node: Node, test: (path: Path) => boolean): boolean {
  const seen = new Set<Node>()
  const open: Node[] = [node]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (seen.has(one) || seen.size > 2_000) continue
    seen.add(one)
    for (const part of within(one, false)) {
      if (
        part.type !== 'Identifier' &&
        part.type !== 'MemberExpression' &&
        part.type !== 'CallExpression'
      )
        continue
      if (pathsOf(code, part).some(test)) return true
      if (part.type === 'Identifier') open.push(...sourcesOf(code, part))
    }
  }
  return false
}

function sourcesOf(code: Code, node: Node): readonly Node[] {
  const definitions = code.names.get(node)?.definitions ?? []
  return definitions.flatMap((one) =>
    one.type === 'value' || one.type === 'element' ? [one.node] : [],
  )
}
