import { createHash } from 'node:crypto'
import { isObject } from '../auth0-tenant.ts'
import type { JournaledRun } from './journal.ts'

type Members = Readonly<Record<string, unknown>>

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
function isChanged(
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
  return Object.fromEntries(
    entries.filter(([key, value]) => value !== null && !key.startsWith('migration_')),
  )
}

/** Of members as they were those to send: what somebody has changed since the publish stays. */
export function unchanged(
  [subject, path, called = subject]: readonly [subject: string, path: string, called?: string],
  before: Members,
  now: Members,
  after: JournaledRun['after'],
): { readonly members: Members; readonly conflicts: readonly string[] } {
  const entries = Object.entries(before)
  const isTheirs = ([key, was]: (typeof entries)[number]) =>
    isChanged(after, `${subject} ${path}${key}`, { now: now[key], before: was })
  return {
    members: Object.fromEntries(entries.filter((entry) => !isTheirs(entry))),
    conflicts: entries
      .filter(isTheirs)
      .map(
        ([key]) => `${path}${key} of ${called} was changed by somebody since: it stays as it is`,
      ),
  }
}
