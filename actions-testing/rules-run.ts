/** A Rule as a tenant holds it. */
export interface Rule {
  readonly name: string
  /** Source text: one function of `(user, context, callback)`. */
  readonly code: string
}

/** The Rules of one login. */
export interface RulesRun {
  /** Enabled Rules, in their order. */
  readonly rules: readonly Rule[]
  /** `app_metadata` and `user_metadata` are undefined for a user who has none. */
  readonly user: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
  /** The tenant's Rules configuration. */
  readonly configuration: Readonly<Record<string, string>>
  /** The global `auth0`; what is absent here is made up. */
  readonly auth0?: { readonly domain?: string; readonly accessToken?: string }
}

/** One call of `auth0.users`: metadata that is merged into the stored one, key by key; null deletes. */
export interface RuleMetadataWrite {
  readonly rule: string
  readonly userId: string
  readonly kind: 'app_metadata' | 'user_metadata'
  readonly metadata: Readonly<Record<string, unknown>>
}

/** What the Rules of one login amount to. */
export interface RulesOutcome {
  /**
   * Set by a callback with an error, and by a Rule that threw, did not call back, or did so twice:
   * such a login never has tokens. `error` is the OAuth error, `reason` its description.
   */
  readonly denied: {
    readonly error: 'access_denied' | 'unauthorized'
    readonly reason: string
    readonly rule: string
  } | null
  /** A step for the user, set by the Rules in `context.redirect` or `context.multifactor`. */
  readonly interaction: { readonly method: string; readonly url?: string } | null
  /** As the last Rule handed it on. None of its changes is stored. */
  readonly user: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
  /** `context.primaryUser` when it names another user than the login's. */
  readonly primaryUser: string | null
  /** Of `context.idToken` and `context.accessToken`, what Auth0 puts into tokens. */
  readonly idTokenClaims: Readonly<Record<string, unknown>>
  readonly accessTokenClaims: Readonly<Record<string, unknown>>
  /** `context.accessToken.scope`, when the Rules set one. */
  readonly scope: readonly string[] | null
  /** Stored at once, also when the login is denied afterwards. */
  readonly writes: readonly RuleMetadataWrite[]
  readonly logs: readonly { readonly rule: string; readonly text: string }[]
  /** Milliseconds that all Rules took together. */
  readonly elapsedMs: number
}
