import type { Parameter } from './argument-checks.ts'
import type { TriggerState } from './trigger-state.ts'

/** One Action's turn in an execution of a trigger. */
export interface Turn<State extends TriggerState = TriggerState, Event = unknown> {
  readonly action: string
  /** The export that runs: `onExecutePostLogin`. */
  readonly handler: string
  readonly state: State
  /** The copy that this Action was given. */
  readonly event: Event
  /** Set when the Action has returned. */
  done: boolean
  /** Where it is strict: told of what is a mistake of the Action, though Auth0 would let it pass. */
  readonly misused?: (problem: string) => void
}

export interface Method<OneTurn extends Turn> {
  readonly parameters: readonly Parameter[]
  /** True when the first argument holds a secret, which is left out of the record. */
  readonly confidential?: boolean
  /** True when arguments reach `run` as they are, since it answers bad ones by a code. */
  readonly lenient?: boolean
  /** What it does, with JSON copies of the arguments. Without a result the api is returned. */
  readonly run?: (turn: OneTurn, ...args: unknown[]) => unknown
}

export type Namespace<OneTurn extends Turn> = Readonly<Record<string, Method<OneTurn>>>

/** Every namespace of a trigger's `api`. */
export type Methods<OneTurn extends Turn> = Readonly<Record<string, Namespace<OneTurn>>>
