import type { Phase } from '../../core/phase.ts'
import type { MemberChange } from './members.ts'

/** Code of an Action or a script that is to change. */
export interface CodeChange {
  /** Lines before; null: there was none. */
  readonly linesBefore: number | null
  readonly linesAfter: number
  /** As `diff -u`; null where there is nothing to compare, or where the code before is somebody else's. */
  readonly diff: string | null
  /** True: what is replaced was not built by this kit. It is not shown: it may hold secrets. */
  readonly foreign: boolean
}

export interface ActionChange {
  readonly kind: 'action'
  readonly change: 'create' | 'update'
  readonly name: string
  readonly code: CodeChange | null
  /** Runtime, dependencies, triggers. */
  readonly members: readonly MemberChange[]
  /** Names of the secrets that are set. */
  readonly secrets: readonly string[]
  /** Names of those that the Action has and is not to have. */
  readonly secretsRemoved: readonly string[]
  /** True when there is nothing new but that the draft on the tenant is not what runs. */
  readonly deployOnly: boolean
}

export interface BindingsChange {
  readonly kind: 'bindings'
  readonly change: 'update'
  /** The trigger. */
  readonly name: string
  /** Names of Actions, in flow order. */
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export interface ConnectionChange {
  readonly kind: 'connection'
  readonly change: 'create' | 'update'
  readonly name: string
  readonly members: readonly MemberChange[]
  readonly scripts: readonly (CodeChange & { readonly name: string })[]
  /** Names in `configuration` that are set. */
  readonly configuration: readonly string[]
  /** Names of applications that may use it from now on; nobody's right to is taken away. */
  readonly enabledClients: readonly string[]
  /** True: a database of Auth0's own, or one that asks its store at every login, begins to migrate. */
  readonly beginsToMigrate: boolean
  /** Users that it has already, as far as they can be counted. */
  readonly users: number | null
}

/** An application, an API or a grant. */
export interface ResourceChange {
  readonly kind: 'client' | 'client-grant' | 'resource-server'
  readonly change: 'create' | 'update'
  /** Of an API its identifier, of a grant the name of its application. */
  readonly name: string
  readonly members: readonly MemberChange[]
}

export interface PhaseChange {
  readonly kind: 'phase'
  readonly change: 'create' | 'update'
  readonly name: 'MIGRATION_PHASE'
  readonly before: Phase | null
  readonly after: Phase
}

/** One thing that publishing would do. */
export type Change = ActionChange | BindingsChange | ConnectionChange | PhaseChange | ResourceChange

/** Something that publishing does not stop at, and that a person should know of before. */
export interface Warning {
  readonly code: WarningCode
  readonly message: string
}

/** Stable codes: scripts look at them. */
type WarningCode =
  | 'action_not_ours'
  | 'connection_has_users'
  | 'custom_databases_may_be_missing'
  | 'default_audience_is_legacy_api'
  | 'ids_do_not_fit_prefix'
  | 'no_application_enabled'
  | 'not_looked_at'
  | 'people_use_legacy_audience'
  | 'resource_type_ignored'
  | 'run_unfinished'
  | 'sandbox_version_old'
  | 'setting_ignored'
  | 'too_many_actions'

export interface Plan {
  readonly domain: string
  readonly phase: Phase
  readonly changes: readonly Change[]
  readonly warnings: readonly Warning[]
}
