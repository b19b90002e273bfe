import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkProject } from '../../build/build.ts'
import { loadMigrationConfig } from '../../build/migration-config.ts'
import type { Problem } from '../../build/problem.ts'
import { readTenantFile, type TenantFile } from '../../build/tenant-file.ts'
import type { MigrationConfig } from '../../core/migration-config.ts'
import { CommandError } from '../command.ts'
import { type ClientNames, clientNames } from './migration-clients.ts'

/** What is to be published, as it stands on disk: bundles that are built from these sources. */
export interface Project {
  /** Folder that tenant.yaml stands in. */
  readonly root: string
  readonly config: MigrationConfig
  /** tenant.yaml, placeholders and all. */
  readonly tenantFile: TenantFile
  /** Code by its path: `dist/actions/mark-migrated.js`. The no-op scripts are among them. */
  readonly bundles: ReadonlyMap<string, string>
  readonly clientNames: ClientNames
  /** True: tenant.old.yaml, for the tenant that the users are in. */
  readonly isOldTenant: boolean
}

/**
 * tenant.yaml and migration.config.ts without any bundle: names of secrets are all that a switch of
 * the phase takes, and a kill switch does not wait for a build.
 *
 * @throws {CommandError} `project_invalid`.
 */
export async function loadNames(root: string): Promise<Project> {
  const loaded = await loadMigrationConfig(root)
  const read = readTenantFile(root)
  if ('problems' in loaded) throw invalid(loaded.problems)
  if ('problems' in read) throw invalid(read.problems)
  const names = { clientNames, isOldTenant: false }
  return { root, config: loaded.config, tenantFile: read.tenant, bundles: new Map(), ...names }
}

/**
 * Builds the project in memory and holds `dist/` against that: what is published was built from the
 * sources that are here, or nothing is.
 *
 * @throws {CommandError} `project_invalid`, `dist_stale`.
 */
export async function loadProject(root: string): Promise<Project> {
  const names = await loadNames(root)
  const { bundles, problems } = await checkProject(root)
  if (problems.length > 0) throw invalid(problems)
  const stale = bundles.filter(({ entry, code }) => textOf(join(root, entry.bundle)) !== code)
  if (stale.length > 0) {
    const files = stale.map(({ entry }) => entry.bundle).join(', ')
    const message = `Not built from the sources that are here: ${files}. Run npm run build.`
    throw new CommandError('dist_stale', message)
  }
  const byPath = new Map(bundles.map(({ entry, code }) => [entry.bundle, code]))
  return { ...names, bundles: byPath }
}

/** The code behind a path that tenant.yaml names. */
export function bundleAt({ bundles }: Project, path: string): string {
  const code = bundles.get(path.replace(/^\.\//, ''))
  if (code !== undefined) return code
  throw new CommandError('project_invalid', `${path} is no bundle: tenant.yaml names it.`)
}

/** The database of tenant.yaml that migration.config.ts names. */
export function migratingDatabase({
  config,
  tenantFile,
}: Project): TenantFile['databases'][number] {
  const database = tenantFile.databases.find(({ name }) => name === config.connection)
  if (database !== undefined) return database
  throw new CommandError('project_invalid', `tenant.yaml has no database ${config.connection}.`)
}

function invalid(problems: readonly Problem[]): CommandError {
  const lines = problems.map(({ code, subject, message }) => `${subject} ${message} [${code}]`)
  return new CommandError('project_invalid', lines.join('\n'))
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
