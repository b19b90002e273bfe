import type { BoundAction } from './bindings.ts'

/** What the journal keeps of resources before they are touched: what undo needs, and no secret. */

export interface ActionBefore {
  readonly id: string
  /** Of the version that ran; null: none did. Auth0 keeps its secrets with it. */
  readonly versionId: string | null
  readonly code: string
  readonly runtime: unknown
  readonly dependencies: unknown
  readonly secretNames: readonly string[]
  /** Code that somebody had left there besides, and not deployed. */
  readonly draft?: Pick<ActionBefore, 'code' | 'dependencies' | 'runtime'>
}

export interface BindingsBefore {
  readonly bindings: readonly BoundAction[]
  /** Names of the Actions that the publish was about. */
  readonly ours: readonly string[]
}

/** Members at the top that were to change. One that was not there is null. */
export interface MembersBefore {
  readonly id: string
  readonly members: Readonly<Record<string, unknown>>
  /** Names of those that are secrets: what they were is not kept. */
  readonly secretNames?: readonly string[]
}

export interface ConnectionBefore extends MembersBefore {
  /** Options at their top that were to change. One that was not there is null. */
  readonly options: Readonly<Record<string, unknown>>
  /** Scripts by slot; null: there was none. */
  readonly scripts: Readonly<Record<string, string | null>>
  /** Names in `configuration` that were to be set, and whether each had a value before. */
  readonly configuration: Readonly<Record<string, boolean>>
}

/** Names of the applications that a connection was to be opened to. */
export type EnabledBefore = readonly string[]
