import { bundle } from '../../../build/bundle.ts'
import { findEntryPoints } from '../../../build/entry-points.ts'
import type { MigrationConfig } from '../../../core/migration-config.ts'
import { config } from '../post-login.ts'

/** Of a tenant whose users come from another one and keep their ids. */
const fromTenant: MigrationConfig = {
  ...config,
  source: 'auth0-tenant',
  oldTenant: { appMetadata: 'all', userMetadata: 'all' },
  idPrefix: '',
}

const built = new Map<string, Promise<ReadonlyMap<string, string>>>()

/** Source text of the Actions, the scripts and the old tenant's Action, by name. */
export function buildFromTenant(
  overrides: Partial<MigrationConfig>,
): Promise<ReadonlyMap<string, string>> {
  const key = JSON.stringify(overrides)
  const known = built.get(key)
  if (known !== undefined) return known
  const made = buildAll({ ...fromTenant, ...overrides })
  built.set(key, made)
  return made
}

async function buildAll(whole: MigrationConfig): Promise<ReadonlyMap<string, string>> {
  const code = new Map<string, string>()
  const entries = findEntryPoints('.', config.connection)
  for (const entry of entries.filter(
    ({ kind, source }) => kind !== 'rule' && !source.includes('no-op'),
  )) {
    const made = await bundle(process.cwd(), entry, whole)
    if ('problems' in made) throw new Error(made.problems.map(({ message }) => message).join())
    code.set(entry.name, made.bundle.code)
  }
  return code
}
