import { createHash } from 'node:crypto'
import { isObject } from '../auth0-tenant.ts'
import type { ConnectionBefore } from '../publish/before-states.ts'
import type { JournaledRun } from '../publish/journal.ts'
import { isNoOp } from '../publish/no-op.ts'
import { bundleAt, migratingDatabase, type Project } from '../publish/project.ts'
import type { TargetConnection } from './target.ts'

/** Code by slot: `login`, `get_user`. */
export type Scripts = Readonly<Record<string, string>>

/** @returns Null where the connection has none in that slot. */
export function scriptAt(
  { customScripts }: Readonly<Record<string, unknown>>,
  slot: string,
): string | null {
  const code = isObject(customScripts) ? customScripts[slot] : undefined
  return typeof code === 'string' ? code : null
}

/** Slots of the connection that hold a no-op form now. */
export function noOpSlots({ database }: Pick<TargetConnection, 'database'>): readonly string[] {
  const { customScripts } = database.options
  return Object.keys(isObject(customScripts) ? customScripts : {}).filter((slot) =>
    isNoOp(scriptAt(database.options, slot)),
  )
}

/** The scripts that tenant.yaml names. @throws {CommandError} `project_invalid`. */
export function builtScripts(project: Project): Scripts {
  const { customScripts } = migratingDatabase(project).options
  const entries = Object.entries(customScripts)
  return Object.fromEntries(entries.map(([slot, path]) => [slot, bundleAt(project, path)]))
}

/**
 * Their forms that find nobody, beside them in `no-op/`.
 *
 * @throws {CommandError} `project_invalid` where one has none.
 */
export function noOpScripts(project: Project): Scripts {
  const { customScripts } = migratingDatabase(project).options
  const entries = Object.entries(customScripts)
  return Object.fromEntries(
    entries.map(([slot, path]) => [slot, bundleAt(project, path.replace(/([^/]+)$/, 'no-op/$1'))]),
  )
}

/** Those of `wanted` that the connection does not have. */
export function scriptsToSet(
  { database }: Pick<TargetConnection, 'database'>,
  wanted: Scripts,
): Scripts {
  const entries = Object.entries(wanted)
  return Object.fromEntries(
    entries.filter(([slot, code]) => scriptAt(database.options, slot) !== code),
  )
}

/**
 * The scripts that `complete` has put no-op forms in the place of: those of the journal, or else those
 * that are built here, whichever the tenant remembers by their digest.
 *
 * @param digest As the tenant keeps it; undefined where it keeps none.
 * @returns Null where neither is what was published.
 */
export function scriptsToRestore(
  digest: string | undefined,
  candidates: readonly Scripts[],
): Scripts | null {
  const found = candidates.find((scripts) => digestScripts(scripts) === digest)
  return found ?? null
}

/** Tells the scripts of a connection apart. */
export function digestScripts(scripts: Scripts): string {
  const sorted = Object.entries(scripts).sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url')
}

/** Of every `complete` whose journal is here, what it found; the latest first. */
export function journaledScripts(
  runs: readonly JournaledRun[],
  connection: string,
): readonly Scripts[] {
  return runs
    .filter(({ run }) => run.command === 'complete')
    .flatMap(({ before }) => before.filter(({ kind }) => kind === 'connection'))
    .filter(({ name }) => name === connection)
    .map(({ state }) => withoutNulls((state as ConnectionBefore).scripts))
    .toReversed()
}

function withoutNulls(scripts: ConnectionBefore['scripts']): Scripts {
  const entries = Object.entries(scripts)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null))
}
