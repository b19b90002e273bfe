import type { Phase } from '../../core/phase.ts'
import { readPhase } from '../../core/phase.ts'
import { readSetting } from '../../core/settings.ts'
import { type Auth0Tenant, isObject } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { type Actual, readActual } from './actual.ts'
import type { Plan } from './changes.ts'
import { type Desired, desiredOf } from './desired.ts'
import { readJournals, tenantFolder, unfinishedRun } from './journal.ts'
import { findMigrationClients, listClients, type MigrationClients } from './migration-clients.ts'
import { isNoOp } from './no-op.ts'
import { withNoOps } from './no-op-scripts.ts'
import { planChanges } from './plan-changes.ts'
import type { Project } from './project.ts'
import { type PublishRecord, recordIn } from './record.ts'
import { readAllSettings, type Settings } from './settings.ts'
import { nothingAround, readSurroundings, type Surroundings } from './surroundings.ts'
import { warningsOf } from './warnings.ts'

/** What is wanted and what is there, both read, and what follows from them. */
export interface Prepared {
  readonly project: Project
  readonly settings: Settings
  readonly desired: Desired
  readonly actual: Actual
  readonly clients: MigrationClients
  readonly record: PublishRecord | null
  readonly plan: Plan
}

/**
 * Works out a plan. Reads only.
 *
 * @throws {CommandError} `setting_missing`, `setting_invalid`, `client_ambiguous`, `scope_missing`,
 *   `bindings_impossible`, and whatever a tenant that does not answer is to be blamed for.
 */
export async function prepare(
  tenant: Auth0Tenant,
  project: Project,
  context: Pick<CommandContext, 'env'>,
  given?: Surroundings,
): Promise<Prepared> {
  const { domain } = tenant
  const allClients = await listClients(tenant)
  const clients = await findMigrationClients(tenant, allClients, project.clientNames)
  const record = clients.actions === null ? null : recordIn(clients.actions)
  const phase = project.isOldTenant ? 'lazy' : phaseInForce(context, record)
  const { settings } = readAllSettings(project, { env: context.env, domain, clients, phase })
  const asked = desiredOf(project, settings)
  const [actual, surroundings] = await Promise.all([
    readActual(tenant, wantedOf(project, asked), allClients),
    given ??
      (project.isOldTenant ? nothingAround : readSurroundings(tenant, project.config.connection)),
  ])
  if (project.isOldTenant) assertConnections(asked, actual)
  else if (record === null) assertNotCompleted(context, actual.databases)
  const desired = withNoOps(asked, actual, project, phase)
  const key = keyOf(clients, settings)
  if (clients.actions !== null && key === null) throw noKey()
  const place = project.config.bindings
  const planned = planChanges({ desired, actual, phase, record, place, key }).filter(
    // An old tenant has no phase: it is read off the record, which is kept all the same.
    ({ kind }) => kind !== 'phase' || !project.isOldTenant,
  )
  const changes = planned.map((change) =>
    change.kind === 'connection' && change.name === project.config.connection
      ? { ...change, users: change.change === 'create' ? 0 : surroundings.userCount }
      : change,
  )
  const warnings = warningsOf({
    ...{ config: project.config, desired, actual, changes, surroundings },
    audience: settings.LEGACY_API_AUDIENCE,
    ignoredSettings: ignoredSettings(context, settings),
    unfinished: unfinishedRun(readJournals(tenantFolder(project.root, domain))),
  })
  const plan = { domain, phase, changes, warnings }
  return { project, settings, desired, actual, clients, record, plan }
}

/** Key of the digests in the record. Null before there is an application that could keep one. */
export function keyOf({ actions }: MigrationClients, settings: Settings): string | null {
  return actions?.secret ?? settings.LEGACY_ACTIONS_PRIVATE_KEY ?? null
}

/** Every value would count as changed: the record can tell nothing. */
export function noKey(): CommandError {
  const message =
    'GET clients shows no client_secret: grant read:client_keys to the application of AUTH0_CLIENT_ID.'
  return new CommandError('scope_missing', message)
}

/** The tenant's, unless the environment says another. */
function phaseInForce({ env }: Pick<CommandContext, 'env'>, record: PublishRecord | null): Phase {
  if (readSetting(env, 'MIGRATION_PHASE') === undefined) return record?.phase ?? 'lazy'
  const phase = readPhase(env)
  if (phase !== null) return phase
  throw new CommandError('setting_invalid', 'MIGRATION_PHASE: it has to be lazy, off or complete.')
}

/** Without a record it would begin again, and a migration that was over would be open. */
function assertNotCompleted(
  { env }: Pick<CommandContext, 'env'>,
  databases: Actual['databases'],
): void {
  if (readSetting(env, 'MIGRATION_PHASE') !== undefined) return
  const over = [...databases.values()].find(({ options }) => {
    return isObject(options.customScripts) && Object.values(options.customScripts).some(isNoOp)
  })
  if (over === undefined) return
  const message = `The scripts of ${over.shown.name} are those of a migration that is over, and the record of it on the tenant is lost: set MIGRATION_PHASE to complete, or to lazy to begin again.`
  throw new CommandError('scripts_are_no_op', message)
}

/** Whoever misspells it would be given a new connection, and that nobody is in it. */
function assertConnections({ databases }: Desired, actual: Actual): void {
  const missing = databases.find(({ name }) => !actual.databases.has(name))
  if (missing === undefined) return
  const message = `OLD_TENANT_CONNECTION: the old tenant has no connection ${missing.name}.`
  throw new CommandError('old_tenant_unfit', message)
}

function wantedOf({ clientNames: { actions, scripts } }: Project, desired: Desired) {
  const names = [actions, scripts, ...desired.clients.map(({ name }) => name)]
  return {
    clients: [...new Set(names.filter((name) => name !== null))],
    actions: desired.actions.map(({ name }) => name),
    triggers: Object.keys(desired.bindings),
    databases: desired.databases.map(({ name }) => name),
    resourceServers: desired.resourceServers.map(({ name }) => name),
    audiences: [...new Set(desired.clientGrants.map(({ members }) => String(members.audience)))],
  }
}

/** Ids and secrets of the two applications that somebody has put into the environment, and wrongly. */
function ignoredSettings(
  { env }: Pick<CommandContext, 'env'>,
  settings: Settings,
): readonly string[] {
  const names = Object.keys(settings).filter((name) =>
    /^LEGACY_(ACTIONS|SCRIPTS)_CLIENT_/.test(name),
  )
  return names.filter((name) => {
    const given = readSetting(env, name)
    return given !== undefined && given !== settings[name]
  })
}
