import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildProject } from '../../../build/build.ts'
import { projectRoot } from '../world.ts'

/** The usual one, with users in it already: on both tenants. */
export const connection = 'Username-Password-Authentication'

/** A copy of this project, made into one whose users come from another tenant. */
export interface FromTenantProject {
  /** Its tenant.yaml is tenant.from-tenant.yaml, and its tenant.old.yaml is ours. */
  readonly root: string
  remove(): void
}

const sources = ['actions', 'core', 'databases', 'old-tenant', 'runtimes', 'tenant.old.yaml']

/**
 * Does what the head of tenant.from-tenant.yaml says, in a folder of its own, and builds it.
 *
 * @param since Day of `backfill.since`.
 */
export async function makeFromTenantProject(since: string): Promise<FromTenantProject> {
  const root = mkdtempSync(join(tmpdir(), 'migration-from-tenant-'))
  const remove = () => rmSync(root, { recursive: true, force: true })
  try {
    for (const source of sources) {
      cpSync(join(projectRoot, source), join(root, source), { recursive: true })
    }
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'))
    cpSync(join(root, 'databases', 'legacy-users'), join(root, 'databases', connection), {
      recursive: true,
    })
    const file = readFileSync(join(projectRoot, 'tenant.from-tenant.yaml'), 'utf8')
    await writeFile(join(root, 'tenant.yaml'), file.replaceAll('legacy-users', connection))
    await writeFile(join(root, 'migration.config.ts'), configText(since))
    const { problems } = await buildProject(root)
    const lines = problems.map(({ subject, message }) => `${subject} ${message}`)
    if (lines.length > 0) throw new Error(`The project does not build:\n${lines.join('\n')}`)
    return { root, remove }
  } catch (error) {
    remove()
    throw error
  }
}

function configText(since: string): string {
  const config = {
    source: 'auth0-tenant',
    oldTenant: { appMetadata: 'all', userMetadata: 'all' },
    connection,
    idPrefix: '',
    backfill: { since },
    claims: [{ name: 'plan', path: 'app_metadata.plan', tokens: ['id', 'access'] }],
  }
  return `export default ${JSON.stringify(config, null, 2)}\n`
}
