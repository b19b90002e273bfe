import { Agent, FormData, fetch } from 'undici'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isNestedTooDeep } from '../../../servers/tenant/json-depth.ts'
import { managementToken, type StartedTenant, startedTenant } from './started-tenant.ts'

let tenant: StartedTenant
let token: string
beforeAll(async () => {
  tenant = await startedTenant({ passwordHashRounds: 4 })
  token = await managementToken(tenant.running, tenant.ask)
})
afterAll(() => tenant.close())

const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

test('isNestedTooDeep: 100 levels are taken, and one more is not', () => {
  expect(isNestedTooDeep(JSON.parse(lists(100)))).toBe(false)
  expect(isNestedTooDeep(JSON.parse(lists(101)))).toBe(true)
  expect(isNestedTooDeep({ a: [1, { b: null }] })).toBe(false)
})

/** A body that no `JSON.stringify` could make. */
async function send(method: string, path: string, body: string | FormData): Promise<number> {
  const { caCertificate, issuer } = tenant.running
  const dispatcher = new Agent({ connect: { ca: caCertificate } })
  const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  const headers = { authorization: `Bearer ${token}`, ...type }
  const { status } = await fetch(issuer + path, { method, body, headers, dispatcher } as never)
  await dispatcher.close()
  return status
}

test('a body that could not be shown or saved again is refused, and the tenant goes on', async () => {
  const { call, running } = tenant
  const connection = (await call('POST', '/connections', { name: 'people', strategy: 'auth0' }))
    .body
  const { clients } = running.tenant.state
  const [client] = clients.keys()
  const deep = lists(20_000)
  const user = '"connection":"people","email":"a@b.c","password":"Correct horse 1"'
  const account = `"client_id":"${client}",${user}`
  for (const [method, path, body] of [
    ['PATCH', 'api/v2/tenants/settings', `{"universal_login":{"a":${deep}}}`],
    ['PATCH', `api/v2/connections/${connection.id}`, `{"options":{"a":${deep}}}`],
    ['POST', 'api/v2/users', `{${user},"app_metadata":{"a":${deep}}}`],
    ['POST', 'dbconnections/signup', `{${account},"user_metadata":{"a":${deep}}}`],
  ] as const) {
    expect([path, await send(method, path, body)]).toEqual([path, 400])
  }
  expect((await call('GET', '/connections')).status).toBe(200)
})

test('an import of what is nested too deep fails, and nothing else does', async () => {
  const { call } = tenant
  const [connection] = (await call('GET', '/connections')).body
  const form = new FormData()
  const users = `[{"email":"a@b.c","app_metadata":{"a":${lists(20_000)}}}]`
  form.set('users', new Blob([users], { type: 'application/json' }), 'users.json')
  form.set('connection_id', connection.id)
  expect(await send('POST', 'api/v2/jobs/users-imports', form)).toBe(202)
  const [id] = tenant.running.tenant.activity.jobs.keys()
  const job = async () => (await call('GET', `/jobs/${id}`)).body
  await vi.waitFor(async () => expect(await job()).toMatchObject({ status: 'failed' }), 10_000)
  expect((await call('GET', '/users')).body).toEqual([])
})
