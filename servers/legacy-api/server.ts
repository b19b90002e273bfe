import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createLegacyApi, type LegacyApiOptions } from './app.ts'

export interface LegacyApiServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string
  /** Lets answers that are under way finish. The database stays open: it is the caller's. */
  close(): Promise<void>
}

/** How long answers under way are waited for, in milliseconds; an export may be stuck in a reader. */
const grace = 5_000

/** Listens on loopback; on a free port, if none is given. */
export async function startLegacyApi(
  options: LegacyApiOptions & { readonly port?: number },
): Promise<LegacyApiServer> {
  const { fetch } = createLegacyApi(options)
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false }) as Server
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const timer = setTimeout(() => server.closeAllConnections(), grace)
  await closed
  clearTimeout(timer)
}
