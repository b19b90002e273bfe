import * as oidc from 'openid-client'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { createApplications, type SampleApplications } from '../../cli/demo/applications.ts'
import { type LegacyStore, openLegacyStore } from '../../cli/demo/legacy-store.ts'
import type { SampleUser } from '../../cli/demo/legacy-users.ts'
import { createManagementClient, type ManagementClient } from '../../cli/demo/management-client.ts'
import type { RunningTenant } from '../../servers/tenant/server.ts'
import { type Publishing, settings, startPublishing } from '../cli/publish/publishing.ts'
import type { Ended } from '../cli/run-migration.ts'

/** A tenant that the kit was published to, a legacy store, and people who log in. */
export interface LifeWorld {
  readonly publishing: Publishing
  readonly tenant: RunningTenant
  readonly legacy: LegacyStore
  readonly management: ManagementClient
  /** All that the commands ask for. */
  readonly env: Readonly<Record<string, string>>
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  /** A command that has to succeed. What it found. */
  done<Found = Record<string, unknown>>(args: readonly string[]): Promise<Found>
  /** Whether a person gets in by the password. */
  canLogIn(user: Pick<SampleUser, 'email' | 'password'>): Promise<boolean>
  /** Tells the store of a user as the Actions do. */
  mark(legacyId: string, metadata: 'complete' | 'not-found' | 'too-large'): Promise<void>
  /** MIGRATION_PHASE of both Actions, as they run, and of the connection. */
  phases(): readonly unknown[]
  close(): Promise<void>
}

const audience = settings.LEGACY_API_AUDIENCE

export interface LifeOptions {
  /** In the legacy store. */
  readonly users?: number
  /** Called before the kit is published. */
  readonly furnish?: (tenant: RunningTenant) => Promise<void>
}

export async function createLifeWorld({
  users = 12,
  furnish,
}: LifeOptions = {}): Promise<LifeWorld> {
  const publishing = await startPublishing({
    runtime: (ca) => createWorkerRuntime({ warm: true, extraCaCertificates: [ca] }),
    // Who furnishes a tenant deploys without waiting.
    buildTime: furnish === undefined ? 300 : 0,
  })
  const tenant = publishing.running
  await furnish?.(tenant)
  const management = createManagementClient(tenant)
  const legacy = await openLegacyStore(tenant.tenant, audience, users)
  const env: Record<string, string> = {
    LEGACY_API_URL: legacy.url,
    LEGACY_TOKEN_URL: `${tenant.issuer}oauth/token`,
  }
  const run: LifeWorld['run'] = (args, more = {}) => publishing.run(args, { ...env, ...more })
  const done = async <Found>(args: readonly string[]): Promise<Found> => {
    const { status, stdout, stderr } = await run([...args, '--json'])
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}${stdout}`)
    return JSON.parse(stdout) as Found
  }
  await done(['publish', '--yes'])
  const applications = await people(tenant, management, env)
  return {
    ...{ publishing, tenant, legacy, management, env, run, done },
    canLogIn: (user) => canLogIn(applications, user),
    async mark(legacyId, metadata) {
      const grant = await oidc.clientCredentialsGrant(applications.machine, { audience })
      const migrated_at = new Date().toISOString()
      const auth0_user_id = `auth0|legacy-users|${legacyId}`
      const url = `${legacy.url}/v1/users/${encodeURIComponent(legacyId)}/migration`
      const { status } = await fetch(url, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${grant.access_token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ auth0_user_id, migrated_at, metadata }),
      })
      if (status !== 204) throw new Error(`The store answered ${status}.`)
    },
    phases: () => phasesIn(tenant),
    async close() {
      await legacy.close()
      await publishing.close()
    },
  }
}

/** Applications to log in with, and the operator's own. Its id and secret go into `env`. */
async function people(
  tenant: RunningTenant,
  management: ManagementClient,
  env: Record<string, string>,
): Promise<SampleApplications> {
  const operator = await management.post<{ client_id: string; client_secret: string }>('clients', {
    name: 'Legacy Operator',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  })
  const scope = ['read:legacy_users', 'export:legacy_users']
  await management.post('client-grants', { client_id: operator.client_id, audience, scope })
  env.LEGACY_OPERATOR_CLIENT_ID = operator.client_id
  env.LEGACY_OPERATOR_CLIENT_SECRET = operator.client_secret
  const clients = [...tenant.tenant.state.clients.values()]
  const actions = clients.find(({ name }) => name === 'Legacy Migration Actions')
  return createApplications(tenant, management, {
    LEGACY_ACTIONS_CLIENT_ID: actions?.client_id ?? '',
    LEGACY_ACTIONS_CLIENT_SECRET: actions?.client_secret ?? '',
  })
}

async function canLogIn(
  { trusted }: SampleApplications,
  { email, password }: Pick<SampleUser, 'email' | 'password'>,
): Promise<boolean> {
  const asked = { username: email, password, scope: 'openid' }
  return oidc.genericGrantRequest(trusted, 'password', asked).then(
    () => true,
    (error: unknown) => {
      if (error instanceof oidc.ResponseBodyError) return false
      throw error
    },
  )
}

/** The stand-in's own state: Auth0 shows nobody the value of a secret. */
function phasesIn({ tenant: { state } }: RunningTenant): readonly unknown[] {
  const secrets = [...state.actions.values()].flatMap(
    ({ deployed }) => deployed?.secrets.filter(({ name }) => name === 'MIGRATION_PHASE') ?? [],
  )
  const connection = [...state.connections.values()].find(({ name }) => name === 'legacy-users')
  const { MIGRATION_PHASE } = (connection?.options.configuration ?? {}) as Record<string, unknown>
  return [...secrets.map(({ value }) => value), MIGRATION_PHASE]
}
