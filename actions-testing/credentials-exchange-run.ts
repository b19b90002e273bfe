import type { ApiCall, DeployedAction } from './runtime.ts'
import type { CredentialsExchangeAPI, Event } from './types/credentials-exchange/v2.ts'

/** One client credentials exchange that has reached its trigger. */
export interface CredentialsExchangeRun {
  /** Bound Actions, in binding order. */
  readonly actions: readonly DeployedAction[]
  /** The event as the trigger starts. `secrets` is each Action's own and is added for it. */
  readonly event: Omit<Event, 'secrets'>
}

export type ExchangeDenialCode = Parameters<CredentialsExchangeAPI['access']['deny']>[0]

/** What the Actions of an exchange asked for, all together. */
export interface CredentialsExchangeOutcome {
  /**
   * Set by `api.access.deny`, by an uncaught error or by a limit. `code` is the OAuth error; `reason`
   * its description, null when none was given.
   */
  readonly denied: {
    readonly code: ExchangeDenialCode
    readonly reason: string | null
    readonly action: string
  } | null
  readonly accessTokenClaims: Readonly<Record<string, unknown>>
  /**
   * `event.transaction.target_scopes` as the Actions left it, or null when none changed it. The
   * tenant grants what of it the client grant holds, and drops the rest without a word.
   */
  readonly targetScopes: readonly string[] | null
  readonly calls: readonly ApiCall[]
  /** 256 characters an Action. */
  readonly logs: readonly { readonly action: string; readonly text: string }[]
  readonly elapsedMs: number
}
