/**
 * The program of a child process: a legacy API and a token endpoint that behave as they are told, and
 * count what reaches them. Takes an `Order` at a time; its first message are its `Addresses`.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { createCertificate } from '../../servers/tenant/certificate.ts'
import { type Addresses, type Behaviour, type Order, roundTrip, type Traffic } from './behaviour.ts'
import { delayProxy } from './delay-proxy.ts'
import { type Fate, fatesOf } from './fates.ts'
import { legacyUserOf } from './legacy-user.ts'

const token = 'a-token-of-the-benchmark'
const problem = { type: 'about:blank', title: 'Service Unavailable' }

let behaviour: Behaviour = { delay: 0 }
let fates = new Map<string, () => Fate>()
let traffic: Traffic = { requests: 0, tokens: 0, connections: 0 }

process.on('message', (order: Order) => {
  if ('tell' in order) return process.send?.(traffic)
  behaviour = order.behave
  fates = new Map()
  traffic = { requests: 0, tokens: 0, connections: 0 }
  return process.send?.('ready')
})
process.on('disconnect', () => process.exit())
process.send?.(await listenAll())

async function listenAll(): Promise<Addresses> {
  const { privateKey, pem } = await createCertificate(Date.now())
  const plain = createServer(receive)
  const tls = createTlsServer({ key: privateKey, cert: pem }, receive)
  for (const server of [plain, tls]) {
    server.on('connection', () => {
      traffic = { ...traffic, connections: traffic.connections + 1 }
    })
    // A kept connection is closed by nobody while a measurement waits its turn.
    server.keepAliveTimeout = 60_000
  }
  const port = await listen(tls)
  return {
    plain: `http://127.0.0.1:${await listen(plain)}`,
    tls: `https://127.0.0.1:${port}`,
    far: `https://127.0.0.1:${await listen(delayProxy(port, roundTrip))}`,
    certificate: pem,
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A request counts, and meets its fate, when its headers are there; it is answered once it is read. */
function receive(request: IncomingMessage, response: ServerResponse): void {
  const isToken = request.url === '/oauth/token'
  const { requests, tokens, connections } = traffic
  traffic = { requests: requests + 1, tokens: tokens + (isToken ? 1 : 0), connections }
  const { delay, gone, faults } = behaviour
  const fate = fateOf(isToken ? `token ${tokens}` : `${request.method} ${request.url}`)
  request.resume()
  if (gone === true && !isToken) return
  const wait = delay + (fate === 'late' ? (faults?.lateBy ?? 0) : 0)
  request.on('end', () => setTimeout(() => answer(request, response, fate), wait))
}

function fateOf(thing: string): Fate {
  if (behaviour.faults === undefined) return 'served'
  const next = fates.get(thing) ?? fatesOf(behaviour.faults, thing)
  fates.set(thing, next)
  return next()
}

function answer(
  { url = '', method, headers }: IncomingMessage,
  response: ServerResponse,
  fate: Fate,
) {
  if (fate === 'refused') return send(response, 503, problem, 'application/problem+json')
  if (url === '/oauth/token') {
    return send(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 86_400 })
  }
  const [, legacyId, migration] = /^\/v1\/users\/(\d+)(\/migration)?$/.exec(url) ?? []
  if (headers.authorization !== `Bearer ${token}` || legacyId === undefined) {
    return send(response, 400, { title: 'not what the contract says' }, 'application/problem+json')
  }
  if (method === 'PUT' && migration !== undefined) return response.writeHead(204).end()
  return send(response, 200, legacyUserOf(legacyId))
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json') {
  return response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
}
