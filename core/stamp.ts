import { isPlainObject, type PlainObject } from './plain-object.ts'

/** The key of app_metadata under which the kit keeps all that it remembers of a user. */
export const stampKey = 'legacy_migration'

export type BackfillOutcome = 'arrived' | 'filled' | 'nothing-missing' | 'not-found' | 'too-large'
export type MarkOutcome = 'marked' | 'not-found' | 'conflict'

/** As it stands in `app_metadata.legacy_migration`. Instants are ISO 8601. */
interface Stamp {
  readonly legacy_id: string
  readonly backfilled_at: string
  readonly backfill: BackfillOutcome
  readonly marked_at?: string
  readonly mark?: MarkOutcome
}

/** Milliseconds (7 days) after which `not-found` is asked again: the legacy API may have had the wrong database. */
const retryNotFoundAfter = 604_800_000

/** The stamp as found: anybody with the Management API may have edited it. */
export function readStamp(appMetadata: PlainObject | undefined): PlainObject | undefined {
  const stamp = appMetadata?.[stampKey]
  return isPlainObject(stamp) ? stamp : undefined
}

/** True when the backfill need not run. A stamp of a shape that the kit never writes is not done. */
export function isBackfilled(stamp: PlainObject | undefined, now: () => number): boolean {
  if (stamp === undefined) return false
  switch (stamp.backfill) {
    case 'arrived':
    case 'filled':
    case 'nothing-missing':
    case 'too-large':
      return true
    case 'not-found':
      return isRecent(stamp.backfilled_at, now)
    default:
      return false
  }
}

/** True when the mark need not be sent. */
export function isMarked(stamp: PlainObject | undefined, now: () => number): boolean {
  if (stamp === undefined) return false
  switch (stamp.mark) {
    case 'marked':
    case 'conflict':
      return true
    case 'not-found':
      return isRecent(stamp.marked_at, now)
    default:
      return false
  }
}

function isRecent(instant: unknown, now: () => number): boolean {
  // Either way: of an instant in the far future, somebody's typing error, nobody would hear again.
  return typeof instant === 'string' && Math.abs(now() - Date.parse(instant)) < retryNotFoundAfter
}

/** True for a stamp that was copied from somebody, or of an account that was linked and is no more. */
export function tellsOfAnother(stamp: PlainObject | undefined, legacyId: string): boolean {
  return typeof stamp?.legacy_id === 'string' && stamp.legacy_id !== legacyId
}

/**
 * The stamp after a backfill; a mark that is already there stays, unless it is another user's.
 *
 * @param at ISO 8601. Text, since an import writes the same a million times.
 */
export function backfillStamp(
  before: PlainObject | undefined,
  legacyId: string,
  backfill: BackfillOutcome,
  at: string,
): PlainObject {
  const step = { legacy_id: legacyId, backfilled_at: at, backfill } satisfies Partial<Stamp>
  return { ...(tellsOfAnother(before, legacyId) ? {} : before), ...step }
}

/** The stamp after a mark; what the backfill put there, in this login or before, stays. */
export function markStamp(
  before: PlainObject | undefined,
  mark: MarkOutcome,
  now: number,
): PlainObject {
  const step = { marked_at: new Date(now).toISOString(), mark } satisfies Partial<Stamp>
  return { ...before, ...step }
}
