import { decodeJwt, type JWTPayload } from 'jose'
import { Agent, fetch as undiciFetch } from 'undici'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import type { MigrationConfig } from '../../../core/migration-config.ts'
import {
  type RunningTenant,
  startTenant,
  type TenantOptions,
} from '../../../servers/tenant/server.ts'
import {
  addClient,
  addDatabase,
  addGrant,
  bindActions,
  passwordRealm,
} from '../../servers/tenant/authentication/tenant-resources.ts'
import { personal } from '../overheard.ts'
import { buildFromTenant } from './bundles.ts'
import { type Instance, instanceOf, type Settings } from './instance.ts'

/** A request that the new side made of the old tenant. */
export interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body: string
  readonly authorization: string | undefined
  /** Of all headers. */
  readonly headerNames?: readonly string[]
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** What is answered in the old tenant's place; undefined lets the request through. */
export type Answers = (asked: Asked) => Response | Promise<Response | undefined> | undefined

/** An old tenant as tenant.old.yaml leaves it, with users, and the bundles of the new one beside it. */
export interface OldTenantWorld {
  readonly old: RunningTenant
  /** OLD_TENANT_…: secrets of the Actions, `configuration` of the scripts. */
  readonly settings: Readonly<Record<string, string>>
  readonly asked: Asked[]
  /** `fetch` of the new side. */
  readonly send: (url: string, init?: RequestInit) => Promise<unknown>
  answers: Answers
  /** Another instance of the new side, which knows nothing of before. */
  readonly anew: (overrides?: Partial<MigrationConfig>) => Promise<Instance>
  /** Sends a request on to the old tenant, as it came. */
  readonly forward: (asked: Asked) => Promise<Response>
  /** Claims of the ID token that a password of the old tenant's gives an application. */
  readonly passwordGrant: (grant: Settings) => Promise<JWTPayload>
  /** Lets every request through again, and forgets those that were made. */
  readonly reset: () => void
  readonly close: () => Promise<void>
}

export const connection = 'Username-Password-Authentication'
export const migration = { client_id: 'migration', client_secret: personal.secret }

/** @param options `onRequest` is told of every request that the old tenant answers, whoever sent it. */
export async function openOldTenant(
  options: Pick<TenantOptions, 'onRequest' | 'plan'> = {},
): Promise<OldTenantWorld> {
  const old = await startTenant({
    ...options,
    runtime: createInProcessRuntime({ warm: true }),
    passwordHashRounds: 4,
  })
  await publishToOldTenant(old)
  const agent = new Agent({ connect: { ca: old.caCertificate } })
  const asked: Asked[] = []
  const letThrough: Answers = () => undefined
  const settings = {
    OLD_TENANT_DOMAIN: old.domain,
    OLD_TENANT_CLIENT_ID: migration.client_id,
    OLD_TENANT_CLIENT_SECRET: migration.client_secret,
    OLD_TENANT_CONNECTION: connection,
    CLAIM_NAMESPACE: 'https://claims.example/',
  }
  const world: OldTenantWorld = {
    old,
    settings,
    asked,
    send,
    answers: letThrough,
    async anew(overrides = {}) {
      const code = await buildFromTenant(overrides)
      const runtime = createInProcessRuntime({ warm: true, globals: { fetch: send } })
      return instanceOf(runtime, code, settings)
    },
    async forward({ method, path, body, authorization = '' }) {
      const headers = { authorization, 'content-type': 'application/json' }
      const init = { method, headers, ...(body !== '' && { body }), dispatcher: agent }
      const url = new URL(path, old.issuer)
      return (await undiciFetch(url, init)) as unknown as Response
    },
    async passwordGrant(grant) {
      const response = await undiciFetch(`${old.issuer}oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: passwordRealm, ...grant }),
        dispatcher: agent,
      })
      const { id_token } = (await response.json()) as { readonly id_token: string }
      return decodeJwt(id_token)
    },
    reset() {
      asked.length = 0
      world.answers = letThrough
    },
    async close() {
      await agent.close()
      await old.close()
    },
  }
  return world

  async function send(url: string, init: RequestInit = {}): Promise<unknown> {
    const { host, pathname, search } = new URL(url)
    const headers = new Headers(init.headers)
    const one = {
      method: init.method ?? 'GET',
      path: `${host === old.domain ? '' : host}${pathname}${search}`,
      body: String(init.body ?? ''),
      authorization: headers.get('authorization') ?? undefined,
      headerNames: [...headers.keys()].sort(),
      ...(init.signal && { signal: init.signal }),
    }
    asked.push(one)
    const answer = await Promise.race([world.answers(one), aborted(init.signal)])
    return answer ?? undiciFetch(url, { ...(init as object), dispatcher: agent })
  }
}

async function publishToOldTenant({ tenant, issuer }: RunningTenant): Promise<void> {
  addClient(tenant, {
    ...migration,
    name: 'Tenant Migration',
    app_type: 'non_interactive',
    grant_types: ['client_credentials', passwordRealm],
    client_metadata: { hand_over_users: 'true' },
  })
  addClient(tenant, { client_id: 'app', grant_types: [passwordRealm] })
  const scopes = ['read:users', 'update:users_app_metadata']
  addGrant(tenant, migration.client_id, `${issuer}api/v2/`, scopes)
  addDatabase(tenant, connection)
  addDatabase(tenant, 'others')
  bindActions(tenant, [(await buildFromTenant({})).get('hand-over-user') ?? ''])
}

/** As `fetch` has it: whoever stops waiting is told at once. */
function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}
