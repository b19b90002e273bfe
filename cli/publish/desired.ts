import { isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { replaceKeywords } from './keywords.ts'
import { bundleAt, type Project } from './project.ts'
import { type Settings, secretsOf } from './settings.ts'

type Members = Readonly<Record<string, unknown>>

/** A resource of tenant.yaml, and what it is made of: the placeholders show what comes from a setting. */
export interface DesiredResource {
  readonly name: string
  readonly members: Members
  readonly template: Members
}

export interface DesiredAction {
  readonly name: string
  readonly code: string
  readonly runtime: string
  readonly dependencies: readonly unknown[]
  readonly supportedTriggers: readonly unknown[]
  readonly secretNames: readonly string[]
  /** Those whose values are known. */
  readonly secrets: Settings
}

export interface DesiredDatabase extends DesiredResource {
  readonly strategy: string
  /** Names of applications. */
  readonly enabledClients: readonly string[]
  /** Without scripts and configuration. */
  readonly options: Members
  readonly optionsTemplate: Members
  /** Code by slot: `login`, `get_user`. */
  readonly scripts: Readonly<Record<string, string>>
  readonly configurationNames: readonly string[]
  readonly configuration: Settings
}

/** What tenant.yaml asks for, with the settings in their places. */
export interface Desired {
  readonly actions: readonly DesiredAction[]
  /** By trigger. */
  readonly bindings: Readonly<Record<string, readonly { action: string; displayName: string }[]>>
  readonly clients: readonly DesiredResource[]
  readonly resourceServers: readonly DesiredResource[]
  readonly clientGrants: readonly DesiredResource[]
  readonly databases: readonly DesiredDatabase[]
  /** Resource types of tenant.yaml that are not published by this command. */
  readonly ignoredTypes: readonly string[]
}

const publishedTypes = [
  'actions',
  'clientGrants',
  'clients',
  'databases',
  'resourceServers',
  'triggers',
]

/** @throws {CommandError} `project_invalid`. */
export function desiredOf(project: Project, settings: Settings): Desired {
  const { tenantFile } = project
  const resources = (type: string, key: string) => resourcesIn(tenantFile, type, key, settings)
  return {
    actions: actionsOf(project, settings),
    bindings: bindingsIn(tenantFile),
    clients: resources('clients', 'name'),
    resourceServers: resources('resourceServers', 'identifier'),
    clientGrants: resources('clientGrants', 'client_id'),
    databases: resources('databases', 'name').map((one) => databaseOf(project, one, settings)),
    ignoredTypes: Object.keys(tenantFile).filter((type) => !publishedTypes.includes(type)),
  }
}

function resourcesIn(
  tenantFile: Members,
  type: string,
  key: string,
  settings: Settings,
): readonly DesiredResource[] {
  const list = tenantFile[type] ?? []
  if (!Array.isArray(list)) throw invalid(`${type} has to be a list`)
  return list.map((template: unknown, index) => {
    if (!isObject(template)) throw invalid(`${type}[${index}] has to be an object`)
    const members = replaceKeywords(template, settings)
    const name = members[key]
    if (typeof name !== 'string' || name === '') throw invalid(`${type}[${index}] has no ${key}`)
    return { name, members, template }
  })
}

function actionsOf(project: Project, settings: Settings): readonly DesiredAction[] {
  return project.tenantFile.actions.map((action) => ({
    name: action.name,
    code: bundleAt(project, action.code),
    runtime: action.runtime ?? 'node22',
    dependencies: listOf(action.dependencies),
    supportedTriggers: listOf(action.supported_triggers),
    secretNames: action.secrets.map(({ name }) => name),
    secrets: secretsOf(project, action.name, settings),
  }))
}

function bindingsIn({ triggers }: Members): Desired['bindings'] {
  if (triggers === undefined) return {}
  if (!isObject(triggers)) throw invalid('triggers has to be an object')
  const entries = Object.entries(triggers).map(([trigger, list]) => [
    trigger,
    listOf(list).map((one) => {
      const { action_name: action, display_name: displayName = action } = isObject(one) ? one : {}
      if (typeof action === 'string') return { action, displayName: String(displayName) }
      throw invalid(`triggers.${trigger} has an entry without action_name`)
    }),
  ])
  return Object.fromEntries(entries)
}

function databaseOf(
  project: Project,
  { name, members, template }: DesiredResource,
  settings: Settings,
): DesiredDatabase {
  const { customScripts, configuration, ...options } = objectOf(members.options)
  const { customScripts: _, configuration: asked, ...optionsTemplate } = objectOf(template.options)
  const { options: __, enabled_clients, strategy = 'auth0', name: ___, ...rest } = members
  const values = Object.entries(replaceKeywords(objectOf(asked), settings))
  const known = values.filter(([, value]) => !/##[\w.-]+##|@@[\w.-]+@@/.test(String(value)))
  return {
    name,
    members: rest,
    template,
    strategy: String(strategy),
    enabledClients: listOf(enabled_clients).map(String),
    options,
    optionsTemplate,
    scripts: Object.fromEntries(
      Object.entries(objectOf(customScripts)).map(([slot, path]) => [
        slot,
        bundleAt(project, String(path)),
      ]),
    ),
    configurationNames: Object.keys(objectOf(configuration)),
    configuration: Object.fromEntries(known.map(([key, value]) => [key, String(value)])),
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function objectOf(value: unknown): Members {
  return isObject(value) ? value : {}
}

function invalid(why: string): CommandError {
  return new CommandError('project_invalid', `tenant.yaml: ${why}.`)
}
