import { Agent, fetch as undiciFetch } from 'undici'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { type RunningTenant, startTenant, type TenantOptions } from '../../servers/tenant/server.ts'
import { buildFromTenant } from '../runtimes/old-tenant/bundles.ts'
import { connection, type OldTenantWorld, openOldTenant } from '../runtimes/old-tenant/world.ts'
import { type Browser, createBrowser } from '../servers/tenant/authentication/browser.ts'
import {
  addClient,
  addDatabase,
  bindActions,
  passwordRealm,
} from '../servers/tenant/authentication/tenant-resources.ts'
import type { Fetch } from '../servers/tenant/authentication/tenant-under-test.ts'

/** Two tenants: the connection that everybody has is the migrating one of both. */
export interface TwoTenants {
  readonly old: OldTenantWorld
  readonly new: RunningTenant
  /** Requests that the old tenant has answered: `POST /oauth/token`. */
  readonly asked: string[]
  /** The password grant of an application of the new tenant. */
  readonly logIn: (username: string, password: string) => Promise<Answer>
  /** POST /dbconnections/… of the new tenant. @returns The status. */
  readonly post: (path: 'change_password' | 'signup', body: object) => Promise<number>
  /** Follows the last link that the new tenant mailed, and sets a password there. */
  readonly followMail: (password: string) => Promise<void>
  readonly close: () => Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, string>>
}

const app = { client_id: 'app', client_secret: 'secret of app' }

/** @param options Of the old one. */
export async function startTwoTenants(
  options: Pick<TenantOptions, 'onRequest' | 'plan'> = {},
): Promise<TwoTenants> {
  const asked: string[] = []
  const old = await openOldTenant({
    ...options,
    onRequest(entry) {
      asked.push(`${entry.method} ${entry.route}`)
      options.onRequest?.(entry)
    },
  })
  const tenant = await startTenant({
    runtime: () =>
      createWorkerRuntime({ warm: true, extraCaCertificates: [old.old.caCertificate] }),
    passwordHashRounds: 4,
  })
  await publishToNewTenant(tenant, old.settings)
  const dispatcher = new Agent({ connect: { ca: tenant.caCertificate } })
  const send = ((url, init) =>
    undiciFetch(url, { redirect: 'manual', ...(init as object), dispatcher })) as Fetch
  const browser: Browser = createBrowser(send)
  const json = { 'content-type': 'application/json' }
  return {
    old,
    new: tenant,
    asked,
    async logIn(username, password) {
      const grant = { grant_type: passwordRealm, realm: connection, scope: 'openid', ...app }
      const body = JSON.stringify({ ...grant, username, password })
      const init = { method: 'POST', headers: json, body }
      const response = await send(`${tenant.issuer}oauth/token`, init)
      return { status: response.status, body: (await response.json()) as Answer['body'] }
    },
    async post(path, more) {
      const body = JSON.stringify({ client_id: app.client_id, connection, ...more })
      const init = { method: 'POST', headers: json, body }
      return (await send(`${tenant.issuer}dbconnections/${path}`, init)).status
    },
    async followMail(password) {
      const { url } = tenant.tenant.activity.outbox.at(-1) ?? { url: '' }
      const form = await browser.go(url)
      await browser.submit(form, { password, password_confirmation: password })
    },
    async close() {
      await dispatcher.close()
      await tenant.close()
      await old.close()
    },
  }
}

async function publishToNewTenant(
  { tenant }: RunningTenant,
  settings: OldTenantWorld['settings'],
): Promise<void> {
  const code = await buildFromTenant({ connection })
  const textOf = (name: string) => code.get(name) ?? ''
  addClient(tenant, { ...app, grant_types: [passwordRealm] })
  const scripts = { login: textOf('login'), get_user: textOf('get_user') }
  addDatabase(tenant, connection, scripts, { configuration: settings })
  bindActions(tenant, ['backfill-metadata', 'mark-migrated', 'copy-metadata'].map(textOf))
  const secrets = Object.entries(settings).map(([name, value]) => ({ name, value }))
  for (const [id, action] of tenant.state.actions) {
    if (action.deployed === null) continue
    tenant.state.actions.set(id, { ...action, deployed: { ...action.deployed, secrets } })
  }
}
