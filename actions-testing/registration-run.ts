import type { ApiCall, DeployedAction } from './runtime.ts'
import type { Event as PasswordEvent } from './types/post-change-password/v2.ts'
import type { Event as RegisteredEvent } from './types/post-user-registration/v2.ts'
import type { Event as RegistrationEvent } from './types/pre-user-registration/v2.ts'

/** Somebody is about to be made a user. */
export interface PreUserRegistrationRun {
  /** Bound Actions, in binding order. */
  readonly actions: readonly DeployedAction[]
  /** The event as the trigger starts. `secrets` is each Action's own and is added for it. */
  readonly event: Omit<RegistrationEvent, 'secrets'>
}

/** What the Actions asked for, all together. Metadata hold top-level keys; null takes one away. */
export interface PreUserRegistrationOutcome {
  /**
   * `reason` is for the tenant log; `userMessage` for the person, and null when an Action failed.
   */
  readonly denied: {
    readonly reason: string
    readonly userMessage: string | null
    readonly action: string
  } | null
  readonly appMetadata: Readonly<Record<string, unknown>>
  readonly userMetadata: Readonly<Record<string, unknown>>
  readonly calls: readonly ApiCall[]
  /** 256 characters an Action. */
  readonly logs: readonly { readonly action: string; readonly text: string }[]
  readonly elapsedMs: number
}

/** Something has happened to a user, and Actions are told: nobody waits for them. */
export type AsynchronousRun = { readonly actions: readonly DeployedAction[] } & (
  | {
      readonly trigger: 'post-user-registration'
      readonly event: Omit<RegisteredEvent, 'secrets'>
    }
  | { readonly trigger: 'post-change-password'; readonly event: Omit<PasswordEvent, 'secrets'> }
)

export interface AsynchronousOutcome {
  /** What the first Action that failed threw: it undoes nothing. */
  readonly failed: { readonly reason: string; readonly action: string } | null
  readonly calls: readonly ApiCall[]
  readonly logs: readonly { readonly action: string; readonly text: string }[]
  readonly elapsedMs: number
}
