import { findLegacyIdentity } from '../../core/legacy-identity.ts'
import type { MigrationConfig } from '../../core/migration-config.ts'
import { isObject } from '../auth0-tenant.ts'
import { count } from '../user-ids.ts'
import type { Actual } from './actual.ts'
import type { Change, Warning } from './changes.ts'
import type { Desired } from './desired.ts'
import type { JournaledRun } from './journal.ts'
import { unknownApplications } from './plan-connection.ts'
import type { Surroundings } from './surroundings.ts'

export interface WarningInput {
  readonly config: MigrationConfig
  readonly desired: Desired
  readonly actual: Actual
  readonly changes: readonly Change[]
  readonly surroundings: Surroundings
  /** Identifier of the legacy API. */
  readonly audience: string | undefined
  /** Names of settings in the environment that the tenant itself knows better. */
  readonly ignoredSettings: readonly string[]
  readonly unfinished: JournaledRun | null
}

/** Everything that a person should know before publishing, and that is no reason not to. Pure. */
export function warningsOf(input: WarningInput): readonly Warning[] {
  return [
    ...unfinishedWarning(input),
    ...prefixWarning(input),
    ...audienceWarning(input),
    ...tenantWarnings(input),
    ...changeWarnings(input),
    ...actionLimitWarning(input),
    ...fileWarnings(input),
    ...input.surroundings.notLookedAt.map((message) => ({
      code: 'not_looked_at' as const,
      message,
    })),
  ]
}

function unfinishedWarning({ unfinished }: WarningInput): readonly Warning[] {
  if (unfinished === null) return []
  const { command, at, isOldTenant } = unfinished.run
  const [flag, file] = isOldTenant ? [' --old-tenant', 'tenant.old.yaml'] : ['', 'tenant.yaml']
  const step = unfinished.steps.at(-1) ?? 'its first step'
  const todo =
    command === 'publish'
      ? `Publishing finishes what it began; npx migration undo${flag} takes it back.`
      : `npx migration ${command}${flag} finishes it; publishing brings the tenant to what ${file} says.`
  const message = `The ${command} of ${at} stopped at ${step}. ${todo}`
  return [{ code: 'run_unfinished', message }]
}

/** By a sample: the first users that the search gives. It is no proof that all others fit. */
function prefixWarning({ config, surroundings }: WarningInput): readonly Warning[] {
  const { connection, idPrefix } = config
  const sample = surroundings.users.filter((user) => isOfDatabase(user, connection))
  const strange = sample.filter((user) => findLegacyIdentity(user, config) === null)
  if (strange.length === 0) return []
  const prefixes = [idPrefix, ...(config.acceptedPrefixes ?? [])]
    .map((one) => `'${one}'`)
    .join(', ')
  const message = `${strange.length} of ${sample.length} users of ${connection} that were looked at have ids that do not begin with ${prefixes}: the kit takes them for users who signed up, and makes twins of them if they are in the legacy store. Look at idPrefix and acceptedPrefixes.`
  return [{ code: 'ids_do_not_fit_prefix', message }]
}

function isOfDatabase({ identities }: Surroundings['users'][number], connection: string): boolean {
  const list: readonly unknown[] = Array.isArray(identities) ? identities : []
  return list.some(
    (one) => isObject(one) && one.connection === connection && one.provider === 'auth0',
  )
}

function audienceWarning({ surroundings, audience }: WarningInput): readonly Warning[] {
  const { audienceLogs } = surroundings
  const logs = audienceLogs.filter((log) => audience !== undefined && log.audience === audience)
  if (logs.length === 0) return []
  const applications = [
    ...new Set(logs.map(({ client_name, client_id }) => client_name ?? client_id)),
  ]
  const message = `${logs.length} of the last ${audienceLogs.length} tokens in the tenant's logs were people's, for ${audience}: such logins are about to be refused. Applications: ${applications.join(', ')}.`
  return [{ code: 'people_use_legacy_audience', message }]
}

function tenantWarnings({ surroundings, audience, actual }: WarningInput): readonly Warning[] {
  const { settings, isFreePlan } = surroundings
  const warnings: Warning[] = []
  const version = Number(settings.sandbox_version ?? Number.NaN)
  if (version < 18) {
    const message = `The tenant's sandbox_version is ${settings.sandbox_version}: database scripts need 18 or newer, for fetch. Set it in the tenant's settings (Advanced, Extensibility).`
    warnings.push({ code: 'sandbox_version_old', message })
  }
  if (audience !== undefined && settings.default_audience === audience) {
    const message = `default_audience of the tenant is ${audience}: every login that names no API asks for the legacy API, and is about to be refused. Set another, or none.`
    warnings.push({ code: 'default_audience_is_legacy_api', message })
  }
  const hasScripts = [...actual.databases.values()].some(
    ({ options }) => options.enabledDatabaseCustomization === true,
  )
  if (isFreePlan && !hasScripts) {
    const message =
      'The tenant has the rate limits of a Free plan, which has no custom databases (a trial has both): without them the scripts do not run.'
    warnings.push({ code: 'custom_databases_may_be_missing', message })
  }
  return warnings
}

/** A tenant. https://auth0.com/docs/troubleshoot/customer-support/operational-policies/entity-limit-policy */
const mostActions = 100

function actionLimitWarning({ changes, surroundings }: WarningInput): readonly Warning[] {
  const { actionCount } = surroundings
  const made = changes.filter(({ kind, change }) => kind === 'action' && change === 'create').length
  if (actionCount === null || made === 0 || actionCount + made <= mostActions) return []
  const message = `The tenant has ${actionCount} Actions, ${made} would be made, and Auth0 takes ${mostActions} unless it has agreed to more: delete some that nobody uses.`
  return [{ code: 'too_many_actions', message }]
}

function changeWarnings({ changes, desired, actual }: WarningInput): readonly Warning[] {
  const foreign = changes.filter((change) => change.kind === 'action' && change.code?.foreign)
  const migrating = changes.filter((change) => change.kind === 'connection')
  const unknown = unknownApplications(desired, actual)
  return [
    ...foreign.map(({ name }) => ({
      code: 'action_not_ours' as const,
      message: `The tenant has an Action ${name} that this kit has not built: it is replaced. npx migration undo brings it back.`,
    })),
    ...migrating.flatMap(({ name, beginsToMigrate, users }) => {
      if (!beginsToMigrate || users === null || users === 0) return []
      const message = `${name} has ${count(users, 'user')} already. They stay, with their passwords; whoever is not among them is looked for in the legacy store from now on.`
      return [{ code: 'connection_has_users' as const, message }]
    }),
    ...unknown.map((name) => ({
      code: 'no_application_enabled' as const,
      message: `tenant.yaml enables ${name} for the connection, and there is no application of that name.`,
    })),
  ]
}

function fileWarnings({ desired, ignoredSettings }: WarningInput): readonly Warning[] {
  const { ignoredTypes } = desired
  const warnings: Warning[] = []
  if (ignoredTypes.length > 0) {
    const message = `tenant.yaml has ${ignoredTypes.join(', ')}: this command leaves them alone. Publish them by a0deploy.`
    warnings.push({ code: 'resource_type_ignored', message })
  }
  if (ignoredSettings.length > 0) {
    const message = `${ignoredSettings.join(', ')} in the environment is not what the tenant has: the tenant's is used.`
    warnings.push({ code: 'setting_ignored', message })
  }
  return warnings
}
