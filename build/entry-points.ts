import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A file that becomes a bundle. Paths are relative to the project, with forward slashes. */
export interface EntryPoint {
  readonly kind: 'action' | 'database-script' | 'rule'
  readonly source: string
  readonly bundle: string
  /** Name of the Action or the Rule; of a script, Auth0's name for it. */
  readonly name: string
  /** False for bundles that tenant.yaml does not name: scripts for after the migration, Rules, an old tenant's. */
  readonly published: boolean
}

/** Finds what there is to build: one file, one bundle. */
export function findEntryPoints(root: string, connection: string): readonly EntryPoint[] {
  const scripts = `databases/${connection}`
  return [
    ...inFolder(root, 'actions', 'action', true),
    ...inFolder(root, 'rules', 'rule', false),
    ...inFolder(root, 'old-tenant', 'action', false),
    ...inFolder(root, scripts, 'database-script', true),
    ...inFolder(root, `${scripts}/no-op`, 'database-script', false),
  ]
}

function inFolder(
  root: string,
  folder: string,
  kind: EntryPoint['kind'],
  published: boolean,
): readonly EntryPoint[] {
  return typescriptFiles(join(root, folder)).map((file) => {
    const name = file.slice(0, -'.ts'.length)
    const source = `${folder}/${file}`
    return { kind, source, bundle: `dist/${folder}/${name}.js`, name, published }
  })
}

function typescriptFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .sort()
  } catch {
    return []
  }
}
