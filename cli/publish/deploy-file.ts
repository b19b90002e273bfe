import { isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import type { Actual } from './actual.ts'
import type { Change } from './changes.ts'
import type { Desired, DesiredAction, DesiredDatabase, DesiredResource } from './desired.ts'
import { keywordsIn, replaceKeywords } from './keywords.ts'
import { scopesToSend } from './plan-resources.ts'
import type { Project } from './project.ts'
import type { Settings } from './settings.ts'

/** What deploy-cli is given: a deploy file, the code it names, and values for its placeholders. */
export interface DeployFile {
  readonly text: string
  /** Code by path, beside the file. */
  readonly files: Readonly<Record<string, string>>
  /** Secrets: they go into deploy-cli's environment, and onto no disk. */
  readonly keywords: Readonly<Record<string, string>>
  /** Resource types in it; none: there is nothing for deploy-cli to do. */
  readonly types: readonly string[]
}

export interface DeployFileInput {
  readonly project: Project
  readonly settings: Settings
  readonly desired: Desired
  readonly actual: Actual
  readonly changes: readonly Change[]
}

/**
 * Makes a deploy file of those changes that are wholly ours. Lists that others share, bindings and
 * options of a connection that is there, are no business of deploy-cli: it replaces them.
 *
 * @throws {CommandError} `project_invalid` when a placeholder would be left.
 */
export function deployFileOf(input: DeployFileInput): DeployFile {
  const { desired, changes } = input
  const changed = (kind: Change['kind'], name: string, only?: Change['change']) =>
    changes.some((one) => {
      return one.kind === kind && one.name === name && (only === undefined || one.change === only)
    })
  const actions = desired.actions.filter(({ name }) => changed('action', name))
  const databases = desired.databases.filter(({ name }) => changed('connection', name, 'create'))
  const grantName = ({ name, members }: Desired['clientGrants'][number]) =>
    `${name} for ${members.audience}`
  const assets = {
    actions: actions.map((action) => actionAsset(action, input.project)),
    clients: desired.clients
      .filter(({ name }) => changed('client', name))
      .map((client) => clientAsset(client, input.actual)),
    resourceServers: desired.resourceServers
      .filter(({ name }) => changed('resource-server', name))
      .map((api) => ({
        ...api.template,
        ...scopesToSend(api, input.actual.resourceServers.get(api.name)),
      })),
    clientGrants: desired.clientGrants
      .filter((grant) => changed('client-grant', grantName(grant)))
      .map(({ template }) => template),
    databases: databases.map(databaseAsset),
  }
  const files = Object.fromEntries([...actions.map(actionFile), ...databases.flatMap(scriptFiles)])
  const present = Object.entries(assets).filter(([, list]) => list.length > 0)
  return {
    ...withValues(Object.fromEntries(present), input.settings),
    files,
    types: present.map(([type]) => type),
  }
}

/** deploy-cli sends the metadata whole: others' keys go along, and so do record and lock. */
function clientAsset({ name, template }: DesiredResource, { clients }: Actual): unknown {
  const there = clients.get(name)?.metadata
  if (there === undefined || !isObject(template.client_metadata)) return template
  return { ...template, client_metadata: { ...there, ...template.client_metadata } }
}

function actionAsset(action: DesiredAction, { tenantFile }: Project): unknown {
  const { secrets = [] } = tenantFile.actions.find(({ name }) => name === action.name) ?? {}
  return {
    name: action.name,
    code: `./${actionFile(action)[0]}`,
    runtime: action.runtime,
    deployed: true,
    dependencies: action.dependencies,
    supported_triggers: action.supportedTriggers,
    secrets: secrets.map(({ name, value }) => ({ name, value })),
  }
}

function actionFile({ name, code }: DesiredAction): readonly [path: string, code: string] {
  return [`actions/${encodeURIComponent(name)}.js`, code]
}

/** Enabled for nobody yet: that comes when the Actions are bound. */
function databaseAsset(database: DesiredDatabase): unknown {
  const { enabled_clients: _, options, ...rest } = database.template
  const paths = Object.keys(database.scripts).map((slot) => [
    slot,
    `./${scriptPath(database, slot)}`,
  ])
  return {
    strategy: database.strategy,
    ...rest,
    options: { ...(isObject(options) ? options : {}), customScripts: Object.fromEntries(paths) },
  }
}

function scriptFiles(database: DesiredDatabase): readonly (readonly [string, string])[] {
  return Object.entries(database.scripts).map(([slot, code]) => [scriptPath(database, slot), code])
}

function scriptPath({ name }: DesiredDatabase, slot: string): string {
  return `databases/${encodeURIComponent(name)}/${encodeURIComponent(slot)}.js`
}

/** JSON is YAML. Each text with placeholders becomes one placeholder of our own, with its value whole. */
function withValues(
  assets: Readonly<Record<string, unknown>>,
  settings: Settings,
): Pick<DeployFile, 'keywords' | 'text'> {
  const keywords: Record<string, string> = {}
  const text = JSON.stringify(
    assets,
    (_, value: unknown) => {
      if (typeof value !== 'string' || keywordsIn(value).length === 0) return value
      const name = `KIT_VALUE_${Object.keys(keywords).length + 1}`
      keywords[name] = replaceKeywords(value, settings)
      return `@@${name}@@`
    },
    2,
  )
  const left = [...keywordsIn(text).filter((name) => !(name in keywords)), ...keywordsIn(keywords)]
  if (left.length === 0) return { text, keywords }
  throw new CommandError('project_invalid', `Placeholders are left: ${left.join(', ')}.`)
}
