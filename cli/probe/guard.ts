import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import {
  boundActions,
  isOwnName,
  itemsOf,
  type ListedKind,
  listAll,
  listedKinds,
  nameOf,
} from './resources.ts'

/** Scopes of the Management API that a run needs. */
export const neededScopes = [
  ...crud('actions', 'clients', 'connections', 'resource_servers', 'users'),
  'create:client_credentials',
  'create:client_grants',
  'create:organization_connections',
  'create:organizations',
  'delete:organizations',
  'read:client_keys',
  'read:connections_options',
  'read:logs',
  'read:organization_members',
  'read:organizations',
  'read:rules',
  'read:tenant_settings',
  'update:connections_options',
]

/**
 * Why a tenant is not to be probed: everything on it that shows it to be in use. Reads only.
 *
 * @returns Nothing when it is empty enough.
 */
export async function reasonsToRefuse(tenant: Auth0Tenant): Promise<readonly string[]> {
  const granted = await tenant.scopes()
  const lacking = neededScopes.filter((scope) => !granted.has(scope))
  if (lacking.length > 0) return [`the application lacks scopes: ${lacking.join(', ')}`]
  return [
    ...(await foreignUsers(tenant)),
    ...(await foreignDatabases(tenant)),
    ...(await foreignBindings(tenant)),
    ...(await enabledRules(tenant)),
  ]
}

/** Users of any connection that is not a probe's; a name alone makes nobody a probe's user. */
async function foreignUsers(tenant: Auth0Tenant): Promise<readonly string[]> {
  const answer = await tenant.manage('GET', 'users?per_page=100&include_totals=true')
  const body = succeeded<unknown>(answer, 'GET users')
  const users = itemsOf(body, 'users')
  const total = isObject(body) ? Number(body.total) : users.length
  const own = users.filter(isOfProbe).length
  return total === own ? [] : [`it has users: ${total - own}`]
}

function isOfProbe({ identities }: Readonly<Record<string, unknown>>): boolean {
  const all = itemsOf(identities, 'identities')
  return all.length > 0 && all.every(({ connection }) => isOwnName(connection))
}

/** A database with scripts has users of which the tenant knows nothing until they log in. */
async function foreignDatabases(tenant: Auth0Tenant): Promise<readonly string[]> {
  const connections = await listAll(tenant, 'connection')
  return connections
    .filter(({ name, options }) => {
      return !isOwnName(name) && isObject(options) && options.enabledDatabaseCustomization === true
    })
    .map(({ name }) => `its connection ${name} asks a user store of its own`)
}

async function foreignBindings(tenant: Auth0Tenant): Promise<readonly string[]> {
  const answer = await tenant.manage('GET', 'actions/triggers')
  const triggers = itemsOf(succeeded(answer, 'GET actions/triggers'), 'triggers')
  // Entity-bound triggers have no list of bindings.
  const bindable = triggers.filter(({ binding_policy }) => binding_policy !== 'entity-bound')
  const reasons: string[] = []
  for (const trigger of new Set(bindable.map(({ id }) => String(id)))) {
    const bound = (await boundActions(tenant, trigger)).filter((name) => !isOwnName(name))
    if (bound.length > 0) reasons.push(`Actions are bound to ${trigger}: ${bound.join(', ')}`)
  }
  return reasons
}

/** Tenants without Rules refuse the question. */
async function enabledRules(tenant: Auth0Tenant): Promise<readonly string[]> {
  const { status, body } = await tenant.manage('GET', 'rules?enabled=true')
  const rules = status === 200 ? itemsOf(body, 'rules').length : 0
  return rules === 0 ? [] : [`Rules are enabled: ${rules}`]
}

/** What has a probe's name although this folder's journal is clear: another run's. Reads only. */
export async function leftovers(tenant: Auth0Tenant): Promise<readonly string[]> {
  const names: string[] = []
  for (const kind of listedKinds) {
    names.push(...(await ownNames(tenant, kind)))
  }
  if (names.length === 0) return []
  return [
    `another run is under way, or was left in a folder other than this one: ${names.join(', ')}`,
  ]
}

async function ownNames(tenant: Auth0Tenant, kind: ListedKind): Promise<readonly string[]> {
  return (await listAll(tenant, kind)).map((item) => nameOf(kind, item)).filter(isOwnName)
}

function crud(...resources: readonly string[]): readonly string[] {
  return resources.flatMap((resource) =>
    ['create', 'read', 'update', 'delete'].map((action) => `${action}:${resource}`),
  )
}
