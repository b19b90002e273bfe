import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { buildProject } from '../build/build.ts'
import type { Bundle } from '../build/bundle.ts'
import type { Problem } from '../build/problem.ts'
import type { Target } from './rounds.ts'

interface BundleSize {
  readonly name: string
  /** Bytes as published, comments included. */
  readonly readable: number
  readonly minified: number
}

/** The project's bundles, copied: a build that somebody starts meanwhile changes no measurement. */
export interface BundleCopies {
  /** What everything is compared with. */
  readonly empty: Target
  /** As many empty Actions as the flow has: what Node takes for calling them. */
  readonly emptyFlow: Target
  /** All Actions, in flow order. */
  readonly flow: Target
  readonly actions: readonly Target[]
  /** The same, each inside a function that nobody calls: what V8 takes for reading so much code. */
  readonly unrun: readonly Target[]
  readonly sizes: readonly BundleSize[]
  remove(): void
}

/** Order of the bindings in tenant.yaml. */
const order = ['protect-legacy-audience', 'backfill-metadata', 'mark-migrated', 'copy-metadata']

const emptyAction = 'exports.onExecutePostLogin = async () => {};\n'

/** Builds the project in folder `root`, and copies what came of it. */
export async function copyBundles(
  root: string,
): Promise<BundleCopies | { readonly problems: readonly Problem[] }> {
  const { bundles, problems } = await buildProject(root)
  if (problems.length > 0) return { problems }
  const published = actionsOf(bundles)
  const folder = mkdtempSync(join(tmpdir(), 'migration-bench-'))
  const copy = (name: string, code: string): Target => {
    // `.cjs` is loaded without a look for the package.json that says what `.js` is.
    const file = join(folder, `${name}.cjs`)
    writeFileSync(file, code)
    return { name, files: [file] }
  }
  const actions = published.map(({ entry, code }) => copy(entry.name, code))
  // Files of their own: one function called four times is a simpler thing to V8 than four are.
  const empties = order.map((_, index) => copy(`empty-${index}`, emptyAction))
  return {
    empty: copy('one-empty-action', emptyAction),
    emptyFlow: { name: 'four-empty-actions', files: empties.flatMap(({ files }) => files) },
    flow: { name: 'flow', files: actions.flatMap(({ files }) => files) },
    actions,
    unrun: published.map(({ entry, code }) =>
      copy(`${entry.name}-unrun`, `function unrun(exports) {\n${code}}\n${emptyAction}`),
    ),
    // Rules run nowhere: what they weigh is nobody's login.
    sizes: await Promise.all(bundles.filter(({ entry }) => entry.kind !== 'rule').map(sizeOf)),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function actionsOf(bundles: readonly Bundle[]): readonly Bundle[] {
  const actions = bundles.filter(({ entry }) => entry.kind === 'action' && entry.published)
  if (actions.length !== order.length || actions.some(({ entry }) => !order.includes(entry.name))) {
    const names = actions.map(({ entry }) => entry.name).join(', ')
    throw new Error(`the benchmark knows the flow ${order.join(', ')}, and the build made ${names}`)
  }
  return actions.toSorted((a, b) => order.indexOf(a.entry.name) - order.indexOf(b.entry.name))
}

async function sizeOf({ entry, code }: Bundle): Promise<BundleSize> {
  // Only in a module of its own may the names at its top be shortened.
  const { code: minified } = await transform(code, {
    format: 'cjs',
    legalComments: 'none',
    minify: true,
    platform: 'node',
    target: 'node22',
  })
  return {
    name: entry.bundle.replace(/^dist\//, ''),
    readable: Buffer.byteLength(code),
    minified: Buffer.byteLength(minified),
  }
}
