import { profilesOf } from './checks/profiles.ts'
import type { Code } from './code/code.ts'
import type { Node } from './code/tree.ts'
import { valuesOf } from './code/values.ts'

/** What each profile of a script has as one and the same constant. */
export function constantsOf(code: Code): ReadonlyMap<string, string> {
  const texts = new Map<string, Set<string | null>>()
  for (const { all } of profilesOf(code)) {
    for (const [name, nodes] of all) {
      const found = nodes.flatMap((node) => valuesOf(code, node).map(constantText))
      texts.set(name, new Set([...(texts.get(name) ?? []), ...found]))
    }
  }
  return new Map(
    [...texts].flatMap(([name, found]) => {
      const [only] = found
      return found.size === 1 && typeof only === 'string' ? [[name, only] as const] : []
    }),
  )
}

function constantText({ node }: { readonly node: Node }): string | null {
  return node.type === 'Literal' ? String(node.value) : null
}
