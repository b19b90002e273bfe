import type {
  CredentialsExchangeOutcome,
  CredentialsExchangeRun,
} from './credentials-exchange-run.ts'
import type {
  AsynchronousOutcome,
  AsynchronousRun,
  PreUserRegistrationOutcome,
  PreUserRegistrationRun,
} from './registration-run.ts'
import type { RulesOutcome, RulesRun } from './rules-run.ts'
import type { Event, PostLoginAPI } from './types/post-login/v3.ts'

/** An Action as a tenant holds it: one CommonJS file and its own secrets. */
export interface DeployedAction {
  readonly name: string
  /** Source text of the bundle. */
  readonly code: string
  readonly secrets: Readonly<Record<string, string>>
}

/** One login that has reached the `post-login` trigger. */
export interface PostLoginRun {
  /** Bound Actions, in binding order. */
  readonly actions: readonly DeployedAction[]
  /** The event as the trigger starts. `secrets` is each Action's own and is added for it. */
  readonly event: Omit<Event, 'secrets'>
  /**
   * The outcome of this login up to where it stopped for the user, who has come back. The Action that
   * asked goes on in its `onContinuePostLogin` (after a redirect or a prompt), and the later ones run.
   * What the Actions before had asked for is kept. `event` is a new one: of the request to `/continue`,
   * with the metadata that was written meanwhile.
   */
  readonly resume?: PostLoginOutcome
  /** What `api.groups` and `api.roles` find. What is not given, they refuse to look up. */
  readonly directory?: {
    readonly groups?: readonly DirectoryEntry[]
    readonly roles?: readonly DirectoryEntry[]
  }
}

/** A group or a role of the user, with whatever else the tenant tells of it. */
export interface DirectoryEntry {
  readonly id: string
  readonly name: string
  readonly [detail: string]: unknown
}

/**
 * What a login's Actions asked for, all together: what Auth0 applies at the end of the trigger.
 * Metadata hold top-level keys only; `null` means that the key is deleted.
 */
export interface PostLoginOutcome {
  /** Set by `api.access.deny`, by an uncaught error (its message leaks, as on the platform) or by a limit. */
  readonly denied: { readonly reason: string; readonly action: string } | null
  /**
   * A step that the user has to take before any token may be issued: `redirect.sendUserTo`,
   * `prompt.render`, a challenge or enrolment. Later Actions have not run. Whoever cannot take the
   * step has to fail the login.
   */
  readonly interaction: {
    readonly method: ApiMethod
    readonly action: string
    /** Where `redirect.sendUserTo` sends the browser, `query` included; Auth0 adds `state`. */
    readonly url?: string
  } | null
  /**
   * `api.multifactor.enable`, of which the last call counts and `none` takes it back: a challenge at
   * the end of the flow. `interaction` names it when nothing else is waited for; until then, as over a
   * redirect, it stays owed.
   */
  readonly multifactor: { readonly action: string } | null
  /** `api.authentication.setPrimaryUser`: the user id that tokens are for, when not the event's. */
  readonly primaryUser: string | null
  readonly appMetadata: Readonly<Record<string, unknown>>
  readonly userMetadata: Readonly<Record<string, unknown>>
  /** Bytes of metadata that this login has written by then, what it wrote before a redirect among them. */
  readonly writtenBytes: { readonly app_metadata: number; readonly user_metadata: number }
  /** `event.transaction.metadata` as the Actions left it. */
  readonly transactionMetadata: Readonly<Record<string, string | number | boolean>>
  readonly idTokenClaims: Readonly<Record<string, unknown>>
  readonly accessTokenClaims: Readonly<Record<string, unknown>>
  readonly addedScopes: readonly string[]
  readonly removedScopes: readonly string[]
  /**
   * `event.transaction.target_scopes` as the Actions left it, or null when none changed it. What of it
   * is granted is for client grant, roles and consent to decide.
   */
  readonly targetScopes: readonly string[] | null
  /** URLs of `api.authentication.recordMethod`: methods of the session from now on. */
  readonly recordedMethods: readonly string[]
  /** Every api call, in order: `accessToken.setCustomClaim` and its arguments. */
  readonly calls: readonly ApiCall[]
  /** What the Actions wrote to the console, as Auth0 keeps it: 256 characters an Action. */
  readonly logs: readonly { readonly action: string; readonly text: string }[]
  /** Milliseconds the trigger took, all Actions together. */
  readonly elapsedMs: number
}

/**
 * `accessToken.setCustomClaim`: a method of the post-login api, which has those of all triggers. A
 * name and no text, so that one that is misspelt in an assertion does not compile.
 */
export type ApiMethod = {
  readonly [Namespace in keyof PostLoginAPI]: `${Namespace}.${keyof PostLoginAPI[Namespace] & string}`
}[keyof PostLoginAPI]

export interface ApiCall {
  readonly action: string
  readonly method: ApiMethod
  readonly args: readonly unknown[]
}

/** One call of a custom database script. */
export interface DatabaseScriptRun {
  readonly script: 'login' | 'get_user'
  /** Source text of the script: one named function. */
  readonly code: string
  /** The connection's `configuration`. */
  readonly configuration: Readonly<Record<string, string>>
  /** Arguments before the callback: identifier, password, and `context` where the connection has it. */
  readonly args: readonly unknown[]
}

/**
 * How the script called back. `none` is a script that never did, or did so more than once, or threw:
 * Auth0 fails the transaction.
 */
export type DatabaseScriptOutcome =
  | { readonly type: 'profile'; readonly profile: Readonly<Record<string, unknown>> }
  /** `callback(null)` or `callback(null, null)`. */
  | { readonly type: 'not-found' }
  | {
      readonly type: 'error'
      readonly name: string
      readonly message: string
      /** Only for `WrongUsernameOrPasswordError`, when its first argument was truthy: Auth0 logs `fp`, else `fu`. */
      readonly knownUser?: boolean
    }
  | { readonly type: 'none'; readonly message: string }

export interface DatabaseScriptResult {
  readonly outcome: DatabaseScriptOutcome
  readonly logs: readonly string[]
  readonly elapsedMs: number
}

/** Runs bundles as Auth0 does. In process for unit tests, in worker threads for the stand-in tenant. */
export interface Runtime {
  runPostLogin(run: PostLoginRun): Promise<PostLoginOutcome>
  runCredentialsExchange(run: CredentialsExchangeRun): Promise<CredentialsExchangeOutcome>
  runPreUserRegistration(run: PreUserRegistrationRun): Promise<PreUserRegistrationOutcome>
  runAsynchronous(run: AsynchronousRun): Promise<AsynchronousOutcome>
  runRules(run: RulesRun): Promise<RulesOutcome>
  runDatabaseScript(run: DatabaseScriptRun): Promise<DatabaseScriptResult>
  close(): Promise<void>
}
