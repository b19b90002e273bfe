import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { runDeployCli } from './run-deploy-cli.ts'
import { startedTenant } from './started-tenant.ts'

const included = { AUTH0_INCLUDED_ONLY: JSON.stringify(['databases', 'organizations']) }

const acme = {
  name: 'acme',
  display_name: 'Acme Ltd',
  connections: [{ name: 'users', assign_membership_on_login: true, show_as_button: true }],
}

test('deploy-cli: imports organizations and their connections, and changes them the next time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-cli-organizations-'))
  const file = join(folder, 'tenant.yaml')
  const tenant = await startedTenant()
  const deploy = async (organization: object) => {
    const databases = [{ name: 'users', strategy: 'auth0', options: {} }]
    await writeFile(file, stringify({ databases, organizations: [organization] }))
    const run = await runDeployCli(tenant.running, ['import', '-i', file], included)
    expect(run.exitCode, run.output).toBe(0)
    const organizations = (await tenant.call('GET', '/organizations')).body
    expect(organizations).toMatchObject([{ name: 'acme', display_name: 'Acme Ltd' }])
    const { body } = await tenant.call('GET', `/organizations/${organizations[0].id}/connections`)
    return body
  }
  const users = { connection: { name: 'users', strategy: 'auth0' }, is_enabled: true }
  expect(await deploy(acme)).toMatchObject([{ ...users, assign_membership_on_login: true }])
  const closed = { ...acme.connections[0], assign_membership_on_login: false, is_enabled: false }
  expect(await deploy({ ...acme, connections: [closed] })).toMatchObject([
    { ...users, assign_membership_on_login: false, is_enabled: false },
  ])
  expect(await deploy({ ...acme, connections: [] })).toEqual([])
  expect(tenant.running.unknownRequests).toEqual([])
  await tenant.close()
  await rm(folder, { recursive: true })
}, 90_000)
