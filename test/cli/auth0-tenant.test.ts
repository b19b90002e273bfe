import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, fetch as undiciFetch } from 'undici'
import { expect, test } from 'vitest'
import { connectTenant, type Fetch } from '../../cli/auth0-tenant.ts'
import { listByCheckpoint, listResources } from '../../cli/list-resources.ts'

/** A tenant that answers in order, and fails where an answer is an error. */
function tenantWith(answers: readonly (Error | [number, unknown, Record<string, string>?])[]) {
  const asked: string[] = []
  const said: string[] = []
  const controller = new AbortController()
  const { signal } = controller
  const left = [...answers]
  const fetch: Fetch = async (url, init) => {
    if (url.endsWith('/oauth/token')) return Response.json({ access_token: `t${asked.length}` })
    asked.push(`${init?.method} ${url.replace('https://a.test/api/v2/', '')}`)
    const next = left.shift()
    if (next === undefined) throw new Error('Nobody said what comes next.')
    if (next instanceof Error) throw next
    const [status, body, headers = {}] = next
    return Response.json(body, { status, headers })
  }
  const client = { domain: 'a.test', clientId: 'c', clientSecret: 's' }
  const say = (line: string) => {
    said.push(line)
    // Who is told of a long wait does not wait for it.
    if (line.includes('waiting')) controller.abort()
  }
  const tenant = connectTenant({ ...client, fetch, say, signal })
  return { tenant, asked, said }
}

const failed = (code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: errorOf(code) })
const errorOf = (code: string) => Object.assign(new Error(code), { code })

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tenant_not_verified', 'NODE_EXTRA_CA_CERTS'],
  ['CERT_HAS_EXPIRED', 'tenant_not_verified', 'cannot be verified'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tenant_not_verified', 'is that the right host'],
  ['ENOTFOUND', 'tenant_not_found', 'AUTH0_DOMAIN'],
])(
  'tenant: %s is %s, is not tried again, and the message says what to do',
  async (code, error, hint) => {
    const { tenant, asked } = tenantWith([failed(code)])
    const outcome = tenant.manage('GET', 'actions')
    await expect(outcome).rejects.toMatchObject({
      code: error,
      message: expect.stringContaining(hint),
    })
    expect(asked).toHaveLength(1)
  },
)

test('tenant: a connection that is cut and a 500 are tried again', async () => {
  const { tenant, asked } = tenantWith([failed('ECONNRESET'), [503, {}], [200, { ok: true }]])
  const { body } = await tenant.manage('PATCH', 'actions/1', {})
  expect(body).toEqual({ ok: true })
  expect(asked).toHaveLength(3)
})

test('tenant: a POST is never sent twice on a guess', async () => {
  const cut = tenantWith([failed('ECONNRESET')])
  await expect(cut.tenant.manage('POST', 'clients', {})).rejects.toMatchObject({
    code: 'tenant_unreachable',
  })
  const answered = tenantWith([[500, {}]])
  expect((await answered.tenant.manage('POST', 'clients', {})).status).toBe(500)
  expect([...cut.asked, ...answered.asked]).toEqual(['POST clients', 'POST clients'])
})

test('tenant: a POST that was refused for its rate is sent again', async () => {
  const soon = String(Math.floor(Date.now() / 1000))
  const { tenant } = tenantWith([
    [429, {}, { 'x-ratelimit-reset': soon }],
    [201, { id: 1 }],
  ])
  expect((await tenant.manage('POST', 'clients', {})).status).toBe(201)
})

test('tenant: who has to wait long, or for a tenant without an answer, is told', async () => {
  const inAMinute = String(Math.floor(Date.now() / 1000) + 60)
  const throttled = tenantWith([[429, {}, { 'x-ratelimit-reset': inAMinute }]])
  await expect(throttled.tenant.manage('GET', 'users/auth0%7C1')).rejects.toMatchObject({
    code: 'interrupted',
  })
  expect(throttled.said).toEqual([
    expect.stringMatching(/^a\.test is at its rate limit: waiting for (59|60) seconds\.$/),
  ])

  const cut = tenantWith([failed('ECONNRESET'), [200, {}]])
  await cut.tenant.manage('GET', 'users?q=somebody')
  expect(cut.said).toEqual([
    'a.test: GET api/v2/users got no answer (ECONNRESET). It is asked again (1 of 3).',
  ])
})

test('tenant: a token that has run out is renewed once, for all who had it', async () => {
  const { tenant, asked } = tenantWith([
    [401, {}],
    [401, {}],
    [200, 1],
    [200, 2],
  ])
  const answers = await Promise.all([tenant.manage('GET', 'a'), tenant.manage('GET', 'b')])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(asked).toHaveLength(4)
})

test('tenant: lists are read to the end by page, also where a page is capped', async () => {
  const { tenant, asked } = tenantWith([
    [200, { total: 3, clients: [1, 2] }],
    [200, { total: 3, clients: [3] }],
  ])
  expect(await listResources(tenant, 'clients?is_global=false', 'clients')).toEqual([1, 2, 3])
  expect(asked[1]).toBe('GET clients?is_global=false&page=1&per_page=100&include_totals=true')
})

test('tenant: lists are read to the end by checkpoint', async () => {
  const { tenant, asked } = tenantWith([
    [200, { connections: ['a'], next: 'x&y' }],
    [200, { connections: ['b'] }],
  ])
  expect(await listByCheckpoint(tenant, 'connections', 'connections')).toEqual(['a', 'b'])
  expect(asked[1]).toBe('GET connections?take=100&from=x%26y')
})

test('tenant: a form goes out as multipart/form-data, whatever fetch is used', async () => {
  const sent: (RequestInit | undefined)[] = []
  const fetch: Fetch = async (url, init) => {
    if (url.endsWith('/oauth/token')) return Response.json({ access_token: 't' })
    sent.push(init)
    return Response.json({})
  }
  const tenant = connectTenant({ domain: 'a.test', clientId: 'c', clientSecret: 's', fetch })
  const form = new FormData()
  form.append('users', new Blob(['[]']), 'users.json')
  await tenant.manage('POST', 'jobs/users-imports', form)
  const [init] = sent
  const read = new Response(init?.body ?? null, init?.headers ? { headers: init.headers } : {})
  expect(await ((await read.formData()).get('users') as File).text()).toBe('[]')
  expect(init?.body).toBeInstanceOf(Uint8Array)
})

test('tenant: neither a secret nor a token follows a redirect to somebody else', async () => {
  const reached: string[] = []
  const elsewhere = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  const here = createServer((request, response) => {
    const isToken = request.url === '/oauth/token' && !mislaysTokens
    if (isToken) response.end('{"access_token":"t"}')
    else response.writeHead(307, { location: `${originOf(elsewhere)}${request.url}` }).end()
  })
  let mislaysTokens = false
  await Promise.all([elsewhere, here].map((one) => once(one.listen(0, '127.0.0.1'), 'listening')))
  // Over HTTP, which is nothing to a redirect: what is looked at is what this client does with one.
  const agent = new Agent()
  const fetch: Fetch = (url, init) =>
    undiciFetch(url.replace('https://a.test', originOf(here)), {
      ...(init as object),
      dispatcher: agent,
    }) as Promise<unknown> as Promise<Response>
  const connect = () => connectTenant({ domain: 'a.test', clientId: 'c', clientSecret: 's', fetch })
  try {
    expect((await connect().manage('GET', 'users')).status).toBe(307)
    mislaysTokens = true
    await expect(connect().manage('GET', 'users')).rejects.toMatchObject({ code: 'token_refused' })
    expect(reached).toEqual([])
  } finally {
    await agent.close()
    elsewhere.close()
    here.close()
  }
})

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
