import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { generate } from 'selfsigned'
import { Agent, fetch as undiciFetch } from 'undici'
import { createInProcessRuntime } from '../../../../actions-testing/in-process-runtime.ts'
import type {
  DatabaseScriptRun,
  PostLoginRun,
  Runtime,
} from '../../../../actions-testing/runtime.ts'
import { createActivity } from '../../../../servers/tenant/activity.ts'
import { authenticationApi } from '../../../../servers/tenant/authentication/app.ts'
import { usersApi } from '../../../../servers/tenant/management/users.ts'
import { createSigningKeys, type SigningKeys } from '../../../../servers/tenant/signing-keys.ts'
import type { Tenant } from '../../../../servers/tenant/state.ts'
import { emptyState } from './tenant-resources.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface TenantUnderTest {
  readonly tenant: Tenant
  readonly keys: SigningKeys
  /** PEM of the certificate. */
  readonly ca: string
  /** Trusts the certificate of the tenant, and follows no redirect. */
  readonly fetch: Fetch
  /** Moved by tests; milliseconds. */
  readonly clock: { now: number }
  /** Everything that the tenant ran, in order. */
  readonly logins: PostLoginRun[]
  readonly scripts: DatabaseScriptRun[]
  close(): Promise<void>
}

const certificate = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
  algorithm: 'sha256',
  extensions: [
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ],
})

/**
 * A tenant without resources, over TLS on a free port of this machine.
 *
 * @param createRuntime What runs bundles; in process where nothing is said. Closed with the tenant.
 */
export async function startTenantUnderTest(
  createRuntime: (now: () => number) => Runtime = (now) => createInProcessRuntime({ now }),
): Promise<TenantUnderTest> {
  const app = new Hono()
  const server = createServer(
    { key: certificate.private, cert: certificate.cert },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const keys = await createSigningKeys()
  const clock = { now: Date.now() }
  const tenant: Tenant = {
    state: emptyState(),
    issuer: `https://127.0.0.1:${port}/`,
    domain: `127.0.0.1:${port}`,
    name: 'tenant-under-test',
    now: () => clock.now,
    jwks: keys.jwks,
    activity: createActivity(),
    passwordHashRounds: 4,
  }
  const logins: PostLoginRun[] = []
  const scripts: DatabaseScriptRun[] = []
  const runtime = recording(
    createRuntime(() => clock.now),
    logins,
    scripts,
  )
  app.route('/', authenticationApi(tenant, keys, runtime))
  app.route('/api/v2', usersApi(tenant, runtime))
  const dispatcher = new Agent({ connect: { ca: certificate.cert } })
  return {
    tenant,
    keys,
    ca: certificate.cert,
    clock,
    logins,
    scripts,
    fetch: (url, init) => {
      const options = { redirect: 'manual', ...init, dispatcher }
      return undiciFetch(
        url,
        options as Parameters<typeof undiciFetch>[1],
      ) as unknown as Promise<Response>
    },
    async close() {
      await dispatcher.close()
      await runtime.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function recording(
  runtime: Runtime,
  logins: PostLoginRun[],
  scripts: DatabaseScriptRun[],
): Runtime {
  return {
    ...runtime,
    runPostLogin(run) {
      logins.push(run)
      return runtime.runPostLogin(run)
    },
    runDatabaseScript(run) {
      scripts.push(run)
      return runtime.runDatabaseScript(run)
    },
  }
}
