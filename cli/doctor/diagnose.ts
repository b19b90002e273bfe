import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import type { Progress } from '../progress.ts'
import { checks } from './checks/all-checks.ts'
import type { CheckSettings } from './checks/check.ts'
import { runChecks } from './checks/run-checks.ts'
import { codeOutcomes } from './code-outcomes.ts'
import { collectOutcomes } from './collect-outcomes.ts'
import type { Outcome, ScanProgress, Severity } from './finding.ts'
import { keepHeapClose } from './keep-heap-close.ts'
import { readNotices } from './notices.ts'
import type { Diagnosis } from './report/outcomes.ts'
import { scanSources } from './source/scan-sources.ts'
import { display } from './tenant/display.ts'
import { UnreadableDocument } from './tenant/located-document.ts'
import { readDirectoryExport } from './tenant/read-directory.ts'
import { readLiveTenant } from './tenant/read-live.ts'
import { readYamlExport } from './tenant/read-yaml.ts'
import { sections, type TenantSource } from './tenant/tenant-view.ts'
import { unreadMigrations } from './unread.ts'
import { checkProfileSizes } from './users/profile-sizes.ts'

/** What is to be read. */
export interface Patient {
  /** Exports and deploy files, each with what it is. */
  readonly files: readonly { readonly path: string; readonly isFolder: boolean }[]
  readonly live: Auth0Tenant | null
  readonly sources: readonly string[]
  readonly users: readonly string[]
}

/** Milliseconds of work without a look at what else there is to do. */
const longestStretch = 50

interface Surroundings {
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Reads everything, one after another, and changes nothing. */
export async function diagnose(
  patient: Patient,
  settings: CheckSettings,
  failOn: Severity | 'never',
  surroundings: Surroundings,
): Promise<Diagnosis> {
  keepHeapClose()
  const collection = collectOutcomes(settings.today)
  const { files, live, sources, users } = patient
  for await (const outcome of outcomesOf(patient, settings, surroundings)) collection.add(outcome)
  surroundings.progress.end()
  const inputs = {
    settings: files.length > 0 || live !== null,
    code: sources.length > 0,
    log: live !== null,
    users: users.length > 0,
  }
  for (const unread of unreadMigrations(inputs)) collection.add(unread)
  const paths = [...files.map(({ path }) => path), ...sources, ...users].map(display)
  const read = [...paths, ...(live === null ? [] : [live.domain])]
  return { today: settings.today, read, failOn, ...collection.result() }
}

async function* outcomesOf(
  { files, live, sources, users }: Patient,
  settings: CheckSettings,
  { progress, signal }: Surroundings,
): AsyncGenerator<Outcome> {
  const tenantOutcomes = (source: TenantSource) => {
    const run = runChecks(checks, source, settings, [codeOutcomes])
    return shown(run, progress, signal)
  }
  for (const { path, isFolder } of files) {
    yield* tenantOutcomes(await named(path, () => readExport(path, isFolder)))
  }
  if (live !== null) {
    const report = (section: string, done: number) =>
      progress.report({ what: `asked for ${section}`, done, total: sections.length })
    yield* tenantOutcomes(await readLiveTenant(live, report))
    yield* await readNotices(live)
  }
  if (sources.length > 0) yield* shown(scanSources(sources.map(display)), progress, signal)
  for (const file of users) {
    const report = (done: number) => progress.report({ what: 'measured', done, unit: 'users' })
    yield* await named(file, () => checkProfileSizes(file, report, signal))
  }
}

/**
 * Without the progress, which goes to whoever waits; and with time now and then for what else there is
 * to do: a Ctrl-C is not noticed before.
 */
async function* shown(
  outcomes: Iterable<Outcome | ScanProgress>,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<Outcome> {
  let pausedAt = performance.now()
  for (const one of outcomes) {
    if (one.type === 'progress') progress.report(one.step)
    else yield one
    if (performance.now() - pausedAt < longestStretch) continue
    await setImmediate()
    signal.throwIfAborted()
    pausedAt = performance.now()
  }
}

/** deploy-cli’s YAML export is a folder with a tenant.yaml. */
function readExport(path: string, isFolder: boolean): TenantSource {
  const file = isFolder ? join(path, 'tenant.yaml') : path
  return existsSync(file) ? readYamlExport(file) : readDirectoryExport(path)
}

/** Errors of the file system and of gzip do not always say of which file they are. */
async function named<Result>(file: string, read: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string') throw error
    throw new UnreadableDocument(display(file), `it cannot be read (${code})`)
  }
}
