import { isObject } from '../auth0-tenant.ts'
import type { Change } from './changes.ts'
import type { Journal } from './journal.ts'
import { grantOf } from './plan-resources.ts'
import type { Prepared } from './prepare.ts'

/** What may not be on this disk: secrets, and keys that stand for one. */
const left = ['client_secret', 'signing_keys', 'encryption_key', 'signing_secret']

/** Notes every resource that a plan touches as it is now, before the first of them is touched. */
export function noteBefore(journal: Journal, prepared: Prepared): void {
  for (const change of prepared.plan.changes) noteChange(journal, change, prepared)
  const { record } = prepared
  journal.before({ kind: 'record', name: 'record', id: null, state: record })
}

function noteChange(journal: Journal, { kind, name }: Change, prepared: Prepared): void {
  const { actual, desired } = prepared
  const note = (id: string | null, state: unknown) => {
    if (kind !== 'phase') journal.before({ kind, name, id, state: withoutSecrets(state) })
  }
  if (kind === 'action') {
    const action = actual.actions.get(name)
    note(action?.id ?? null, action ?? null)
  } else if (kind === 'bindings') {
    note(null, { bindings: actual.bindings.get(name) ?? [], ours: desired.bindings[name] ?? [] })
  } else if (kind === 'connection') {
    const database = actual.databases.get(name)
    note(database?.id ?? null, database?.shown ?? null)
    const clients = database?.enabledClients ?? []
    journal.before({ kind: 'connection-clients', name, id: database?.id ?? null, state: clients })
  } else if (kind === 'client') {
    const client = actual.clients.get(name)
    note(client?.id ?? null, client?.shown ?? null)
  } else if (kind === 'resource-server') {
    const api = actual.resourceServers.get(name)
    note(api === undefined ? null : String(api.id), api ?? null)
  } else if (kind === 'client-grant') {
    const wanted = desired.clientGrants.find(
      (one) => `${one.name} for ${one.members.audience}` === name,
    )
    const grant = wanted === undefined ? undefined : grantOf(wanted, actual)
    note(grant === undefined ? null : String(grant.id), grant ?? null)
  }
}

/** Of a configuration the names: what is sealed is no use on another day. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([key]) => !left.includes(key))
  return Object.fromEntries(
    members.map(([key, member]) => [
      key,
      key === 'configuration' && isObject(member)
        ? Object.fromEntries(Object.keys(member).map((name) => [name, null]))
        : withoutSecrets(member),
    ]),
  )
}
