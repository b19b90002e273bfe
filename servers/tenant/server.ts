import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Runtime } from '../../actions-testing/runtime.ts'
import { createActivity } from './activity.ts'
import { authenticationApi } from './authentication/app.ts'
import { type Certificate, createCertificate } from './certificate.ts'
import { managementApi } from './management/app.ts'
import { usersApi } from './management/users.ts'
import { type DeployClient, newDeployClient, newTenantState } from './new-tenant.ts'
import { logRequests, type RequestEntry, type UnknownRequest } from './request-log.ts'
import type { TokenServices } from './services.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'
import type { Tenant } from './state.ts'

/** Milliseconds. On Auth0 a build takes seconds; here it takes long enough to be waited for. */
const usualBuildTime = 300

export interface TenantOptions {
  /** Default 0: a free one. */
  readonly port?: number
  /**
   * What runs the bundles; or what makes it, given the PEM of the tenant's certificate, so that
   * scripts and Actions can call the tenant. It is closed with the tenant.
   */
  readonly runtime: Runtime | ((ca: string) => Runtime | Promise<Runtime>)
  /** Milliseconds since the epoch. A clock that stands still never ends the build of an Action. */
  readonly now?: () => number
  readonly name?: string
  readonly deployClient?: DeployClient
  /** Milliseconds that the build of an Action takes. Default 300. */
  readonly buildTime?: number
  /** Cost of bcrypt. Default 10. */
  readonly passwordHashRounds?: number
  /** Told of every answer. */
  readonly onRequest?: (entry: RequestEntry) => void
}

export interface RunningTenant {
  readonly tenant: Tenant
  /** `127.0.0.1:PORT`: AUTH0_DOMAIN. */
  readonly domain: string
  readonly issuer: string
  /** PEM. */
  readonly caCertificate: string
  /** File that holds `caCertificate`, for NODE_EXTRA_CA_CERTS; gone after `close`. */
  readonly caFile: string
  readonly deployClient: DeployClient
  /** What was asked for and is not here. */
  readonly unknownRequests: readonly UnknownRequest[]
  close(): Promise<void>
}

/**
 * Listens on loopback, over TLS, with a certificate made for this run.
 *
 * @throws {Error} `EADDRINUSE`; then nothing is left open.
 */
export async function startTenant(options: TenantOptions): Promise<RunningTenant> {
  const { deployClient = newDeployClient() } = options
  // By the real clock, whatever the tenant's: it is the clients' TLS that looks at it.
  const certificate = await createCertificate(Date.now())
  const runtime = await runtimeOf(options, certificate.pem)
  const app = new Hono()
  const server = await listen(app, certificate, options.port ?? 0).catch(async (error: unknown) => {
    await runtime.close()
    throw error
  })
  const keys = await createSigningKeys()
  const tenant = newTenant(options, domainOf(server), deployClient, keys)
  const unknownRequests: UnknownRequest[] = []
  app.use(logRequests(options.onRequest ?? (() => undefined), unknownRequests))
  addApis(app, { tenant, keys, runtime }, options)
  const ca = await writeCertificate(certificate.pem)
  return {
    tenant,
    domain: tenant.domain,
    issuer: tenant.issuer,
    caCertificate: certificate.pem,
    caFile: ca.file,
    deployClient,
    unknownRequests,
    async close() {
      await stop(server)
      await runtime.close()
      await ca.remove()
    },
  }
}

async function listen(app: Hono, { privateKey, pem }: Certificate, port: number): Promise<Server> {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer({ key: privateKey, cert: pem }, listener)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function domainOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

function newTenant(
  { name = 'stand-in', now = Date.now, passwordHashRounds }: TenantOptions,
  domain: string,
  deployClient: DeployClient,
  { jwks }: SigningKeys,
): Tenant {
  const issuer = `https://${domain}/`
  return {
    state: newTenantState(issuer, deployClient),
    issuer,
    domain,
    name,
    now,
    jwks,
    activity: createActivity(),
    ...(passwordHashRounds !== undefined && { passwordHashRounds }),
  }
}

function addApis(app: Hono, { tenant, keys, runtime }: TokenServices, options: TenantOptions) {
  app.route('/api/v2', managementApi(tenant, { buildTime: options.buildTime ?? usualBuildTime }))
  app.route('/api/v2', usersApi(tenant, runtime))
  app.route('/', authenticationApi(tenant, keys, runtime))
  app.notFound((c) => c.json({ statusCode: 404, error: 'Not Found', message: 'Not Found' }, 404))
}

async function writeCertificate(pem: string) {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-tenant-'))
  const file = join(folder, 'ca.pem')
  await writeFile(file, pem)
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
}

async function runtimeOf({ runtime }: TenantOptions, ca: string): Promise<Runtime> {
  return typeof runtime === 'function' ? runtime(ca) : runtime
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
