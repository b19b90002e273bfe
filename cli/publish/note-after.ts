import { isObject } from '../auth0-tenant.ts'
import type { Actual } from './actual.ts'
import { ownMetadata, valueDigest } from './changed-since.ts'
import type { Desired } from './desired.ts'
import type { Journal } from './journal.ts'
import { isSecretName } from './members.ts'
import { grantOf } from './plan-resources.ts'

/**
 * Notes what a publish that was proved has left, by digest: undo tells by it what somebody else has
 * changed since. The options, members and scripts that tenant.yaml names, each by its path.
 */
export function noteAfter(
  journal: Pick<Journal, 'after'>,
  { desired, actual }: { readonly desired: Desired; readonly actual: Actual },
): void {
  for (const { name, members, options, scripts } of desired.databases) {
    const database = actual.databases.get(name)
    if (database === undefined) continue
    const note = (path: string, value: unknown) =>
      journal.after('connection', `${name} ${path}`, valueDigest(value))
    for (const key of Object.keys(members)) note(key, database.shown[key])
    for (const key of Object.keys(options)) note(`options.${key}`, database.options[key])
    const there = isObject(database.options.customScripts) ? database.options.customScripts : {}
    for (const slot of Object.keys(scripts)) note(`script ${slot}`, there[slot])
  }
  const all = [
    ...desired.clients.map((one) => ['client', one, actual.clients.get(one.name)?.shown] as const),
    ...desired.resourceServers.map(
      (one) => ['resource-server', one, actual.resourceServers.get(one.name)] as const,
    ),
    ...desired.clientGrants.map((one) => ['client-grant', one, grantOf(one, actual)] as const),
  ]
  for (const [kind, { name, members }, shown] of all) {
    const called = kind === 'client-grant' ? `${name} for ${members.audience}` : name
    for (const key of Object.keys(members).filter((one) => !isSecretName(one))) {
      const value = key === 'client_metadata' ? ownMetadata(shown?.[key]) : shown?.[key]
      journal.after(kind, `${called} ${key}`, valueDigest(value))
    }
  }
}
