import type { Parameter } from './argument-checks.ts'
import type { LoginState } from './login-state.ts'
import type { Event } from './types/post-login/v3.ts'

/** One Action's turn in a login. */
export interface Turn {
  readonly action: string
  readonly login: LoginState
  /** The copy that this Action was given. */
  readonly event: Event
  /** Set when the Action has returned. */
  done: boolean
}

export interface Method {
  readonly parameters: readonly Parameter[]
  /** True for what the user has to do something about; later Actions wait for it. */
  readonly interaction?: boolean
  /** True when the first argument holds a secret, which is left out of the record. */
  readonly confidential?: boolean
  /** True when arguments reach `run` as they are, since it answers bad ones by a code. */
  readonly lenient?: boolean
  /** What it does, with JSON copies of the arguments. Without a result the api is returned. */
  readonly run?: (turn: Turn, ...args: unknown[]) => unknown
}

export type Namespace = Readonly<Record<string, Method>>
