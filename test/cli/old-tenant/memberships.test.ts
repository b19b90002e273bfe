import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { connection } from '../../../cli/demo/from-tenant/project.ts'
import {
  createManagementClient,
  type ManagementClient,
} from '../../../cli/demo/management-client.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { type OldTenantWorld, startOldTenantWorld } from './old-tenant-world.ts'

const userId = 'auth0|1042'
const user = encodeURIComponent(userId)
let old: OldTenantWorld
let target: RunningTenant
let management: ManagementClient
let env: Record<string, string>

beforeAll(async () => {
  old = await startOldTenantWorld()
  target = await startTenant({ runtime: createInProcessRuntime(), passwordHashRounds: 4 })
  management = createManagementClient(target)
  await management.post('connections', { name: connection, strategy: 'auth0' })
  for (const tenant of [old.management, management]) {
    const account = { connection, user_id: '1042', password: 'Corr3ct-horse' }
    await tenant.post('users', { ...account, email: 'a@old.example' })
    for (const name of ['editor', 'admin']) await tenant.post('roles', { name })
    for (const name of ['acme', 'globex']) await tenant.post('organizations', { name })
  }
  const certificates = join(old.project.root, 'both.pem')
  writeFileSync(certificates, `${target.caCertificate}\n${old.running.caCertificate}`)
  env = {
    OLD_TENANT_DOMAIN: old.running.domain,
    OLD_TENANT_CLIENT_ID: old.running.deployClient.client_id,
    OLD_TENANT_CLIENT_SECRET: old.running.deployClient.client_secret,
    OLD_TENANT_CONNECTION: connection,
    AUTH0_DOMAIN: target.domain,
    AUTH0_CLIENT_ID: target.deployClient.client_id,
    AUTH0_CLIENT_SECRET: target.deployClient.client_secret,
    NODE_EXTRA_CA_CERTS: certificates,
  }
}, 60_000)

afterAll(async () => {
  await target.close()
  await old.close()
})

interface Named {
  readonly id: string
  readonly name: string
}

const namesAt = async (tenant: ManagementClient, path: string) =>
  (await tenant.get<readonly Named[]>(path)).map(({ name }) => name).sort()

/** Everything that a user has, by name. */
async function everythingOf(tenant: ManagementClient) {
  const within: Record<string, readonly string[]> = {}
  for (const { id, name } of await tenant.get<readonly Named[]>(`users/${user}/organizations`)) {
    within[name] = await namesAt(tenant, `organizations/${id}/members/${user}/roles`)
  }
  return { roles: await namesAt(tenant, `users/${user}/roles`), within }
}

async function give(tenant: ManagementClient) {
  const idOf = async (path: string, name: string) =>
    (await tenant.get<readonly Named[]>(path)).find((one) => one.name === name)?.id
  const [editor, admin] = [await idOf('roles', 'editor'), await idOf('roles', 'admin')]
  await tenant.post(`users/${user}/roles`, { roles: [editor] })
  for (const name of ['acme', 'globex']) {
    const path = `organizations/${await idOf('organizations', name)}/members`
    await tenant.post(path, { members: [userId] })
    if (name === 'acme') await tenant.post(`${path}/${user}/roles`, { roles: [admin] })
  }
}

test('import memberships, assign: a user has in the new tenant what they have in the old one, and it is compared', {
  timeout: 60_000,
}, async () => {
  await give(old.management)
  const read = await old.run(['import', 'memberships', 'who.ndjson', '--json'], env)
  expect(read.status, read.stderr).toBe(0)
  expect(JSON.parse(read.stdout)).toMatchObject({ users: 1, with_memberships: 1, skipped: 0 })
  expect(JSON.parse(readFileSync(join(old.project.root, 'who.ndjson'), 'utf8'))).toEqual({
    legacy_id: '1042',
    roles: ['editor'],
    organizations: [{ organization: 'acme', roles: ['admin'] }, 'globex'],
  })
  const assign = () => old.run(['import', 'assign', 'who.ndjson', '--json'], env)
  // The process that is killed, or loses the answer, goes on where it was.
  const route = '/api/v2/organizations/{id}/members/{user_id}/roles'
  target.faults.add({ method: 'POST', route, status: 503, times: 1 })
  expect(await assign()).toMatchObject({ status: 1 })
  const given = await assign()
  expect([given.status, JSON.parse(given.stdout)]).toMatchObject([0, { assigned: 1 }])
  expect(await everythingOf(management)).toEqual(await everythingOf(old.management))
  expect(await everythingOf(management)).toEqual({
    roles: ['editor'],
    within: { acme: ['admin'], globex: [] },
  })
  // Compared again, by whoever does not take the record's word for it.
  rmSync(join(old.project.root, 'migration-import.sqlite'))
  const compared = await assign()
  expect([compared.status, JSON.parse(compared.stdout)]).toMatchObject([0, { unchanged: 1 }])
})
