import { createHash } from 'node:crypto'
import { isObject } from '../auth0-tenant.ts'
import type { Actual } from './actual.ts'
import type { Desired } from './desired.ts'
import type { Journal } from './journal.ts'
import { isSecretName } from './members.ts'
import { grantOf } from './plan-resources.ts'

type Members = Readonly<Record<string, unknown>>

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

/** The same for the same value: in what order its keys stand does not count, nor that of a list of texts. */
export function valueDigest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('base64url')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map(sorted)
    return list.every((one) => typeof one === 'string') ? list.sort() : list
  }
  if (!isObject(value)) return value ?? null
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}

/** Whether somebody has changed since what the publish left; false where that was not noted. */
export function isChanged(
  after: Readonly<Record<string, string>>,
  subject: string,
  { now, before }: { readonly now: unknown; readonly before: unknown },
): boolean {
  const noted = after[subject]
  if (noted === undefined || valueDigest(now) === noted) return false
  // As it was before the publish: taken back already, by whomever.
  return valueDigest(now) !== valueDigest(before)
}

/** Of an application's metadata without what the kit itself keeps there: lock, record and phase. */
export function ownMetadata(metadata: unknown): Members {
  const entries = Object.entries(isObject(metadata) ? metadata : {})
  return Object.fromEntries(entries.filter(([key]) => !key.startsWith('migration_')))
}
