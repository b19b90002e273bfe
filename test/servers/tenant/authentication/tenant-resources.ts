import type { CachedTrigger } from '../../../../actions-testing/trigger-caches.ts'
import type {
  Client,
  JsonObject,
  ResourceServer,
  Tenant,
  TenantState,
} from '../../../../servers/tenant/state.ts'

export const callback = 'https://app.example/callback'
export const ordersApi = 'https://orders.example/'
export const legacyApi = 'https://legacy.example/'
export const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm'

export function emptyState(): TenantState {
  return {
    clients: new Map(),
    clientGrants: new Map(),
    resourceServers: new Map(),
    connections: new Map(),
    actions: new Map(),
    bindings: new Map(),
    users: new Map(),
    settings: new Map(),
    others: new Map(),
  }
}

export function addClient({ state }: Tenant, client: JsonObject & { client_id: string }): Client {
  const added: Client = {
    client_secret: `secret of ${client.client_id}`,
    name: client.client_id,
    app_type: 'regular_web',
    is_first_party: true,
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'],
    callbacks: [callback],
    ...client,
  }
  state.clients.set(added.client_id, added)
  return added
}

export function addApi({ state }: Tenant, identifier: string, api: JsonObject = {}): void {
  state.resourceServers.set(identifier, {
    id: identifier,
    identifier,
    name: identifier,
    scopes: [{ value: 'read:things' }, { value: 'write:things' }],
    token_lifetime: 7200,
    allow_offline_access: true,
    subject_type_authorization: {
      user: { policy: 'allow_all' },
      client: { policy: 'require_client_grant' },
    },
    ...api,
  } as ResourceServer)
}

export function addGrant(
  { state }: Tenant,
  clientId: string,
  audience: string,
  scope: readonly string[],
  subjectType: 'client' | 'user' = 'client',
): void {
  const id = `cgr_${state.clientGrants.size}`
  state.clientGrants.set(id, {
    id,
    client_id: clientId,
    audience,
    scope,
    subject_type: subjectType,
  })
}

/** @param scripts Source text by name; with any, the connection imports users. */
export function addDatabase(
  { state }: Tenant,
  name: string,
  scripts: Readonly<Record<string, string>> = {},
  options: JsonObject = {},
): void {
  const imports = Object.keys(scripts).length > 0
  state.connections.set(`con_${name}`, {
    id: `con_${name}`,
    name,
    strategy: 'auth0',
    options: {
      ...(imports && {
        enabledDatabaseCustomization: true,
        import_mode: true,
        customScripts: scripts,
        configuration: { STORE: 'https://store.example' },
      }),
      ...options,
    },
    enabled_clients: [...state.clients.keys()],
  })
}

/** Deploys and binds Actions of a trigger, in this order, in place of all it has. */
export function bindActions(
  { state }: Tenant,
  sources: readonly string[],
  trigger: CachedTrigger = 'post-login',
): void {
  const created_at = '2026-01-01T00:00:00.000Z'
  const ids = sources.map((code, position) => {
    const id = trigger === 'post-login' ? `action-${position}` : `${trigger}-${position}`
    state.actions.set(id, {
      id,
      name: id,
      code,
      runtime: 'node22',
      supported_triggers: [{ id: trigger, version: trigger === 'post-login' ? 'v3' : 'v2' }],
      dependencies: [],
      secrets: [],
      status: 'built',
      errors: [],
      deployed: { id, number: 1, code, secrets: [{ name: 'WHO', value: id }], created_at },
      created_at,
      updated_at: created_at,
    })
    return { id, trigger_id: trigger, action_id: id, display_name: id, created_at }
  })
  state.bindings.set(trigger, ids)
}

/** An Action whose body is `statements`. */
export function action(statements: string): string {
  return `exports.onExecutePostLogin = async (event, api) => { ${statements} }`
}
