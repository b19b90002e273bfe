import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildProject } from '../../build/build.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

const parts = ['actions', 'core', 'databases', 'runtimes', 'migration.config.ts', 'tenant.yaml']

/** A built copy of the project: what is published leaves its journal there, and not in the checkout. */
export async function projectFolder(): Promise<{ readonly folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-publish-'))
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const { problems } = await buildProject(folder)
  if (problems.length > 0) throw new Error(`The project does not build: ${problems[0]?.message}`)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
