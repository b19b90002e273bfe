import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { connect } from 'node:tls'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import type { Runtime } from '../../../actions-testing/runtime.ts'
import type { RequestEntry } from '../../../servers/tenant/request-log.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'

const entries: RequestEntry[] = []
let tenant: RunningTenant
let dispatcher: Agent
let givenCa: string

beforeAll(async () => {
  tenant = await startTenant({
    runtime: (ca) => {
      givenCa = ca
      return createInProcessRuntime()
    },
    onRequest: (entry) => entries.push(entry),
  })
  dispatcher = new Agent({ connect: { ca: tenant.caCertificate } })
})

afterAll(async () => {
  await dispatcher.close()
  await tenant.close()
})

const call = (path: string, init: object = {}) =>
  fetch(`${tenant.issuer}${path}`, { ...init, dispatcher })

async function accessToken(members: object = {}): Promise<Response> {
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    audience: `${tenant.issuer}api/v2/`,
    ...tenant.deployClient,
    ...members,
  })
  const headers = { 'content-type': 'application/json' }
  return (await call('oauth/token', { method: 'POST', headers, body })) as unknown as Response
}

test('tenant: its certificate is for loopback, and no other is trusted', async () => {
  const certificate = new X509Certificate(tenant.caCertificate)
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(Date.parse(certificate.validTo) - Date.now()).toBeLessThan(8 * 86_400_000)
  expect(readFileSync(tenant.caFile, 'utf8')).toBe(tenant.caCertificate)
  expect(givenCa).toBe(tenant.caCertificate)
  await expect(fetch(tenant.issuer)).rejects.toThrow('fetch failed')
})

test('tenant: speaks TLS only, and on loopback only', async () => {
  const [host = '', port] = tenant.domain.split(':')
  expect(host).toBe('127.0.0.1')
  const socket = connect({ host, port: Number(port), ca: tenant.caCertificate })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  expect(socket.remoteAddress).toBe('127.0.0.1')
  socket.destroy()
  await expect(fetch(`http://${tenant.domain}/`)).rejects.toThrow()
})

test('tenant: the deploy client may use all of the Management API from the start', async () => {
  const token = (await (await accessToken()).json()) as { access_token: string; scope: string }
  const headers = { authorization: `Bearer ${token.access_token}` }
  for (const path of ['clients', 'connections', 'actions/actions', 'users', 'tenants/settings']) {
    expect((await call(`api/v2/${path}`, { headers })).status, path).toBe(200)
  }
  expect((await accessToken({ client_secret: 'wrong' })).status).toBe(401)
})

test('tenant: tells of every request by its route, never by its path', async () => {
  entries.length = 0
  const unknown = tenant.unknownRequests.length
  await call('api/v2/users/auth0%7Cada@example.com')
  await call('.well-known/jwks.json')
  await call('api/v2/nowhere?email=ada@example.com')
  expect(entries).toEqual([
    { method: 'GET', route: '/api/v2/users/{id}', status: 401 },
    { method: 'GET', route: '/.well-known/jwks.json', status: 200 },
    { method: 'GET', route: '*', status: 404 },
  ])
  expect(tenant.unknownRequests.slice(unknown)).toEqual([
    { method: 'GET', path: '/api/v2/nowhere' },
  ])
})

test('tenant: two tenants share no key, no client and no certificate', async () => {
  const other = await startTenant({ runtime: createInProcessRuntime() })
  expect(other.tenant.jwks).not.toEqual(tenant.tenant.jwks)
  expect(other.deployClient).not.toEqual(tenant.deployClient)
  expect(other.caCertificate).not.toBe(tenant.caCertificate)
  await other.close()
  expect(existsSync(other.caFile)).toBe(false)
})

test('tenant: closes its runtime with it, also when its port is taken', async () => {
  let closed = 0
  const runtime: Runtime = {
    ...createInProcessRuntime(),
    close: async () => {
      closed += 1
    },
  }
  await (await startTenant({ runtime })).close()
  expect(closed).toBe(1)
  const blocker = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => blocker.once('listening', resolve))
  const { port } = blocker.address() as { port: number }
  await expect(startTenant({ port, runtime })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(closed).toBe(2)
  await new Promise((resolve) => blocker.close(resolve))
})
