import { type Command, CommandError, type CommandResult } from './command.ts'
import { confirm, parseCommandLine } from './command-line.ts'
import { markUndone, readJournals, tenantFolder } from './publish/journal.ts'
import { runLocked } from './publish/locked-run.ts'
import {
  clientNames,
  findMigrationClients,
  oldTenantClientNames,
} from './publish/migration-clients.ts'
import { recordIn } from './publish/record.ts'
import { newRun } from './publish/run-identity.ts'
import { assertUndoScopes } from './publish/scopes.ts'
import { undo, undoLeftovers } from './publish/undo.ts'
import type { Undone } from './publish/undo-resources.ts'
import {
  assertLastPublish,
  assertSamePhase,
  type UndoUnit,
  undoUnitOf,
} from './publish/undo-unit.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration undo [--old-tenant] [--dry-run] [--yes] [--take-over] [--json]

Takes back the last npx migration publish, or what there is of one that stopped half-way, by the journal
in .migration/ beside tenant.yaml: bindings, code and secrets of Actions (the earlier version is deployed
again), scripts and options of the connection, who may use it. Called again, it takes back the publish
before that.

Applications, APIs, grants and connections that the publish made are left, and listed. So are, by name,
values in the connection's configuration, which Auth0 does not give out again. What somebody else has
changed since is not touched.

  --old-tenant  take back what publish --old-tenant did, to the last grant: application and grant go too.
                Users who have not moved cannot log in to the new tenant any more
  --dry-run     say what would be taken back, and change nothing
  --yes         do not ask before writing
  --take-over   take the tenant from a publish that was killed on another machine
  --json        print { domain, publishes, restored, left, conflicts, secretsKept }; with --dry-run
                { domain, publishes, resources }

Settings, from the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET. Scopes: those of
publish, and delete:actions; with --old-tenant delete:clients and delete:client_grants too.

Exit status: 0 taken back, 1 something else has changed since, or it failed, 2 the command line or a
setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const options = {
  'old-tenant': flag,
  'dry-run': flag,
  yes: flag,
  'take-over': flag,
  json: flag,
} as const

const nothing: Required<Undone> = {
  restored: [],
  left: [],
  conflicts: [],
  secretsKept: [],
  unknownDigests: [],
}

export const undoCommand: Command = {
  usage,
  async run(args, context) {
    const { values } = parseCommandLine({ args, options }, usage)
    const tenant = tenantOfEnvironment(context)
    const { domain } = tenant
    const isOld = values['old-tenant']
    const journals = readJournals(tenantFolder(context.cwd, domain))
    const unit = undoUnitOf(journals, isOld)
    if (values['dry-run']) return dryRun(domain, unit)
    if (!values.yes) await confirm(context, textOf(domain, unit), domain)
    const { actions } = await findMigrationClients(
      tenant,
      undefined,
      isOld ? oldTenantClientNames : clientNames,
    )
    if (actions === null) {
      if (!isOld) assertNothingPublished(unit)
      else await assertUndoScopes(tenant, unit.before, isOld)
      const left = isOld ? await undoLeftovers(tenant, unit) : nothing
      for (const run of unit.runs) markUndone(run)
      return result(domain, unit, left)
    }
    const record = recordIn(actions)
    assertSamePhase(unit, record?.phase)
    assertLastPublish(journals, record?.published)
    await assertUndoScopes(tenant, unit.before, isOld)
    const now = () => Date.now()
    const undoneRuns = unit.runs.map((one) => one.run.id).join(' ')
    const run = newRun('undo', domain, now(), undoneRuns, isOld)
    const takeOver = values['take-over']
    const lockHolder = async () => actions.id
    const root = context.cwd
    const locked = { tenant, context, root, run, takeOver, now, lockHolder, isOldTenant: isOld }
    let undone = nothing
    await runLocked(locked, async (journal, lock, recordId) => {
      undone = await undo({
        tenant,
        unit,
        journal,
        lock,
        recordId,
        say: context.say,
        removesMade: isOld,
      })
      for (const one of unit.runs) markUndone(one)
    })
    return result(domain, unit, undone)
  },
}

/**
 * The application that keeps lock and record is not there: the run was killed before it made one, and
 * touched nothing; or somebody has deleted it since, and all that the publish did is there still.
 *
 * @throws {CommandError} `not_published`.
 */
function assertNothingPublished({ before }: UndoUnit): void {
  if (before.every(({ kind }) => kind === 'client')) return
  const message = `The tenant has no application ${clientNames.actions} any more, which keeps lock and record: npx migration publish makes it anew. Then npx migration undo takes back that publish, and called again the one before.`
  throw new CommandError('not_published', message)
}

function dryRun(domain: string, unit: UndoUnit): CommandResult {
  const resources = unit.before
    .filter(({ kind }) => kind !== 'record')
    .map(({ kind, name, state }) => ({ kind, name, made: state === null }))
  const lines = resources.map(
    ({ kind, name, made }) => `  ${kind} ${name}${made ? ' (made by it)' : ''}`,
  )
  return {
    exitStatus: 0,
    found: { domain, publishes: timesOf(unit), resources },
    text: [textOf(domain, unit), ...lines].join('\n'),
  }
}

function textOf(domain: string, unit: UndoUnit): string {
  const text = `Takes back the publish of ${timesOf(unit).join(', ')} on ${domain}.`
  if (unit.runs.every(({ run }) => run.isOldTenant !== true)) return text
  return `${text} Users who have not moved cannot log in to the new tenant any more.`
}

function timesOf({ runs }: UndoUnit): readonly string[] {
  return runs.map(({ run }) => run.at)
}

function endOf(domain: string, { restored, left, conflicts, secretsKept }: Undone): string {
  const but = [left, conflicts, secretsKept].some((list = []) => list.length > 0)
  if (!but && restored?.length === 0) return 'There was nothing to take back.'
  return `${domain} is as it was before${but ? ', but for what is named above' : ''}.`
}

function result(domain: string, unit: UndoUnit, undone: Required<Undone>): CommandResult {
  const { restored, left, conflicts, secretsKept } = undone
  const part = (head: string, list: readonly string[]) =>
    list.length === 0 ? [] : [head, ...list.map((one) => `  ${one}`)]
  return {
    exitStatus: conflicts.length === 0 ? 0 : 1,
    found: { domain, publishes: timesOf(unit), restored, left, conflicts, secretsKept },
    text: [
      ...part('Taken back:', restored),
      ...part('Left as it is, since alone it does nothing:', left),
      ...part('Not touched:', conflicts),
      ...part('Secrets that have the values of the publish still:', secretsKept),
      endOf(domain, undone),
    ].join('\n'),
  }
}
