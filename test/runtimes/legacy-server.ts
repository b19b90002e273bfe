import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { overhear } from './overheard.ts'

/** A request as it came in. `at` is in milliseconds, of `performance.now()`. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
  readonly at: number
}

/**
 * What to do with one. `hang` never answers, `cut` ends the connection in the middle of the body, `drip`
 * sends a byte of the body now and then, and no end.
 */
export type Answer =
  | 'hang'
  | 'cut'
  | 'drip'
  | {
      readonly status: number
      readonly type?: string
      readonly body?: string
      /** Default `utf8`. */
      readonly encoding?: 'latin1'
      readonly location?: string
      /** Milliseconds. */
      readonly delay?: number
    }

/** A token endpoint and a legacy API on one loopback port, at the mercy of a test. */
export interface LegacyServer {
  readonly url: string
  readonly seen: Seen[]
  /** Answers the token endpoint; `count` is 1 for the first request. */
  token: (count: number) => Answer
  api: (request: Seen) => Answer | Promise<Answer>
  readonly tokenRequests: () => number
  readonly apiRequests: () => readonly Seen[]
  readonly reset: () => void
  readonly close: () => void
}

export const json = (body: unknown, status = 200): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
})

export const problem = (name: string, status: number): Answer => ({
  status,
  type: 'application/problem+json',
  body: JSON.stringify({ type: `urn:legacy-api:${name}`, title: 'A title', status }),
})

const issued = (count: number): Answer =>
  json({ access_token: `token-${count}`, token_type: 'Bearer', expires_in: 86_400 })

const isTokenRequest = ({ path }: Seen) => path === '/oauth/token'

export async function startLegacyServer(): Promise<LegacyServer> {
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const seen: Seen[] = []
  const legacy: LegacyServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    token: issued,
    api: () => ({ status: 404 }),
    tokenRequests: () => seen.filter(isTokenRequest).length,
    apiRequests: () => seen.filter((one) => !isTokenRequest(one)),
    reset() {
      seen.length = 0
      legacy.token = issued
      legacy.api = () => ({ status: 404 })
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return legacy

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const { method = '', url: path = '', headers } = request
    const { authorization } = headers
    const at = performance.now()
    const one = { method, path, authorization, body: await text(request), at }
    seen.push(one)
    overhear('url', path)
    const isToken = isTokenRequest(one)
    reply(isToken ? legacy.token(legacy.tokenRequests()) : await legacy.api(one), response)
  }
}

function reply(answer: Answer, response: ServerResponse): void {
  if (answer === 'hang') return
  if (answer === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 })
    response.write('{"legacy_id":"1042"', () => response.destroy())
    return
  }
  if (answer === 'drip') {
    response.writeHead(200, { 'content-type': 'application/json' })
    const dripping = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(dripping))
    return
  }
  const { status, type, location, body = '', encoding = 'utf8', delay = 0 } = answer
  const send = () => {
    if (type !== undefined) response.setHeader('content-type', type)
    if (location !== undefined) response.setHeader('location', location)
    response.writeHead(status).end(body, encoding)
  }
  if (delay === 0) send()
  else setTimeout(send, delay)
}
