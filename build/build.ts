import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { type Bundle, bundle } from './bundle.ts'
import { checkBundles } from './checks.ts'
import { findEntryPoints } from './entry-points.ts'
import { configFile, loadMigrationConfig } from './migration-config.ts'
import type { Problem } from './problem.ts'
import { readTenantFile } from './tenant-file.ts'

/** What a build made, or everything that is wrong. Where there is a problem nothing was written. */
export interface BuildResult {
  readonly bundles: readonly Bundle[]
  readonly problems: readonly Problem[]
}

/**
 * Builds and checks the bundles of the project in folder `root`, and writes them to `dist/` once all
 * of them are right. A file that has not changed is not touched.
 */
export async function buildProject(root: string): Promise<BuildResult> {
  const checked = await checkProject(root)
  if (checked.problems.length === 0) write(root, checked.bundles)
  return checked
}

/** The same, and writes nothing. */
export async function checkProject(root: string): Promise<BuildResult> {
  const loaded = await loadMigrationConfig(root)
  const tenantFile = readTenantFile(root)
  if ('problems' in loaded || 'problems' in tenantFile) {
    const problems = [loaded, tenantFile].flatMap((part) =>
      'problems' in part ? part.problems : [],
    )
    return { bundles: [], problems }
  }
  const { connection } = loaded.config
  const entries = findEntryPoints(root, connection)
  if (!entries.some(({ kind }) => kind === 'database-script')) {
    const message = `names ${connection}, and there is no script in databases/${connection}/`
    const subject = `${configFile}: connection`
    return { bundles: [], problems: [{ code: 'connection_mismatch', subject, message }] }
  }
  const made = await Promise.all(entries.map((entry) => bundle(root, entry, loaded.config)))
  const bundles = made.flatMap((part) => ('bundle' in part ? [part.bundle] : []))
  const broken = made.flatMap((part) => ('problems' in part ? part.problems : []))
  // A bundle that could not be made would only be reported a second time, as one that is not there.
  if (broken.length > 0) return { bundles: [], problems: broken }
  return { bundles, problems: checkBundles(bundles, tenantFile.tenant, loaded.config) }
}

function write(root: string, bundles: readonly Bundle[]): void {
  for (const { entry, code } of bundles) {
    const file = join(root, entry.bundle)
    if (read(file) === code) continue
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, code)
  }
  const current = new Set(bundles.map(({ entry }) => entry.bundle))
  for (const file of bundlesOn(root)) {
    if (!current.has(file)) rmSync(join(root, file))
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function bundlesOn(root: string): readonly string[] {
  try {
    return readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith('.js'))
      .map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/'))
  } catch {
    return []
  }
}
