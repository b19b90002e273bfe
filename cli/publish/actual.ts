import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { listByCheckpoint, listResources } from '../list-resources.ts'
import type { BoundAction } from './bindings.ts'
import {
  type ListedClient,
  type MigrationClient,
  readClient,
  uniqueIdOf,
} from './migration-clients.ts'

type Shown = Readonly<Record<string, unknown>>

/** An Action as GET /actions/actions shows it: of a secret its name, never its value. */
export interface ShownAction extends Shown {
  readonly id: string
  readonly name: string
  readonly code: string
  readonly status: string
  readonly secrets?: readonly { readonly name: string; readonly updated_at?: string }[]
  readonly deployed_version?: Shown & { readonly id: string; readonly code?: string }
}

export interface ActualDatabase {
  readonly id: string
  readonly shown: Shown
  readonly options: Shown
  /** Client ids of the applications that it is enabled for. */
  readonly enabledClients: readonly string[]
  /**
   * Its encrypted configuration, when two looks at it show the same: it then tells that somebody else
   * has set a value. Null where every look shows another.
   */
  readonly sealedConfiguration: unknown
}

/** As much of a tenant as publishing is about. Read by GET alone. */
export interface Actual {
  readonly allClients: readonly ListedClient[]
  /** By name: those that tenant.yaml names, and the tenant has. */
  readonly clients: ReadonlyMap<string, MigrationClient>
  readonly actions: ReadonlyMap<string, ShownAction>
  /** By trigger. */
  readonly bindings: ReadonlyMap<string, readonly BoundAction[]>
  readonly databases: ReadonlyMap<string, ActualDatabase>
  /** By identifier. */
  readonly resourceServers: ReadonlyMap<string, Shown>
  /** Of the APIs that tenant.yaml grants. */
  readonly clientGrants: readonly Shown[]
}

/** What to look for: names, as tenant.yaml has them with the settings in place. */
export interface Wanted {
  readonly clients: readonly string[]
  readonly actions: readonly string[]
  readonly triggers: readonly string[]
  readonly databases: readonly string[]
  readonly resourceServers: readonly string[]
  /** Of the grants, an API of Auth0's own among them. */
  readonly audiences: readonly string[]
}

/** @throws {CommandError} As `manage` and `succeeded` do; `client_ambiguous`. */
export async function readActual(
  tenant: Auth0Tenant,
  wanted: Wanted,
  allClients: readonly ListedClient[],
): Promise<Actual> {
  const clients = await mapOf(wanted.clients, async (name) => {
    const id = uniqueIdOf(allClients, name)
    return id === null ? null : readClient(tenant, id)
  })
  return {
    allClients,
    clients,
    actions: await mapOf(wanted.actions, (name) => actionNamed(tenant, name)),
    bindings: await mapOf(wanted.triggers, (trigger) => bindingsOf(tenant, trigger)),
    databases: await mapOf(wanted.databases, (name) => databaseNamed(tenant, name)),
    resourceServers: await mapOf(wanted.resourceServers, (name) => apiWith(tenant, name)),
    clientGrants: (
      await Promise.all(
        wanted.audiences.map((audience) => {
          const path = `client-grants?audience=${encodeURIComponent(audience)}`
          return listByCheckpoint<Shown>(tenant, path, 'client_grants')
        }),
      )
    ).flat(),
  }
}

/** At once: there are a handful of each. */
async function mapOf<Value>(
  names: readonly string[],
  read: (name: string) => Promise<Value | null>,
): Promise<ReadonlyMap<string, Value>> {
  const values = await Promise.all(names.map(async (name) => [name, await read(name)] as const))
  return new Map(
    values.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  )
}

export async function actionNamed(tenant: Auth0Tenant, name: string): Promise<ShownAction | null> {
  const found = await listActions(tenant, `actionName=${encodeURIComponent(name)}&`)
  return found.find((action) => action.name === name) ?? null
}

/** This list knows no `include_totals`: it always says how many there are. */
export async function listActions(
  tenant: Auth0Tenant,
  filter = '',
): Promise<readonly ShownAction[]> {
  const found: ShownAction[] = []
  for (let page = 0; ; page += 1) {
    const path = `actions/actions?${filter}page=${page}&per_page=100`
    const { actions = [], total = 0 } = succeeded<{
      readonly actions?: readonly ShownAction[]
      readonly total?: number
    }>(await tenant.manage('GET', path), 'GET actions')
    found.push(...actions)
    if (actions.length === 0 || found.length >= total) return found
  }
}

export async function bindingsOf(
  tenant: Auth0Tenant,
  trigger: string,
): Promise<readonly BoundAction[]> {
  // A trigger has 20 at most. https://auth0.com/docs/customize/actions/limitations
  const path = `actions/triggers/${encodeURIComponent(trigger)}/bindings?per_page=50`
  const answer = await tenant.manage('GET', path)
  const { bindings = [] } = succeeded<{ readonly bindings?: readonly Shown[] }>(
    answer,
    'GET bindings',
  )
  return bindings.map(({ id, display_name, action }) => ({
    id: String(id),
    action: isObject(action) ? String(action.name) : String(display_name),
    displayName: String(display_name),
  }))
}

export async function databaseNamed(
  tenant: Auth0Tenant,
  name: string,
): Promise<ActualDatabase | null> {
  const path = `connections?name=${encodeURIComponent(name)}`
  const found = await listByCheckpoint<Shown>(tenant, path, 'connections')
  const first = found.find((one) => one.name === name)
  if (first === undefined) return null
  if (first.strategy !== 'auth0') {
    const message = `The connection ${name} is no database: it is ${first.strategy}. Name another one.`
    throw new CommandError('project_invalid', message)
  }
  const id = String(first.id)
  const shown = await readConnection(tenant, id)
  const sealed = optionsOf(first).configuration ?? null
  const same = JSON.stringify(sealed) === JSON.stringify(optionsOf(shown).configuration ?? null)
  const clients = await listByCheckpoint<Shown>(tenant, `connections/${id}/clients`, 'clients')
  return {
    id,
    shown,
    options: optionsOf(shown),
    enabledClients: clients.map(({ client_id }) => String(client_id)),
    sealedConfiguration: same ? sealed : null,
  }
}

/** @throws {CommandError} `scope_missing` when its options are not shown: they could not be kept. */
async function readConnection(tenant: Auth0Tenant, id: string): Promise<Shown> {
  const shown = succeeded<Shown>(await tenant.manage('GET', `connections/${id}`), 'GET connections')
  if (isObject(shown.options)) return shown
  const message =
    'GET connections shows no options: grant read:connections_options to the application of AUTH0_CLIENT_ID.'
  throw new CommandError('scope_missing', message)
}

function optionsOf({ options }: Shown): Shown {
  return isObject(options) ? options : {}
}

async function apiWith(tenant: Auth0Tenant, identifier: string): Promise<Shown | null> {
  const path = `resource-servers?identifiers=${encodeURIComponent(identifier)}`
  const found = await listResources<Shown>(tenant, path, 'resource_servers')
  return found.find((api) => api.identifier === identifier) ?? null
}
