import type { Phase } from '../../core/phase.ts'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import {
  type ActualDatabase,
  actionNamed,
  databaseNamed,
  type ShownAction,
} from '../publish/actual.ts'
import { changedSecrets, digestSecrets } from '../publish/digests.ts'
import { shownSecrets } from '../publish/plan-actions.ts'
import { digestConfiguration } from '../publish/plan-connection.ts'
import { keyOf } from '../publish/prepare.ts'
import type { Project } from '../publish/project.ts'
import {
  actionsWithSecret,
  configurationOf,
  readAllSettings,
  type Settings,
  secretsOf,
} from '../publish/settings.ts'
import type { Published } from './published.ts'

export interface TargetAction {
  readonly name: string
  /** All of them: the safe reading of PATCH is that the list is replaced whole. */
  readonly secrets: Settings
  readonly shown: ShownAction
  /** True when, as far as the record can tell, it runs with these values. */
  readonly isThere: boolean
}

export interface TargetConnection {
  readonly name: string
  /** All of it: PATCH replaces it whole. */
  readonly configuration: Settings
  readonly database: ActualDatabase
  readonly isThere: boolean
}

/** Everything that has a phase, and what it is to be. */
export interface Target {
  readonly phase: Phase
  readonly actions: readonly TargetAction[]
  readonly connection: TargetConnection
  /** Of the digests in the record. */
  readonly key: string
}

const phaseSetting = 'MIGRATION_PHASE'

export interface TargetInput {
  readonly tenant: Auth0Tenant
  readonly project: Project
  readonly published: Published
  readonly env: CommandContext['env']
}

/**
 * Works out what a phase takes. Reads only.
 *
 * @throws {CommandError} `setting_missing`, `setting_invalid`, `scope_missing`, `not_published`,
 *   `project_invalid`; `settings_differ` when other values than the phase would change with it.
 */
export async function targetOf(input: TargetInput, phase: Phase): Promise<Target> {
  const { project, published } = input
  const settings = settingsFor(input, phase)
  const key = keyOf(published.clients, settings)
  if (key === null) throw noKey()
  const names = actionsWithSecret(project, phaseSetting)
  if (names.length === 0 || configurationOf(project, settings)[phaseSetting] === undefined) {
    const message = `tenant.yaml gives ${phaseSetting} to no Action, or not to the connection: there is nothing to switch.`
    throw new CommandError('project_invalid', message)
  }
  const before = settingsFor(input, published.record.phase)
  const actions: TargetAction[] = []
  for (const name of names) actions.push(await actionOf(input, name, { key, settings, before }))
  const connection = await connectionOf(input, { key, settings, before })
  return { phase, actions, connection, key }
}

interface Values {
  readonly key: string
  readonly settings: Settings
  /** With the phase that is in force. */
  readonly before: Settings
}

/** @throws {CommandError} `scope_missing`. */
function settingsFor({ project, tenant, published, env }: TargetInput, phase: Phase): Settings {
  const { domain } = tenant
  const { clients } = published
  const { settings, unknown } = readAllSettings(project, { env, domain, clients, phase })
  if (unknown.length > 0) throw noKey()
  return settings
}

async function actionOf(
  { tenant, project, published }: TargetInput,
  name: string,
  { key, settings, before }: Values,
): Promise<TargetAction> {
  const shown = await actionNamed(tenant, name)
  if (shown === null) throw notThere(`Action ${name}`)
  const digest = published.record.digests[name]
  const changed = (values: Settings) =>
    changedSecrets(
      digest,
      digestSecrets(key, name, values, shownSecrets(shown)),
      Object.keys(values),
    )
  const secrets = secretsOf(project, name, settings)
  assertOnlyPhase(`Action ${name}`, changed(secretsOf(project, name, before)), secrets)
  const isThere = changed(secrets).length === 0 && shown.all_changes_deployed !== false
  return { name, secrets, shown, isThere }
}

async function connectionOf(
  { tenant, project, published }: TargetInput,
  { key, settings, before }: Values,
): Promise<TargetConnection> {
  const name = project.config.connection
  const database = await databaseNamed(tenant, name)
  if (database === null) throw notThere(`connection ${name}`)
  const digest = published.record.digests.configuration
  const changed = (values: Settings) =>
    changedSecrets(digest, digestConfiguration(key, values, database), Object.keys(values))
  const configuration = configurationOf(project, settings)
  assertOnlyPhase(`connection ${name}`, changed(configurationOf(project, before)), configuration)
  return { name, configuration, database, isThere: changed(configuration).length === 0 }
}

/**
 * A switch sends every value again. One that is not what was published would change with it, unseen.
 * Where nothing can be told of any, they are sent: a run that stopped half-way left it so.
 */
function assertOnlyPhase(what: string, changed: readonly string[], values: Settings): void {
  if (changed.length === Object.keys(values).length) return
  const others = changed.filter((name) => name !== phaseSetting)
  if (others.length === 0) return
  const message = `Not what was published to the ${what}: ${others.join(', ')}. Set them as they were, or let npx migration publish change them, with MIGRATION_PHASE if need be.`
  throw new CommandError('settings_differ', message)
}

function notThere(what: string): CommandError {
  const message = `The tenant has no ${what}: npx migration publish comes first.`
  return new CommandError('not_published', message)
}

function noKey(): CommandError {
  const message =
    'The tenant does not show the secrets of its two applications: grant read:client_keys to the application of AUTH0_CLIENT_ID.'
  return new CommandError('scope_missing', message)
}
