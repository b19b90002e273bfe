import http, { Agent } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { delayProxy } from '../../bench/legacy-side/delay-proxy.ts'
import { metadataOf } from '../../bench/legacy-side/legacy-user.ts'
import { type LegacySide, startLegacySide } from '../../bench/legacy-side/start.ts'

let side: LegacySide
let authorization: string
const servers: Server[] = []

beforeAll(async () => {
  side = await startLegacySide()
  await side.behave({ delay: 0 })
  const response = await fetch(`${side.addresses.plain}/oauth/token`, { method: 'POST' })
  const { access_token: token } = (await response.json()) as { access_token: string }
  authorization = `Bearer ${token}`
})
afterAll(() => side.stop())
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const read = (legacyId: number, init: RequestInit = {}) =>
  fetch(`${side.addresses.plain}/v1/users/${legacyId}`, { headers: { authorization }, ...init })

test('legacy side: answers as the contract says, and counts from the last order on', async () => {
  await side.behave({ delay: 0 })
  const user = await read(1042)
  expect(await user.json()).toMatchObject({ legacy_id: '1042', ...metadataOf('1042') })
  const url = `${side.addresses.plain}/v1/users/1042/migration`
  const mark = await fetch(url, { method: 'PUT', body: '{}', headers: { authorization } })
  expect(mark.status).toBe(204)
  expect(await side.traffic()).toMatchObject({ requests: 2, tokens: 0 })
  await fetch(`${side.addresses.plain}/oauth/token`, { method: 'POST' })
  expect(await side.traffic()).toMatchObject({ requests: 3, tokens: 1 })
  await side.behave({ delay: 0 })
  expect(await side.traffic()).toEqual({ requests: 0, tokens: 0, connections: 0 })
})

test.each([
  ['counts each connection that is new', false, 3],
  ['counts a connection that is kept once', true, 1],
])('legacy side: %s', async (_, keepAlive, connections) => {
  const agent = new Agent({ keepAlive })
  const get = (path: string) =>
    new Promise((resolve, reject) => {
      const request = http.get(`${side.addresses.plain}${path}`, { agent }, (response) =>
        response.resume().once('end', () => setImmediate(resolve)),
      )
      request.once('error', reject)
    })
  await side.behave({ delay: 0 })
  for (const id of [1, 2, 3]) await get(`/v1/users/${id}`)
  agent.destroy()
  expect(await side.traffic()).toMatchObject({ requests: 3, connections })
})

test('legacy side: refuses with 503 whom the mix strikes, and nobody without the token', async () => {
  const faults = { seed: 1, refused: 1, late: 0, lateBy: 0, correlation: 0 }
  await side.behave({ delay: 0, faults })
  expect((await read(1042)).status).toBe(503)
  await side.behave({ delay: 0 })
  expect((await read(1042, { headers: {} })).status).toBe(400)
})

test('legacy side: gone, it takes requests and never answers; the token endpoint does', async () => {
  await side.behave({ delay: 0, gone: true })
  const pending = read(1042, { signal: AbortSignal.timeout(300) })
  await expect(pending).rejects.toThrow('timeout')
  const token = await fetch(`${side.addresses.plain}/oauth/token`, { method: 'POST' })
  expect(token.status).toBe(200)
  expect(await side.traffic()).toMatchObject({ requests: 2, tokens: 1 })
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('delay proxy: hands on every byte in order, both ways and after an end, and never too soon', async () => {
  const roundTrip = 40
  // Says everything again, once it has heard the end.
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    const heard: Buffer[] = []
    socket.on('data', (chunk) => heard.push(chunk))
    socket.on('end', () => socket.end(Buffer.concat(heard)))
  })
  const port = await listen(delayProxy(await listen(echo), roundTrip))
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 251))
  const startedAt = performance.now()
  const received = await new Promise<Buffer>((resolve, reject) => {
    const client = connect({ port, host: '127.0.0.1' }, () => {
      for (let at = 0; at < sent.length; at += 7_001) client.write(sent.subarray(at, at + 7_001))
      client.end()
    })
    const chunks: Buffer[] = []
    client.on('data', (chunk) => chunks.push(chunk))
    client.on('end', () => resolve(Buffer.concat(chunks)))
    client.on('error', reject)
  })
  // One round trip to connect, one to ask and to be answered. Timers may be a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2 * roundTrip - 3)
  expect(received.equals(sent)).toBe(true)
})
