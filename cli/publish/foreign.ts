import { isDeepStrictEqual } from 'node:util'
import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { listByCheckpoint, listResources } from '../list-resources.ts'
import { bindingsOf, listActions } from './actual.ts'
import type { Desired } from './desired.ts'

type Shown = Readonly<Record<string, unknown>>

/** All that is others' on a tenant, by kind and name, as GET shows it. */
export type Foreign = ReadonlyMap<string, unknown>

const rulesPerPage = 100

/** They differ from one GET to the next, or with every look of Auth0's own. */
const passing = ['built_at', 'created_at', 'updated_at']

/**
 * Reads everything on a tenant that publishing has no business with: Actions, bindings, connections,
 * applications, APIs, grants and Rules of others. Of applications no secret is asked for.
 */
export async function readForeign(tenant: Auth0Tenant, desired: Desired): Promise<Foreign> {
  const own = ownNames(desired)
  const clients = await listByCheckpoint<Shown>(
    tenant,
    'clients?fields=client_secret,signing_keys,encryption_key&include_fields=false&is_global=false',
    'clients',
  )
  const ownIds = clients
    .filter(({ name }) => own.clients.has(name))
    .map(({ client_id }) => client_id)
  const actions = await listActions(tenant)
  const connections = await listByCheckpoint<Shown>(tenant, 'connections', 'connections')
  const apis = await listResources<Shown>(tenant, 'resource-servers', 'resource_servers')
  const grants = await listByCheckpoint<Shown>(tenant, 'client-grants', 'client_grants')
  return new Map([
    ...named(
      'application',
      clients.filter(({ name }) => !own.clients.has(name)),
      'client_id',
    ),
    ...named(
      'Action',
      actions.filter(({ name }) => !own.actions.has(name)),
      'name',
    ),
    ...named(
      'connection',
      connections.filter(({ name }) => !own.databases.has(name)),
      'name',
    ),
    ...named(
      'API',
      apis.filter(({ identifier }) => !own.apis.has(identifier)),
      'identifier',
    ),
    ...named(
      'grant',
      grants.filter(({ client_id }) => !ownIds.includes(client_id)),
      'id',
    ),
    ...named('Rule', await readRules(tenant), 'id'),
    ...(await readBindings(tenant, own.bound)),
  ])
}

function ownNames(desired: Desired) {
  const names = (list: readonly { readonly name: string }[]) =>
    new Set<unknown>(list.map(({ name }) => name))
  const bound = Object.values(desired.bindings).flat()
  return {
    clients: names(desired.clients),
    actions: names(desired.actions),
    databases: names(desired.databases),
    apis: names(desired.resourceServers),
    bound: new Set(bound.map(({ action }) => action)),
  }
}

function named(kind: string, list: readonly Shown[], key: string): readonly [string, unknown][] {
  return list.map((one) => [`${kind} ${one[key]}`, comparable(one)])
}

/** Tenants without Rules refuse the question, and so does one that grants no read:rules. */
async function readRules(tenant: Auth0Tenant): Promise<readonly Shown[]> {
  const found: Shown[] = []
  for (let page = 0; ; page += 1) {
    const answer = await tenant.manage('GET', `rules?page=${page}&per_page=${rulesPerPage}`)
    if (page === 0 && isRefused(answer.status)) return []
    const rules = succeeded<readonly Shown[]>(answer, 'GET rules')
    found.push(...rules)
    if (rules.length < rulesPerPage) return found
  }
}

function isRefused(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429
}

async function readBindings(
  tenant: Auth0Tenant,
  own: ReadonlySet<string>,
): Promise<readonly [string, unknown][]> {
  const answer = await tenant.manage('GET', 'actions/triggers')
  const { triggers = [] } = succeeded<{ readonly triggers?: readonly Shown[] }>(
    answer,
    'GET triggers',
  )
  // Entity-bound triggers have no list of bindings.
  const bindable = triggers.filter(({ binding_policy }) => binding_policy !== 'entity-bound')
  const found: [string, unknown][] = []
  for (const trigger of new Set(bindable.map(({ id }) => String(id)))) {
    const others = (await bindingsOf(tenant, trigger)).filter(({ action }) => !own.has(action))
    // With their order, and without the ids of bindings: those are made anew with every change.
    found.push([
      `bindings of ${trigger}`,
      others.map(({ action, displayName }) => [action, displayName]),
    ])
  }
  return found
}

/** Without what passes; of an encrypted `configuration` the keys. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([key]) => !passing.includes(key))
  return Object.fromEntries(
    members.map(([key, member]) => [
      key,
      key === 'configuration' && isObject(member) ? Object.keys(member).sort() : comparable(member),
    ]),
  )
}

/** What is not as it was, in words: `connection x: options.import_mode`. Values are not repeated. */
export function foreignDifferences(before: Foreign, after: Foreign): readonly string[] {
  // What is new somebody else has made meanwhile: nothing of ours has such a name.
  return [...before].flatMap(([name, was]) => {
    if (!after.has(name)) return [`${name} is gone`]
    const paths = differingPaths(was, after.get(name))
    return paths.length === 0 ? [] : [`${name} differs: ${paths.slice(0, 5).join(', ')}`]
  })
}

function differingPaths(one: unknown, other: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(one, other)) return []
  if (!isObject(one) || !isObject(other)) return [path === '' ? 'its order or number' : path]
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].flatMap((key) => {
    return differingPaths(one[key], other[key], path === '' ? key : `${path}.${key}`)
  })
}
