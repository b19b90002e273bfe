import { createHash } from 'node:crypto'
import { isObject } from '../auth0-tenant.ts'
import type { ShownAction } from './actual.ts'
import type {
  ActionBefore,
  BindingsBefore,
  ConnectionBefore,
  EnabledBefore,
  MembersBefore,
} from './before-states.ts'
import type { BindingsChange, Change, ConnectionChange, ResourceChange } from './changes.ts'
import type { Journal } from './journal.ts'
import { isSecretName } from './members.ts'
import { grantOf } from './plan-resources.ts'
import type { Prepared } from './prepare.ts'

/** Notes every resource that a plan touches as it is now, before the first of them is touched. */
export function noteBefore(journal: Journal, prepared: Prepared): void {
  for (const change of prepared.plan.changes) noteChange(journal, change, prepared)
  const { record } = prepared
  journal.before({ kind: 'record', name: 'record', id: null, state: record })
}

/** Tells code apart in a journal. */
export function codeDigest(code: string): string {
  return createHash('sha256').update(code).digest('hex')
}

function noteChange(journal: Journal, change: Change, prepared: Prepared): void {
  const { desired } = prepared
  const { kind, name } = change
  if (kind === 'phase') return
  if (kind === 'connection') {
    noteConnection(journal, change, prepared)
    return
  }
  const state = stateOf(change, prepared)
  journal.before({ kind, name, id: state === null ? null : (idIn(state) ?? null), state })
  const action = desired.actions.find((one) => one.name === name)
  if (kind === 'action' && action !== undefined) {
    journal.after('action', name, codeDigest(action.code))
  }
}

function stateOf(
  change: Exclude<Change, ConnectionChange | { readonly kind: 'phase' }>,
  { actual, desired }: Prepared,
): ActionBefore | BindingsBefore | MembersBefore | null {
  const { kind, name } = change
  if (kind === 'action') return actionState(actual.actions.get(name))
  if (kind === 'bindings') return bindingsState(change, { actual, desired })
  const grant = desired.clientGrants.find(
    (one) => `${one.name} for ${one.members.audience}` === name,
  )
  const shown =
    kind === 'client'
      ? actual.clients.get(name)?.shown
      : kind === 'resource-server'
        ? actual.resourceServers.get(name)
        : grant && grantOf(grant, actual)
  return shown === undefined ? null : membersState(change, shown)
}

function idIn(state: object): string | undefined {
  return 'id' in state ? String(state.id) : undefined
}

function actionState(action: ShownAction | undefined): ActionBefore | null {
  if (action === undefined) return null
  const { id, deployed_version: running, secrets = [] } = action
  return {
    id,
    versionId: running?.id ?? null,
    code: running?.code ?? action.code,
    runtime: running?.runtime ?? action.runtime,
    dependencies: running?.dependencies ?? action.dependencies ?? [],
    secretNames: secrets.map(({ name }) => name),
    ...draftOf(action),
  }
}

/** Nothing where the code that runs is all there is. */
function draftOf({
  code,
  runtime,
  dependencies = [],
  deployed_version: running,
}: ShownAction): Pick<ActionBefore, 'draft'> {
  if (running?.code === undefined || running.code === code) return {}
  return { draft: { code, runtime, dependencies } }
}

function bindingsState(
  { name }: BindingsChange,
  { actual, desired }: Pick<Prepared, 'actual' | 'desired'>,
): BindingsBefore {
  const ours = (desired.bindings[name] ?? []).map(({ action }) => action)
  return { bindings: actual.bindings.get(name) ?? [], ours }
}

function membersState(
  { members }: Pick<ResourceChange, 'members'>,
  shown: Readonly<Record<string, unknown>>,
): MembersBefore {
  const all = topsOf(members.map(({ path }) => path))
  const tops = all.filter((top) => !isSecretName(top))
  const secretNames = all.filter(isSecretName)
  const id = String(
    shown.client_id !== undefined && shown.id === undefined ? shown.client_id : shown.id,
  )
  const stateOfTop = (top: string) =>
    top === 'client_metadata' ? metadataState(members, shown[top]) : (shown[top] ?? null)
  const state = { id, members: Object.fromEntries(tops.map((top) => [top, stateOfTop(top)])) }
  return secretNames.length === 0 ? state : { ...state, secretNames }
}

/** Keys that were not there are null, by which Auth0 takes them away again. */
function metadataState(members: ResourceChange['members'], shown: unknown): object {
  const before = isObject(shown) ? shown : {}
  const keys = members.flatMap(({ path }) => /^client_metadata\.(.+)$/.exec(path)?.[1] ?? [])
  const added = keys.filter((key) => !Object.hasOwn(before, key))
  return { ...before, ...Object.fromEntries(added.map((key) => [key, null])) }
}

function noteConnection(journal: Journal, change: ConnectionChange, { actual }: Prepared): void {
  const { name, enabledClients } = change
  const database = actual.databases.get(name)
  const id = database?.id ?? null
  const state = database === undefined ? null : connectionState(change, database)
  journal.before({ kind: 'connection', name, id, state })
  const enabled: EnabledBefore = enabledClients
  journal.before({ kind: 'connection-clients', name, id, state: enabled })
}

function connectionState(
  { members, scripts, configuration }: ConnectionChange,
  {
    id,
    shown,
    options,
  }: {
    id: string
    shown: Readonly<Record<string, unknown>>
    options: Readonly<Record<string, unknown>>
  },
): ConnectionBefore {
  const paths = members.map(({ path }) => path)
  const inOptions = paths.filter((path) => path.startsWith('options.'))
  const tops = topsOf(inOptions.map((path) => path.slice('options.'.length)))
  const own = topsOf(paths.filter((path) => !path.startsWith('options.')))
  const there = (key: string) => (isObject(options[key]) ? options[key] : {})
  const scriptsThere = there('customScripts')
  const configurationThere = there('configuration')
  return {
    id,
    members: Object.fromEntries(own.map((top) => [top, shown[top] ?? null])),
    options: Object.fromEntries(tops.map((top) => [top, options[top] ?? null])),
    scripts: Object.fromEntries(
      scripts.map((script) => [script.name, (scriptsThere[script.name] ?? null) as string | null]),
    ),
    configuration: Object.fromEntries(
      configuration.map((key) => [key, Object.hasOwn(configurationThere, key)]),
    ),
  }
}

function topsOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.split('.')[0] ?? ''))]
}
