import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Fault, faults } from './front-door-faults.ts'

/** What stands between the tenant and the legacy API: a gateway that counts, and can break. */
export interface FrontDoor {
  readonly url: string
  /** `open` passes everything on. */
  mode: 'open' | Fault
  /** Calls since the start, refused ones too: `GET /v1/users/{legacy_id}`. */
  readonly calls: readonly string[]
  close(): Promise<void>
}

/** Starts the front door before a legacy API on loopback. */
export async function openFrontDoor(legacyApiUrl: string): Promise<FrontDoor> {
  const calls: string[] = []
  const server = createServer((incoming, response) => {
    calls.push(`${incoming.method} ${routeOf(incoming.url ?? '')}`)
    if (door.mode === 'open') pass(incoming, response, legacyApiUrl)
    else faults[door.mode](incoming, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const door: FrontDoor = {
    url: `http://127.0.0.1:${port}`,
    mode: 'open',
    calls,
    close: () => closed(server),
  }
  return door
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The route of the contract: ids stay out of what is printed. */
function routeOf(url: string): string {
  return url
    .replace(/\?.*/, '')
    .replace(/^\/v1\/users\/(?!authenticate$|lookup$)[^/]+/, '/v1/users/{legacy_id}')
}

function pass(incoming: IncomingMessage, response: ServerResponse, legacyApiUrl: string): void {
  const { method, headers } = incoming
  const outgoing = forward(legacyApiUrl + (incoming.url ?? ''), {
    method: method ?? 'GET',
    headers,
  })
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  incoming.pipe(outgoing)
}
