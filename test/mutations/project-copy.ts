import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../cli/demo/world.ts'

/** A folder that can be built, published and spoilt without the checkout noticing. */
export interface ProjectCopy {
  readonly root: string
  remove(): void
}

const parts = ['actions', 'core', 'databases', 'runtimes', 'migration.config.ts', 'tenant.yaml']

export function copyProject(): ProjectCopy {
  const root = mkdtempSync(join(tmpdir(), 'project-copy-'))
  for (const part of parts) cpSync(join(projectRoot, part), join(root, part), { recursive: true })
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}
