import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { usage } from '../../../servers/tenant/command-line.ts'
import { readFaults } from '../../../servers/tenant/faults-file.ts'
import { startedTenant } from './started-tenant.ts'

const readme = await readFile(new URL('../../../servers/tenant/README.md', import.meta.url), 'utf8')

test('README of the tenant: its faults are a file that a tenant takes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenant-readme-'))
  const file = join(folder, 'faults.json')
  await writeFile(file, /```json\n([\s\S]+?)```/.exec(readme)?.[1] ?? '')
  const faults = await readFaults(file)
  expect(faults).toHaveLength(4)
  const tenant = await startedTenant()
  for (const fault of faults) tenant.running.faults.add(fault)
  expect((await tenant.call('POST', '/clients', { name: 'once' })).status).toBe(500)
  expect((await tenant.call('POST', '/clients', { name: 'once' })).status).toBe(201)
  await tenant.close()
  await rm(folder, { recursive: true })
})

test('README of the tenant: its options are those of the command, which npm knows', async () => {
  const manifest = JSON.parse(
    await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
  )
  const [, script = ''] = /npm run (\w+)/.exec(readme) ?? []
  expect(manifest.scripts[script]).toBe('node servers/tenant/main.ts')
  const options = readme.match(/--[a-z]+/g) ?? []
  expect(options.length).toBeGreaterThan(4)
  for (const option of options) expect(usage).toContain(`  ${option} `)
})
