import { expect, test } from 'vitest'
import type { Json } from '../../../../servers/tenant/state.ts'
import { type Answer, createManagementUnderTest } from './management-under-test.ts'

const under = await createManagementUnderTest()
const endpoints = [
  ...new Set(
    under.api.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, 'anything')}`),
  ),
].map((endpoint) => endpoint.split(' ') as [string, string])

/** What every endpoint answers, for those that answer otherwise than `expected`. */
async function exceptions(
  call: (method: string, path: string) => Promise<Answer>,
  expected: object,
) {
  const answers = endpoints.map(async ([method, path]) => {
    const { status, body } = await call(method, path)
    return { endpoint: `${method} ${path}`, status, ...body }
  })
  return (await Promise.all(answers)).filter(
    (answer) => !expect.objectContaining(expected).asymmetricMatch(answer),
  )
}

test('management: no endpoint takes a request without a token', async () => {
  expect(endpoints.length).toBeGreaterThan(80)
  const unauthorized = { status: 401, statusCode: 401, error: 'Unauthorized' }
  const without = (method: string, path: string) => under.callWith(undefined, method, path)
  expect(await exceptions(without, unauthorized)).toEqual([])
})

test('management: no endpoint takes a token without its scope', async () => {
  const forbidden = {
    status: 403,
    statusCode: 403,
    error: 'Forbidden',
    message: expect.stringMatching(/^Insufficient scope, expected any of: \w+:\w+(,\w+:\w+)*$/),
    errorCode: 'insufficient_scope',
  }
  const scopeless = (method: string, path: string) => under.call(method, path, undefined, [])
  expect(await exceptions(scopeless, forbidden)).toEqual([])
})

test('management: refuses a token that is not the tenant’s', async () => {
  const other = await createManagementUnderTest()
  const token = await tokenOf(other)
  expect((await other.callWith(`Bearer ${token}`, 'GET', '/clients')).status).toBe(200)
  const { status, body } = await under.callWith(`Bearer ${token}`, 'GET', '/clients')
  expect(status).toBe(401)
  expect(body.message).toBe('Invalid token')
})

const bodies: [method: string, path: string, body: Record<string, Json>][] = [
  ['POST', '/actions/actions', { name: 'a', supported_triggers: [] }],
  ['POST', '/connections', { name: 'c', strategy: 'auth0' }],
  ['POST', '/clients', { name: 'c' }],
  ['POST', '/client-grants', { client_id: 'c', audience: 'a', scope: [] }],
  ['POST', '/resource-servers', { identifier: 'a' }],
  ['POST', '/emails/provider', { name: 'smtp', credentials: {} }],
  ['POST', '/email-templates', { template: 'verify_email' }],
  ['PATCH', '/tenants/settings', {}],
  ['PATCH', '/actions/triggers/post-login/bindings', { bindings: [] }],
]

test.each(bodies)('%s %s: names what it does not take, and changes nothing', async (...args) => {
  const [method, path, body] = args
  const before = structuredClone(under.tenant.state)
  const { status, body: answer } = await under.call(method, path, { ...body, surplus: 'hidden' })
  expect(status).toBe(400)
  expect(answer).toEqual({
    statusCode: 400,
    error: 'Bad Request',
    message: "Payload validation error: 'Additional properties not allowed: surplus'.",
    errorCode: 'invalid_body',
  })
  expect(under.tenant.state).toEqual(before)
})

test.each(bodies)('%s %s: refuses a member of the wrong type by its name', async (...args) => {
  const [method, path, body] = args
  for (const name of Object.keys(body)) {
    const { status, body: answer } = await under.call(method, path, { ...body, [name]: 4.5 })
    expect(status).toBe(400)
    expect(answer.message).toContain(`on property ${name}`)
  }
})

test.each(['', '[]', '"text"', '{"name":', 'null'])(
  'management: refuses a body that is no object: %j',
  async (text) => {
    const authorization = `Bearer ${await tokenOf(under)}`
    const init = { method: 'POST', body: text, headers: { authorization } }
    const response = await under.api.request('/clients', init)
    expect(response.status).toBe(400)
    expect(((await response.json()) as { errorCode: string }).errorCode).toBe('invalid_body')
  },
)

test('management: refuses a body of more than 1 MB', async () => {
  const body = { name: 'x'.repeat(1_000_001) }
  expect((await under.call('POST', '/clients', body)).status).toBe(413)
})

/** The token of a call, as the API was sent it. */
async function tokenOf(one: typeof under): Promise<string> {
  const seen: string[] = []
  const request = one.api.request
  one.api.request = ((path: string, init: { headers: { authorization: string } }) => {
    seen.push(init.headers.authorization.slice('Bearer '.length))
    return request(path, init)
  }) as typeof request
  await one.call('GET', '/clients')
  one.api.request = request
  return seen[0] ?? ''
}
