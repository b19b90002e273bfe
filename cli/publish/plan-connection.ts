import { isObject } from '../auth0-tenant.ts'
import type { Actual, ActualDatabase } from './actual.ts'
import type { CodeChange, ConnectionChange } from './changes.ts'
import type { Desired, DesiredDatabase } from './desired.ts'
import { changedSecrets, digestSecrets } from './digests.ts'
import { memberChanges, mergeMembers } from './members.ts'
import { uniqueIdOf } from './migration-clients.ts'
import { isNoOp } from './no-op.ts'
import { codeChange, type KnownDigests } from './plan-actions.ts'

export interface ConnectionInput extends Pick<Desired, 'clients'> {
  readonly actual: Actual
  readonly known: KnownDigests
}

/** @returns Null when the connection is as it is to be. @throws {CommandError} `client_ambiguous`. */
export function planConnection(
  desired: DesiredDatabase,
  { actual, clients, known }: ConnectionInput,
): ConnectionChange | null {
  const database = actual.databases.get(desired.name)
  const enabledClients = clientsToEnable(desired, { actual, clients }, database)
  if (database === undefined) {
    const { name, scripts, configurationNames: configuration } = desired
    return {
      ...{ kind: 'connection', change: 'create', name, configuration, enabledClients },
      members: memberChanges(desired.options, undefined, desired.optionsTemplate, 'options'),
      scripts: Object.entries(scripts).map(([slot, code]) => scriptChange(slot, undefined, code)),
      beginsToMigrate: true,
      users: null,
    }
  }
  const options = optionsFor(desired, database)
  const members = [
    ...memberChanges(options, database.options, desired.optionsTemplate, 'options'),
    ...memberChanges(desired.members, database.shown, desired.template),
  ]
  const scripts = scriptChanges(desired, database)
  const configuration = valuesToSet(desired, database, known)
  const number = members.length + scripts.length + configuration.length + enabledClients.length
  if (number === 0) return null
  const beginsToMigrate = desired.options.import_mode === true && !isMigrating(database)
  const change = { kind: 'connection', change: 'update', name: desired.name } as const
  return {
    ...change,
    members,
    scripts,
    configuration,
    enabledClients,
    beginsToMigrate,
    users: null,
  }
}

/**
 * The options asked for, less what Auth0 takes no more once a database has attributes of its own.
 *
 * @see https://auth0.com/docs/authenticate/database-connections/activate-and-configure-attributes-as-identifiers-for-database-connections
 */
function optionsFor({ options }: DesiredDatabase, database: ActualDatabase) {
  if (database.options.attributes === undefined || options.requires_username !== false) {
    return options
  }
  const { requires_username: _, ...rest } = options
  return rest
}

/** All options that a PATCH has to send: it replaces them whole. Others' stay as the tenant shows them. */
export function optionsToSend(
  desired: DesiredDatabase,
  database: ActualDatabase,
): Readonly<Record<string, unknown>> {
  const { customScripts, configuration } = database.options
  return {
    ...mergeMembers(database.options, optionsFor(desired, database)),
    customScripts: { ...objectOf(customScripts), ...scriptsWanted(desired, database) },
    // What is sealed goes back as it was shown: Auth0 knows its own seal.
    configuration: { ...objectOf(configuration), ...desired.configuration },
  }
}

function isMigrating({ options }: ActualDatabase): boolean {
  return options.import_mode === true && options.enabledDatabaseCustomization === true
}

/** When the migration is over no-op forms stay: `rollback` brings the scripts back, and no publish. */
function scriptsWanted(
  { scripts, configuration }: DesiredDatabase,
  { options }: ActualDatabase,
): DesiredDatabase['scripts'] {
  if (configuration.MIGRATION_PHASE !== 'complete') return scripts
  const there = objectOf(options.customScripts)
  return Object.fromEntries(Object.entries(scripts).filter(([slot]) => !isNoOp(there[slot])))
}

function scriptChanges(
  desired: DesiredDatabase,
  database: ActualDatabase,
): ConnectionChange['scripts'] {
  const there = objectOf(database.options.customScripts)
  return Object.entries(scriptsWanted(desired, database)).flatMap(([slot, code]) => {
    const before = there[slot]
    return before === code ? [] : [scriptChange(slot, before, code)]
  })
}

function scriptChange(name: string, before: unknown, code: string): CodeChange & { name: string } {
  return { name, ...codeChange(typeof before === 'string' ? before : undefined, code) }
}

/** Names of the values that are not those published last, as far as the record can tell. */
function valuesToSet(
  { configurationNames, configuration }: DesiredDatabase,
  database: ActualDatabase,
  { key, digests }: KnownDigests,
): readonly string[] {
  const isKnown = configurationNames.every((name) => Object.hasOwn(configuration, name))
  if (configurationNames.length === 0) return []
  if (key === null || !isKnown) return configurationNames
  const there = Object.keys(objectOf(database.options.configuration))
  const after = digestConfiguration(key, configuration, database)
  const changed = changedSecrets(digests.configuration, after, configurationNames)
  return configurationNames.filter((name) => !there.includes(name) || changed.includes(name))
}

/** As the record keeps it. */
export function digestConfiguration(
  key: string,
  configuration: Readonly<Record<string, string>>,
  { sealedConfiguration }: Pick<ActualDatabase, 'sealedConfiguration'>,
): string {
  return digestSecrets(key, 'configuration', configuration, sealedConfiguration)
}

/** Names of applications that are to use the connection and may not yet: one that there is not cannot. */
function clientsToEnable(
  { enabledClients }: DesiredDatabase,
  { actual, clients }: Omit<ConnectionInput, 'known'>,
  database: ActualDatabase | undefined,
): readonly string[] {
  const enabled = new Set(database?.enabledClients)
  const made = new Set(clients.map(({ name }) => name))
  return enabledClients.filter((name) => {
    const id = uniqueIdOf(actual.allClients, name)
    return id === null ? made.has(name) : !enabled.has(id)
  })
}

/** Applications that tenant.yaml enables and that are neither there nor made by it. */
export function unknownApplications(
  { clients, databases }: Desired,
  actual: Actual,
): readonly string[] {
  const made = clients.map(({ name }) => name)
  return databases
    .flatMap(({ enabledClients }) => enabledClients)
    .filter((name) => !made.includes(name) && uniqueIdOf(actual.allClients, name) === null)
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}
