import { randomBytes } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import type { MigrationConfig } from '../core/migration-config.ts'
import type { Auth0Tenant } from './auth0-tenant.ts'
import type { Command, CommandContext, CommandResult } from './command.ts'
import { confirm } from './command-line.ts'
import { createDeadLetterFile, type DeadLetterFile } from './import/dead-letter-file.ts'
import { dryRun } from './import/dry-run.ts'
import { finishImport } from './import/finish-import.ts'
import { type ImportOptions, readImportOptions, usage } from './import/import-options.ts'
import type { PreparedCounts, PreparedImport, SettledUsers } from './import/import-types.ts'
import { leaveRoom } from './import/jobs/leave-room.ts'
import { mergeExisting } from './import/mapping/merge-existing.ts'
import type { MarkCounts } from './import/marks/mark-imported.ts'
import { openRows, rowRules, sourceName } from './import/open-rows.ts'
import { bundlePrepareThread } from './import/packing/bundle-prepare-thread.ts'
import { keepHeapSmall } from './import/packing/keep-heap-small.ts'
import { prepareImport } from './import/packing/prepare-import.ts'
import { type Preflight, preflight } from './import/preflight.ts'
import { reportText } from './import/results/import-report.ts'
import type { Source } from './import/sources/source.ts'
import { type ImportState, openImportState } from './import/state/import-state.ts'
import { connectLegacyOperator, type LegacyOperator } from './legacy-operator.ts'
import { connectOldTenantMarks } from './old-tenant/mark-moved.ts'
import { configOf } from './project-config.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'
import { count } from './user-ids.ts'

/** `npx migration import` */
export const importCommand: Command = {
  usage,
  steps: {
    assign: async () => (await import('./import/assign.ts')).assignCommand,
    memberships: async () => (await import('./old-tenant/memberships.ts')).membershipsCommand,
    repair: async () => (await import('./import/repair.ts')).repairCommand,
    undo: async () => (await import('./import/undo.ts')).undoCommand,
  },
  async run(args, context) {
    const options = readImportOptions(args)
    const config = await configOf(context.cwd)
    const now = Date.now()
    const letters = createDeadLetterFile(deadLetterPath(options, context.cwd, now))
    const work = { options, context, config, letters, now }
    await letters.assertFree()
    try {
      return options.dryRun ? await rehearse(work) : await send(work)
    } finally {
      await letters.close()
    }
  },
}

interface Work {
  readonly options: ImportOptions
  readonly context: CommandContext
  readonly config: MigrationConfig
  readonly letters: DeadLetterFile
  /** Milliseconds since the epoch. */
  readonly now: number
}

function deadLetterPath(options: ImportOptions, cwd: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(':', '-')
  return resolve(cwd, options.deadLetters ?? `dead-letters-${time}.ndjson`)
}

/** Does everything but send. The tenant is asked only where the environment names one. */
async function rehearse(work: Work): Promise<CommandResult> {
  const { context, letters } = work
  const isNamed = (context.env.AUTH0_DOMAIN ?? '') !== ''
  if (!isNamed) context.say('AUTH0_DOMAIN is not set: the tenant is not looked at.')
  const tenant = isNamed ? (await lookAtTenant(work)).tenant : null
  return withPrepared(work, { has: () => false }, tenant, (prepared) => dryRun(prepared, letters))
}

async function lookAtTenant({ config, context, options }: Work) {
  const tenant = tenantOfEnvironment(context)
  return { tenant, ...(await preflight(tenant, config, context, options)) }
}

async function send(work: Work): Promise<CommandResult> {
  const { config, context, now, options } = work
  const { tenant, connection } = await lookAtTenant(work)
  // Before hours of work: what is needed at their end.
  const operator = options.marks ? connectMarks(config, context) : null
  const identity = {
    domain: tenant.domain,
    connectionId: connection.id,
    idPrefix: config.idPrefix,
  }
  const name = await sourceName(options, context, now)
  const path = resolve(context.cwd, options.state)
  const state = openImportState(path, identity, name, { now: Date.now })
  try {
    return await withPrepared(work, state.users, tenant, (prepared) =>
      sendPrepared(work, { prepared, state, auth0: tenant, connection, operator }),
    )
  } finally {
    state.close()
  }
}

/** Whoever is in Auth0 is marked where they come from, whatever file they were imported from. */
function connectMarks(
  { source }: MigrationConfig,
  context: CommandContext,
): Pick<LegacyOperator, 'mark'> {
  if (source === 'auth0-tenant') return connectOldTenantMarks(context)
  return connectLegacyOperator(context)
}

async function sendPrepared(
  { options, context, letters }: Work,
  ready: {
    readonly prepared: PreparedImport
    readonly state: ImportState
    readonly auth0: Auth0Tenant
    readonly connection: Preflight['connection']
    readonly operator: Pick<LegacyOperator, 'mark'> | null
  },
): Promise<CommandResult> {
  const { onExisting, settleAfter, yes } = options
  const { auth0, connection, prepared } = ready
  if (!yes && prepared.users > 0) {
    const whom = `${count(prepared.users, 'user')} into ${connection.name} of ${auth0.domain}`
    const dead = `${count(prepared.dead, 'row')} to the dead letters`
    await confirm(context, `Sends up to ${whom}; ${dead}.`, 'import')
  }
  const report = await finishImport({
    ...ready,
    ...{ deadLetters: letters, onExisting, settleAfter, context },
  })
  const unmarked = report.marks === null ? 0 : unmarkedIn(report.marks)
  const isWhole = report.dead + report.failed + report.unfinished + unmarked === 0
  const file = letters.letters > 0 ? letters.path : null
  return {
    exitStatus: isWhole && report.balances ? 0 : 1,
    found: { ...report, dead_letters: file },
    text: file === null ? reportText(report) : `${reportText(report)}\n\nDead letters: ${file}`,
  }
}

/** Users whom somebody has to look at, or the next run has to mark. */
function unmarkedIn({ conflict, failed, notFound, notShown }: MarkCounts): number {
  return conflict + failed + notFound + notShown
}

/** Reads the source to its end and hands on what is to be sent. */
async function withPrepared(
  work: Work,
  settled: SettledUsers,
  tenant: Auth0Tenant | null,
  use: (prepared: PreparedImport) => Promise<CommandResult>,
): Promise<CommandResult> {
  const { config, context, letters, now, options } = work
  const { cwd, signal } = context
  const folder = resolve(cwd, options.temp ?? dirname(resolve(cwd, options.state)))
  const tidy = keepHeapSmall()
  const source = await openRows(options, config, context, folder)
  try {
    const rules = await rowRules(options, source, { config, cwd, now })
    const manage = tenant === null ? null : leaveRoom(tenant.manage, { signal })
    const prepared = await prepareImport({
      ...{ source, rules, settled, folder, signal, tidy, deadLetters: letters },
      threadProgram: await bundlePrepareThread(),
      seed: seedOf(randomBytes(12)),
      onRead: (counts) => showRead(work, source, counts),
      ...(options.merge &&
        manage !== null && { change: mergeExisting({ manage }, config.connection) }),
    })
    context.progress.end()
    try {
      return await use(prepared)
    } finally {
      await prepared.close()
    }
  } finally {
    await source.close()
  }
}

function seedOf(bytes: Buffer): readonly [number, number, number] {
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]
}

function showRead({ context, now }: Work, source: Source, { read, dead }: PreparedCounts): void {
  const seconds = Math.max((Date.now() - now) / 1_000, 0.001)
  const share = source.size === undefined ? null : source.consumed() / Math.max(source.size, 1)
  const rate = `${Math.round(read / seconds)} a second`
  const letters = `${dead} dead letters`
  context.progress.report({
    what: 'checked',
    done: read,
    // Rows are counted when they are read: until then it is their bytes that say how many there are.
    ...(share !== null && share > 0 && { total: Math.max(read, Math.round(read / share)) }),
    unit: 'rows',
    note: `${rate}, ${letters}`,
  })
}
