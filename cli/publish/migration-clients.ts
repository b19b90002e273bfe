import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { listByCheckpoint } from '../list-resources.ts'

/** Names of the applications of a migration. The first keeps record and lock. */
export interface ClientNames {
  readonly actions: string
  /** Null where one application does it all. */
  readonly scripts: string | null
}

/** The two machine-to-machine applications by the names that tenant.yaml gives them. */
export const clientNames = {
  actions: 'Legacy Migration Actions',
  scripts: 'Legacy Migration Scripts',
} as const satisfies ClientNames

/** The one that tenant.old.yaml gives an old tenant. */
export const oldTenantClientNames: ClientNames = { actions: 'Tenant Migration', scripts: null }

/** An application as GET /clients/{id} shows it. */
export interface MigrationClient {
  readonly id: string
  /** Null where the tenant does not show it: without read:client_keys, or where it has none. */
  readonly secret: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly shown: Readonly<Record<string, unknown>>
}

/** Null for one that the tenant does not have yet. */
export interface MigrationClients {
  readonly actions: MigrationClient | null
  readonly scripts: MigrationClient | null
}

/** An application in the list of all: no secret of anybody's is asked for. */
export interface ListedClient {
  readonly client_id: string
  readonly name: string
}

/** @throws {CommandError} As `succeeded` does. */
export function listClients(tenant: Auth0Tenant): Promise<readonly ListedClient[]> {
  const path = 'clients?fields=client_id,name&include_fields=true&is_global=false'
  return listByCheckpoint(tenant, path, 'clients')
}

/**
 * Finds the applications of a migration and reads their ids and secrets.
 *
 * @throws {CommandError} `client_ambiguous` when two applications have one of the names: Auth0 allows
 *   that, and a wrong guess would publish somebody else's secret.
 */
export async function findMigrationClients(
  tenant: Auth0Tenant,
  all?: readonly ListedClient[],
  names: ClientNames = clientNames,
): Promise<MigrationClients> {
  const listed = all ?? (await listClients(tenant))
  const [actions, scripts] = await Promise.all([
    clientNamed(tenant, listed, names.actions),
    names.scripts === null ? null : clientNamed(tenant, listed, names.scripts),
  ])
  return { actions, scripts }
}

async function clientNamed(
  tenant: Auth0Tenant,
  listed: readonly ListedClient[],
  name: string,
): Promise<MigrationClient | null> {
  const id = uniqueIdOf(listed, name)
  return id === null ? null : readClient(tenant, id)
}

/** @throws {CommandError} `client_ambiguous`. */
export function uniqueIdOf(listed: readonly ListedClient[], name: string): string | null {
  const [first, ...others] = listed.filter((client) => client.name === name)
  if (others.length === 0) return first?.client_id ?? null
  const message = `The tenant has ${others.length + 1} applications named ${name}: rename or delete all but the one that is to be used.`
  throw new CommandError('client_ambiguous', message)
}

/** @throws {CommandError} As `succeeded` does. */
export async function readClient(tenant: Auth0Tenant, id: string): Promise<MigrationClient> {
  const answer = await tenant.manage('GET', `clients/${encodeURIComponent(id)}`)
  const shown = succeeded<Readonly<Record<string, unknown>>>(answer, 'GET clients')
  const { client_secret: secret, client_metadata } = shown
  const metadata = isObject(client_metadata) ? client_metadata : {}
  return {
    id,
    secret: typeof secret === 'string' && secret !== '' ? secret : null,
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([key, value]) => [key, String(value)]),
    ),
    shown,
  }
}
