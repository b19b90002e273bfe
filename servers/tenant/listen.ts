import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Certificate } from './certificate.ts'

/** A server on loopback, over TLS. */
export interface Listening {
  readonly port: number
  /** Cuts the connections that are open. */
  stop(): Promise<void>
}

/**
 * @param port 0: a free one.
 * @throws {Error} `EADDRINUSE`; then nothing is left open.
 */
export async function listen(
  app: Hono,
  { privateKey, pem }: Certificate,
  port: number,
): Promise<Listening> {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer({ key: privateKey, cert: pem }, listener)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

/** The certificate to trust, in a file. */
export async function writeCertificate(pem: string) {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-tenant-'))
  const file = join(folder, 'ca.pem')
  await writeFile(file, pem)
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
}
