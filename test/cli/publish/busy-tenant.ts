import { createManagementClient } from '../../../cli/demo/management-client.ts'
import type { RunningTenant } from '../../../servers/tenant/server.ts'
import type { Action, Client, Connection } from '../../../servers/tenant/state.ts'

/** In the order in which tenant.yaml binds them. */
export const ourActions = [
  'protect-legacy-audience',
  'backfill-metadata',
  'mark-migrated',
  'copy-metadata',
]

export const foreignActions = ['enrich-profile', 'require-mfa', 'notify-crm'] as const

export interface BusyTenantOptions {
  readonly connections?: number
  readonly actions?: number
  /** Applications that may use the connection that is to migrate, which is a database with users. */
  readonly applications?: number
}

/** Fills a tenant with what others have on it: nothing of the kit is there yet. */
export async function makeBusy(
  running: RunningTenant,
  { connections = 250, actions = 10, applications = 120 }: BusyTenantOptions = {},
): Promise<void> {
  const management = createManagementClient(running)
  for (const name of foreignActions) await deployForeign(running, name, 'post-login', 'v3')
  await deployForeign(running, 'machine-claims', 'credentials-exchange', 'v2')
  await bind(running, 'post-login', foreignActions)
  await bind(running, 'credentials-exchange', ['machine-claims'])
  const { state } = running.tenant
  const [first] = state.actions.values()
  for (let number = 0; number < actions - 4 && first !== undefined; number += 1) {
    const id = `foreign-action-${number}`
    state.actions.set(id, { ...first, id, name: `unbound-${number}` } satisfies Action)
  }
  await management.post('connections', {
    name: 'other-store',
    strategy: 'auth0',
    options: {
      enabledDatabaseCustomization: true,
      import_mode: false,
      customScripts: { login: 'function login(u, p, callback) { callback(null) }' },
      configuration: { DB_PASSWORD: 'of somebody else', KEPT: '##LITERAL##' },
    },
  })
  const ids = addApplications(running, applications)
  await management.post('connections', {
    name: 'legacy-users',
    strategy: 'auth0',
    enabled_clients: ids,
    options: {
      passwordPolicy: 'excellent',
      password_history: { enable: true, size: 5 },
      disable_self_service_change_password: true,
      customScripts: {
        change_email: 'function changeEmail(a, b, c, callback) { callback(null, true) }',
      },
      configuration: { FOREIGN_KEY: 'stays' },
    },
  })
  for (let number = 0; number < connections - 2; number += 1) {
    const id = `con_foreign${number}`
    const name = `enterprise-${number}`
    const options = { tenant_domain: `${name}.example`, client_secret: `s${number}` }
    state.connections.set(id, {
      ...{ id, name, strategy: 'oidc', options, enabled_clients: ids.slice(0, 2) },
    } satisfies Connection)
  }
  await management.post('users', {
    connection: 'legacy-users',
    email: 'first@people.example',
    password: 'Aa1-of-a-person',
    user_id: 'was-here',
  })
}

function addApplications({ tenant, deployClient }: RunningTenant, number: number): string[] {
  const { clients } = tenant.state
  const own = clients.get(deployClient.client_id)
  return Array.from({ length: number }, (_, index) => {
    const client_id = `foreign-application-${index}`
    const more = { client_id, client_secret: `secret of ${index}`, name: `Application ${index}` }
    clients.set(client_id, { ...own, ...more } as Client)
    return client_id
  })
}

async function deployForeign(
  running: RunningTenant,
  name: string,
  trigger: string,
  version: string,
): Promise<void> {
  const management = createManagementClient(running)
  const handler = trigger === 'post-login' ? 'onExecutePostLogin' : 'onExecuteCredentialsExchange'
  const { id } = await management.post<{ id: string }>('actions/actions', {
    name,
    code: `exports.${handler} = async () => {} // ${name}`,
    runtime: 'node22',
    supported_triggers: [{ id: trigger, version }],
    secrets: [{ name: 'THEIR_KEY', value: `of ${name}` }],
  })
  await management.get(`actions/actions/${id}`)
  await management.post(`actions/actions/${id}/deploy`, {})
}

async function bind(
  running: RunningTenant,
  trigger: string,
  names: readonly string[],
): Promise<void> {
  const bindings = names.map((name) => ({
    ref: { type: 'action_name', value: name },
    display_name: `${name} of theirs`,
  }))
  await createManagementClient(running).patch(`actions/triggers/${trigger}/bindings`, { bindings })
}

/** Names of what the kit publishes. */
const ours = {
  actions: ['protect-legacy-audience', 'backfill-metadata', 'mark-migrated', 'copy-metadata'],
  clients: ['Legacy Migration Actions', 'Legacy Migration Scripts', 'Sample Application'],
}

/** All that is others', secrets and all, as the tenant itself has it: no API has a say in that. */
export function foreignState({ tenant }: RunningTenant) {
  const { state } = tenant
  const isForeign = ({ name }: { readonly name: string }) => !ours.actions.includes(name)
  const nameOf = (id: string) => state.actions.get(id)?.name ?? 'gone'
  return {
    actions: [...state.actions.values()].filter(isForeign),
    bindings: [...state.bindings].map(([trigger, list]) => [
      trigger,
      list
        .map(({ action_id, display_name }) => [nameOf(action_id), display_name] as const)
        .filter(([name]) => isForeign({ name })),
    ]),
    clients: [...state.clients.values()].filter(({ name }) => !ours.clients.includes(name)),
    connections: [...state.connections.values()].filter(({ name }) => name !== 'legacy-users'),
    apis: [...state.resourceServers.values()].filter(({ name }) => name !== 'Legacy API'),
    users: [...state.users.values()],
    settings: [...state.settings],
  }
}

/** Names of the Actions bound to a trigger, in flow order. */
export function boundTo({ tenant }: RunningTenant, trigger = 'post-login'): readonly string[] {
  const bindings = tenant.state.bindings.get(trigger) ?? []
  return bindings.map(({ action_id }) => tenant.state.actions.get(action_id)?.name ?? 'gone')
}

export function connectionOf(
  { tenant }: RunningTenant,
  name = 'legacy-users',
): Connection | undefined {
  return [...tenant.state.connections.values()].find((connection) => connection.name === name)
}
