import { type Answer, type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import type { Resource } from './journal.ts'

/** What everything that a probe makes is called, and nothing else may be. */
export const namePrefix = 'migration-probe-'

/** Identifiers of APIs have to be URIs. */
export const identifierPrefix = `https://${namePrefix}`

export function isOwnName(name: unknown): boolean {
  return (
    typeof name === 'string' && (name.startsWith(namePrefix) || name.startsWith(identifierPrefix))
  )
}

type Item = Readonly<Record<string, unknown>>

/** Where the things of a kind are listed, and by what each is addressed and known. */
const lists = {
  action: { path: 'actions/actions', list: 'actions', id: 'id', name: 'name' },
  client: { path: 'clients', list: 'clients', id: 'client_id', name: 'name' },
  connection: { path: 'connections', list: 'connections', id: 'id', name: 'name' },
  organization: { path: 'organizations', list: 'organizations', id: 'id', name: 'name' },
  'resource-server': {
    path: 'resource-servers',
    list: 'resource_servers',
    id: 'id',
    name: 'identifier',
  },
} as const

export type ListedKind = keyof typeof lists

export const listedKinds = Object.keys(lists) as readonly ListedKind[]

/** All of a kind that the tenant has. */
export async function listAll(tenant: Auth0Tenant, kind: ListedKind): Promise<readonly Item[]> {
  const { path, list } = lists[kind]
  const all: Item[] = []
  for (let page = 0; ; page += 1) {
    const answer = await tenant.manage('GET', `${path}?per_page=100&page=${page}`)
    // Scopes are known to be there: it is the plan that has none.
    if (kind === 'organization' && answer.status === 403) return all
    const items = itemsOf(succeeded(answer, `GET ${path}`), list)
    all.push(...items)
    if (items.length < 100) return all
  }
}

export function nameOf(kind: ListedKind, item: Item): string {
  return String(item[lists[kind].name])
}

/** Removes what a probe has made, whatever a journal says. What is not there is removed. */
export async function removeResource(tenant: Auth0Tenant, { kind, name }: Resource): Promise<void> {
  if (kind === 'bindings') return unbind(tenant, name)
  if (!isOwnName(name)) return
  const { id, path } = lists[kind]
  const items = await listAll(tenant, kind)
  for (const item of items.filter((one) => nameOf(kind, one) === name)) {
    const force = kind === 'action' ? '?force=true' : ''
    const target = `${path}/${encodeURIComponent(String(item[id]))}${force}`
    const answer = await tenant.manage('DELETE', target)
    if (answer.status !== 404) succeeded(answer, `DELETE ${path}`)
  }
}

/** The Actions bound to a trigger, by name and in order. */
export async function boundActions(
  tenant: Auth0Tenant,
  trigger: string,
): Promise<readonly string[]> {
  const answer = await tenant.manage('GET', `${bindingsOf(trigger)}?per_page=100`)
  return itemsOf(succeeded(answer, 'GET bindings'), 'bindings').map(({ action, display_name }) =>
    String(isObject(action) ? action.name : display_name),
  )
}

/** Binds Actions by name; they take the place of those that were bound. */
export function bind(
  tenant: Auth0Tenant,
  trigger: string,
  names: readonly string[],
): Promise<Answer> {
  const bindings = names.map((value) => ({
    ref: { type: 'action_name', value },
    display_name: value,
  }))
  return tenant.manage('PATCH', bindingsOf(trigger), { bindings })
}

/** Somebody else's stay, should somebody have bound one meanwhile. */
async function unbind(tenant: Auth0Tenant, trigger: string): Promise<void> {
  const bound = await boundActions(tenant, trigger)
  const others = bound.filter((name) => !isOwnName(name))
  if (others.length < bound.length) {
    succeeded(await bind(tenant, trigger, others), 'PATCH bindings')
  }
}

function bindingsOf(trigger: string): string {
  return `actions/triggers/${trigger}/bindings`
}

/** Some lists come bare, some in an object. */
export function itemsOf(body: unknown, list: string): readonly Item[] {
  const items = isObject(body) ? body[list] : body
  return Array.isArray(items) ? items.filter(isObject) : []
}
