import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { projectRoot } from '../../../cli/demo/world.ts'
import { buildFromTenant } from '../../runtimes/old-tenant/bundles.ts'
import { foundBy, runDoctor } from './run-doctor.ts'

const folder = mkdtempSync(join(tmpdir(), 'doctor-from-tenant-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Set up as docs/from-another-tenant.md says. */
test('doctor: finds nothing in the kit for another tenant, with what it builds', async () => {
  cpSync(join(projectRoot, 'tenant.from-tenant.yaml'), join(folder, 'tenant.yaml'))
  cpSync(join(projectRoot, 'migration.config.ts'), join(folder, 'migration.config.ts'))
  for (const [name, code] of await buildFromTenant({})) {
    const room = name === 'login' || name === 'get_user' ? 'databases/legacy-users' : 'actions'
    const file = join(folder, 'dist', room, `${name}.js`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, code)
  }
  const { findings, notChecked } = foundBy(await runDoctor([], { cwd: folder }))
  expect(findings).toEqual([])
  expect(notChecked.map(({ id }) => id)).not.toContain('action-differs-from-dist')
})
