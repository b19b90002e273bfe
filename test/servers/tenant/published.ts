import type { Client, JsonObject, ResourceServer, Tenant } from '../../../servers/tenant/state.ts'

/** What deploy-cli made of a tenant, by names: ids, secrets and times differ from one to the next. */
export function published({ state }: Tenant) {
  const clientName = (id: string) => state.clients.get(id)?.name
  const actionName = (id: string) => state.actions.get(id)?.name
  return {
    actions: byName(
      [...state.actions.values()].map(({ name, runtime, supported_triggers, deployed }) => ({
        name,
        runtime,
        supported_triggers,
        version: deployed?.number,
        code: deployed?.code,
        secrets: deployed?.secrets.map((secret) => [secret.name, secret.value]),
      })),
    ),
    bindings: Object.fromEntries(
      [...state.bindings].map(([trigger, bindings]) => [
        trigger,
        bindings.map(({ action_id, display_name }) => [actionName(action_id), display_name]),
      ]),
    ),
    connections: byName(
      [...state.connections.values()].map(({ name, strategy, options, enabled_clients }) => ({
        name,
        strategy,
        options,
        applications: enabled_clients.map(clientName),
      })),
    ),
    resourceServers: byName(
      [...state.resourceServers.values()]
        .filter(isOurs)
        .map((api) => ({ ...withoutId(api), name: api.name ?? '' })),
    ),
    clients: byName([...state.clients.values()].map(withoutCredentials)),
    clientGrants: [...state.clientGrants.values()]
      .map(({ client_id, audience, scope, subject_type }) => ({
        client: clientName(client_id),
        audience: audience.endsWith('/api/v2/') ? 'Management API' : audience,
        scope,
        subject_type,
      }))
      .sort((one, other) => String(one.client).localeCompare(String(other.client))),
  }
}

function byName<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((one, other) => one.name.localeCompare(other.name))
}

function isOurs({ is_system }: JsonObject): boolean {
  return is_system !== true
}

function withoutId(api: ResourceServer) {
  return { ...api, id: null }
}

function withoutCredentials(client: Client) {
  return { ...client, client_id: null, client_secret: null }
}
