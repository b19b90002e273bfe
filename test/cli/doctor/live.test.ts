import { expect, test } from 'vitest'
import type { Answer, Auth0Tenant } from '../../../cli/auth0-tenant.ts'
import { readNotices } from '../../../cli/doctor/notices.ts'
import { readLiveTenant } from '../../../cli/doctor/tenant/read-live.ts'

type Reply = (path: string) => { readonly status: number; readonly body: unknown }

/** A tenant that answers as it is told, and keeps what it was asked. */
function tenantThat(reply: Reply): Auth0Tenant & { readonly asked: string[] } {
  const asked: string[] = []
  const unused = () => Promise.reject(new Error('not asked'))
  return {
    asked,
    domain: 'example.eu.auth0.com',
    issuer: 'https://example.eu.auth0.com/',
    fetch: unused,
    send: unused,
    scopes: unused,
    async manage(method, path): Promise<Answer> {
      asked.push(`${method} ${path}`)
      return { ...reply(path), headers: new Headers() }
    },
  }
}

const forbidden = (scope: string) => ({
  status: 403,
  body: {
    errorCode: 'insufficient_scope',
    message: `Insufficient scope, expected any of: ${scope}`,
  },
})

test('readLiveTenant: asks by GET alone', async () => {
  const tenant = tenantThat(() => ({ status: 200, body: [] }))
  await readLiveTenant(tenant)
  expect(tenant.asked.length).toBeGreaterThan(10)
  expect(tenant.asked.filter((one) => !one.startsWith('GET '))).toEqual([])
})

test('readLiveTenant: names the scope that is missing, and reads the rest', async () => {
  const tenant = tenantThat((path) =>
    path.startsWith('clients') ? forbidden('read:clients') : { status: 200, body: [] },
  )
  const source = await readLiveTenant(tenant)
  expect(source.entries('clients')).toBeUndefined()
  expect(source.because('clients')).toMatch(/takes read:clients: grant it/)
  expect(source.entries('resourceServers')).toEqual([])
})

test('readLiveTenant: takes a tenant without Rules for one, and any other refusal for no answer', async () => {
  const refusal = (errorCode: string) => ({ status: 403, body: { errorCode } })
  const answering = (errorCode: string) =>
    tenantThat((path) =>
      path.startsWith('rules') ? refusal(errorCode) : { status: 200, body: [] },
    )
  const without = await readLiveTenant(answering('feature_not_enabled'))
  expect(without.entries('rules')).toEqual([])
  const refused = await readLiveTenant(answering('operation_not_supported'))
  expect(refused.entries('rules')).toBeUndefined()
  expect(refused.because('rules')).toContain('403 operation_not_supported')
})

test('readLiveTenant: parts databases from other connections, with the applications of each', async () => {
  const connections = [
    { id: 'con_1', name: 'people', strategy: 'auth0', options: {} },
    { id: 'con_2', name: 'staff', strategy: 'waad', options: {} },
  ]
  const tenant = tenantThat((path) => {
    if (path.startsWith('connections/con_1/clients')) {
      return { status: 200, body: { clients: [{ client_id: 'c1' }] } }
    }
    return { status: 200, body: path.startsWith('connections?') ? { connections } : [] }
  })
  const source = await readLiveTenant(tenant)
  expect([...(source.entries('connections') ?? [])]).toMatchObject([{ name: 'staff' }])
  expect([...(source.entries('databases') ?? [])]).toMatchObject([
    { value: { enabled_clients: ['c1'] } },
  ])
})

test('readLiveTenant: without the scope for options no connection is taken for one that has none', async () => {
  const connections = [{ id: 'con_1', name: 'people', strategy: 'auth0' }]
  const tenant = tenantThat((path) => ({
    status: 200,
    body: path.startsWith('connections?') ? { connections } : [],
  }))
  const source = await readLiveTenant(tenant)
  for (const section of ['connections', 'databases'] as const) {
    expect(source.entries(section)).toBeUndefined()
    expect(source.because(section)).toContain('read:connections_options')
  }
})

/** As Auth0 shows one in its guide to oversized profiles. */
function notice(name: string, client_name: string) {
  const feature = { name, user_id: 'auth0|somebody', operation: 'users.save' }
  return {
    type: 'depnote',
    description: `${name}: This feature is being deprecated.`,
    client_name,
    details: { feature },
  }
}

test('readNotices: counts by feature and application, finds the migration, and names no user', async () => {
  const logs = [
    notice('Uncapped User Profile Data', 'Portal'),
    notice('Uncapped User Profile Data', 'Portal'),
    notice("Legacy Management of Connection's Enabled Clients", ''),
    notice('Something New', 'Portal'),
    { type: 's', description: 'a login' },
  ]
  const found = await readNotices(tenantThat(() => ({ status: 200, body: logs })))
  expect(found).toMatchObject([
    {
      kind: { id: 'uncapped-user-profiles' },
      what: 'Auth0 noted the use of “Uncapped User Profile Data” 2 times.',
    },
    {
      kind: { id: 'connection-enabled-clients' },
      where: { resource: 'Dashboard or an extension' },
    },
    { kind: { id: 'deprecation-notice' }, where: { resource: 'client Portal' } },
  ])
  expect(JSON.stringify(found)).not.toContain('somebody')
})

test('readNotices: stops where Auth0 gives no more of a search, after 1,000', async () => {
  const full = Array.from({ length: 100 }, () => notice('Something New', 'Portal'))
  const tenant = tenantThat(() => ({ status: 200, body: full }))
  expect(await readNotices(tenant)).toMatchObject([{ what: expect.stringContaining('1000 times') }])
  expect(tenant.asked).toHaveLength(10)
})

test('readNotices: without the scope it is not checked, and says which', async () => {
  expect(await readNotices(tenantThat(() => forbidden('read:logs')))).toMatchObject([
    {
      type: 'not-checked',
      id: 'deprecation-notice',
      because: expect.stringContaining('read:logs'),
    },
  ])
})
