import { expect, test } from 'vitest'
import type { Json } from '../../../../servers/tenant/state.ts'
import { createManagementUnderTest } from './management-under-test.ts'

const under = await createManagementUnderTest()
const [client] = under.tenant.state.clients.values()
const api = 'https://api.example/'
await under.call('POST', '/resource-servers', { identifier: api })

const created: [what: string, path: string, body: Record<string, Json>, errorCode: string][] = [
  [
    'Action',
    '/actions/actions',
    { name: 'a', supported_triggers: [{ id: 'post-login', version: 'v3' }] },
    'action_conflict',
  ],
  ['connection', '/connections', { name: 'c', strategy: 'auth0' }, 'connection_conflict'],
  ['API', '/resource-servers', { identifier: 'https://other.example/' }, 'resource_conflict'],
  [
    'grant',
    '/client-grants',
    { client_id: client?.client_id ?? '', audience: api, scope: [] },
    'client_grant_conflict',
  ],
  ['provider', '/emails/provider', { name: 'smtp', credentials: {} }, 'email_provider_conflict'],
  ['template', '/email-templates', { template: 'verify_email' }, 'email_template_conflict'],
]

test.each(created)('conflicts: the same %s is made once, and stays as it was', async (...row) => {
  const [, path, body, errorCode] = row
  expect((await under.call('POST', path, body)).status).toBeLessThan(300)
  const before = structuredClone(under.tenant.state)
  const { status, body: answer } = await under.call('POST', path, body)
  expect(status).toBe(409)
  expect(answer).toEqual({
    statusCode: 409,
    error: 'Conflict',
    message: expect.any(String),
    errorCode,
  })
  expect(under.tenant.state).toEqual(before)
})

test('conflicts: an Action cannot take the name of another', async () => {
  const body = { name: 'b', supported_triggers: [{ id: 'post-login', version: 'v3' }] }
  const { id } = (await under.call('POST', '/actions/actions', body)).body
  expect((await under.call('PATCH', `/actions/actions/${id}`, { name: 'a' })).status).toBe(409)
  expect((await under.call('PATCH', `/actions/actions/${id}`, { name: 'b' })).status).toBe(200)
})
