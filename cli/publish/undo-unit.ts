import type { Phase } from '../../core/phase.ts'
import { CommandError } from '../command.ts'
import type { Before, JournaledRun } from './journal.ts'
import type { PublishRecord } from './record.ts'

/** What undo takes back at once: the last publish, and those before it that did not end. */
export interface UndoUnit {
  /** The earliest first. */
  readonly runs: readonly JournaledRun[]
  /** Each resource as it was before the first of them. */
  readonly before: readonly Before[]
  /** See `JournaledRun`. */
  readonly after: JournaledRun['after']
}

/**
 * @param runs All journals of a tenant, the oldest first.
 * @param isOldTenant True: those of publish --old-tenant, else the others. Taken for one another, they
 *   would be noted as undone, and nothing were.
 * @throws {CommandError} `nothing_to_undo`.
 */
export function undoUnitOf(runs: readonly JournaledRun[], isOldTenant = false): UndoUnit {
  const published = runs.filter(
    ({ run, end, before }) => run.command === 'publish' && end !== 'undone' && before.length > 0,
  )
  const standing = published.filter(({ run }) => (run.isOldTenant === true) === isOldTenant)
  if (standing.length === 0) {
    const message =
      published.length === 0
        ? 'There is no journal of a publish in .migration/ that is not undone: it is kept on the machine that published.'
        : `What was published to this tenant was published with${isOldTenant ? 'out' : ''} --old-tenant: undo it so, too.`
    throw new CommandError('nothing_to_undo', message)
  }
  const unit = unfinishedBefore(standing)
  const after = Object.assign({}, ...unit.map((one) => one.after))
  return { runs: unit, before: earliest(unit), after }
}

/**
 * A phase that was switched since is not to be lost on the way: Actions go back to versions that know
 * nothing of it.
 *
 * @param phase In force on the tenant; undefined: nothing was noted there yet.
 * @throws {CommandError} `nothing_to_undo`.
 */
export function assertSamePhase({ runs, before }: UndoUnit, phase: Phase | undefined): void {
  const published = runs.at(-1)?.run.detail
  const record = before.find(({ kind }) => kind === 'record')?.state as { phase?: Phase } | null
  if (phase === undefined || phase === published || phase === record?.phase) return
  const message = `The phase is ${phase} since that publish, which was of ${published}. Take that back first: npx migration phase ${published}, or npx migration rollback.`
  throw new CommandError('nothing_to_undo', message)
}

/**
 * A publish from elsewhere stands on what this one did: taken back under it, its Actions would be
 * unbound and its connection half itself.
 *
 * @param runs All whose journals are here.
 * @param published As the record on the tenant says.
 * @throws {CommandError} `nothing_to_undo`.
 */
export function assertLastPublish(
  runs: readonly JournaledRun[],
  published: PublishRecord['published'],
): void {
  const [at, host, id] = published?.split(' ') ?? []
  if (id === undefined || runs.some(({ run }) => run.id === id)) return
  const message = `The last publish to this tenant was of ${at} on ${host}, and its journal is not here: undo it there first.`
  throw new CommandError('nothing_to_undo', message)
}

/** The last run, and those right before it that a later one had to finish. */
function unfinishedBefore(standing: readonly JournaledRun[]): readonly JournaledRun[] {
  const others = standing.slice(0, -1)
  const lastDone = others.findLastIndex(({ end }) => end === 'done')
  return [...others.slice(lastDone + 1), ...standing.slice(-1)]
}

/**
 * Of each resource what the first run found. What a later one adds to it, options that the first did
 * not mean to change, counts as well.
 */
function earliest(runs: readonly JournaledRun[]): readonly Before[] {
  const found = new Map<string, Before>()
  for (const one of runs.flatMap(({ before }) => before)) {
    const key = `${one.kind} ${one.name}`
    const first = found.get(key)
    found.set(key, first === undefined ? one : { ...first, state: joined(first.state, one.state) })
  }
  return [...found.values()]
}

function joined(first: unknown, later: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(later)) return [...new Set([...first, ...later])]
  if (!isPlain(first) || !isPlain(later)) return first
  const entries = Object.entries(first).map(([key, value]) => [
    key,
    isPlain(value) && isPlain(later[key]) ? { ...later[key], ...value } : value,
  ])
  return Object.fromEntries(entries)
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
