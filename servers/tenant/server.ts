import { Hono } from 'hono'
import type { Runtime } from '../../actions-testing/runtime.ts'
import { createActivity, type Mail } from './activity.ts'
import { authenticationApi } from './authentication/app.ts'
import { createCertificate } from './certificate.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'
import { runJobsFirst } from './jobs/run-jobs.ts'
import { type Beginning, beginning, keepSaved, stateOf } from './keep-tenant.ts'
import { type Listening, listen, writeCertificate } from './listen.ts'
import { managementApi } from './management/app.ts'
import { addExportDownload } from './management/jobs-exports.ts'
import { usersApi } from './management/users.ts'
import type { DeployClient } from './new-tenant.ts'
import type { Plan } from './rate-limit-plans.ts'
import { createRateLimiter, limitRates } from './rate-limits.ts'
import { logRequests, type RequestEntry, routesOf, type UnknownRequest } from './request-log.ts'
import { addOldRules, endRules, type OldRules } from './rules.ts'
import type { TokenServices } from './services.ts'
import type { Tenant } from './state.ts'

/** Milliseconds. On Auth0 a build takes seconds; here it takes long enough to be waited for. */
const usualBuildTime = 300

export interface TenantOptions {
  /** Default 0: a free one, or that of the state file. */
  readonly port?: number
  /**
   * File that holds the tenant, keys included, from one start to the next; made where there is none.
   * Default: in memory only.
   */
  readonly stateFile?: string
  /** Whose rate limits the Management API has. Default: none at all. */
  readonly plan?: Plan
  /** What goes wrong from the start; see `RunningTenant.faults`. */
  readonly faults?: readonly Fault[]
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
  /** How a rate-limited write waits for its turn. Default: by the real clock. */
  readonly wait?: (milliseconds: number) => Promise<unknown>
  /** Of a tenant of before 2023-10-16, whose Rules run still. Default: Rules have ended. */
  readonly oldRules?: OldRules
  /** Told of every mail, which is not sent. It has an address and a link that is good for a password. */
  readonly onMail?: (mail: Mail) => void
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
  readonly faults: Faults
  /** Rules end, as on all tenants after 2026-11-18. */
  endRules(): void
  /** Writes the state file before it resolves. */
  close(): Promise<void>
}

/**
 * Listens on loopback, over TLS, with a certificate made for this run.
 *
 * @throws {Error} `EADDRINUSE`; then nothing is left open.
 * @throws {StateFileError}
 */
export async function startTenant(options: TenantOptions): Promise<RunningTenant> {
  const begun = await beginning(options)
  // By the real clock, whatever the tenant's: it is the clients' TLS that looks at it.
  const certificate = await createCertificate(Date.now())
  const runtime = await runtimeOf(options, certificate.pem)
  const app = new Hono()
  const opened: (() => Promise<void>)[] = [() => runtime.close()]
  const close = async () => {
    for (const end of opened.splice(0).toReversed()) await end()
  }
  try {
    const server = await listen(app, certificate, begun.port)
    opened.push(server.stop)
    const ca = await writeCertificate(certificate.pem)
    opened.push(ca.remove)
    const tenant = newTenant(options, begun, server)
    const unknownRequests: UnknownRequest[] = []
    app.use(logRequests(options.onRequest ?? (() => undefined), unknownRequests))
    const faults = addApis(app, { tenant, keys: begun.keys, runtime }, begun, options)
    const { stateFile } = options
    const saver = stateFile && (await keepSaved(stateFile, begun, server.port, tenant))
    if (saver) opened.unshift(saver.flush)
    if (options.oldRules !== undefined) addOldRules(tenant.state, options.oldRules)
    const { domain, issuer } = tenant
    const end = () => endRules(tenant.state)
    const { deployClient } = begun
    const files = { caCertificate: certificate.pem, caFile: ca.file }
    return {
      tenant,
      domain,
      issuer,
      ...files,
      deployClient,
      unknownRequests,
      faults,
      endRules: end,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function newTenant(
  { name = 'stand-in', now = Date.now, onMail, passwordHashRounds, plan, wait }: TenantOptions,
  begun: Beginning,
  { port }: Listening,
): Tenant {
  const domain = `127.0.0.1:${port}`
  const issuer = `https://${domain}/`
  return {
    state: stateOf(begun, issuer),
    issuer,
    domain,
    name,
    now,
    jwks: begun.keys.jwks,
    activity: { ...createActivity(), ...begun.saved?.activity },
    ...(plan !== undefined && { rateLimiter: createRateLimiter(plan, wait) }),
    ...(onMail !== undefined && { onMail }),
    ...(passwordHashRounds !== undefined && { passwordHashRounds }),
  }
}

function addApis(
  app: Hono,
  { tenant, keys, runtime }: TokenServices,
  { cipher }: Beginning,
  { buildTime = usualBuildTime, faults: planned = [] }: TenantOptions,
): Faults {
  const faults = createFaults(() => routesOf(app))
  app.use(runJobsFirst(tenant))
  app.use(faults.middleware)
  if (tenant.rateLimiter) app.use('/api/v2/*', limitRates(tenant, tenant.rateLimiter))
  app.route('/api/v2', managementApi(tenant, { buildTime, cipher }))
  app.route('/api/v2', usersApi(tenant, runtime))
  addExportDownload(app, tenant)
  app.route('/', authenticationApi(tenant, keys, runtime))
  app.notFound((c) => c.json({ statusCode: 404, error: 'Not Found', message: 'Not Found' }, 404))
  for (const fault of planned) faults.add(fault)
  return faults
}

async function runtimeOf({ runtime }: TenantOptions, ca: string): Promise<Runtime> {
  return typeof runtime === 'function' ? runtime(ca) : runtime
}
