/**
 * What `migration.config.ts` says: the one file an engineer edits. It holds no secret and nothing
 * that differs between environments; those are settings (`settings.ts`).
 */
export interface MigrationConfig {
  /**
   * Where the users are: behind a legacy API (the default), or in another Auth0 tenant. The second
   * takes `oldTenant`, and settings of its own: see docs/from-another-tenant.md.
   */
  readonly source?: 'legacy-api' | 'auth0-tenant'
  readonly oldTenant?: OldTenantConfig
  /** Name of the database connection that migrates. The folder in `databases/` has the same name. */
  readonly connection: string
  /**
   * What stands between `auth0|` and the `legacy_id` in a `user_id`. Changing it after the first
   * login makes a twin of every user who comes back.
   */
  readonly idPrefix: string
  /** More prefixes whose users are recognised as legacy users: `['']` for users imported without one. */
  readonly acceptedPrefixes?: readonly string[]
  /** True when the connection's `requires_username` is: a legacy user without one is then an error. */
  readonly requiresUsername?: boolean
  /**
   * True lets users log in whose legacy account asks for a second factor that cannot be carried
   * over. They then have a password and nothing else.
   */
  readonly allowMissingMfa?: boolean
  /**
   * Percent, 0 to 100, of the users from before `backfill.since` that the Actions attend to. Raising
   * it in steps spreads the first wave of profile writes and marks. Newer users are not held back.
   */
  readonly rollout?: number
  readonly backfill: {
    /**
     * Day or instant (ISO 8601) at which the kit was published. Users created later came through our
     * scripts, so that a missing stamp means lost metadata.
     */
    readonly since: string
    /**
     * A user from before `since` who has no metadata at all is filled from the old store: they may have
     * been lost. True leaves such a user as they are, for tenants where somebody may have been
     * stripped of everything they had, and must not get it back.
     */
    readonly leaveBlank?: boolean
    /** Milliseconds that one login may wait for the backfill. Default 2000. */
    readonly budget?: number
  }
  /** `budget`: milliseconds that one login may wait for the mark. Default 1500. */
  readonly mark?: { readonly budget?: number }
  /** `budget`: milliseconds that login and get_user may take. Default 8000. */
  readonly scripts?: { readonly budget?: number }
  /**
   * How the two machine-to-machine applications prove who they are at the token endpoint. Default
   * `client-secret`: the settings are `LEGACY_ACTIONS_CLIENT_SECRET`, `LEGACY_SCRIPTS_CLIENT_SECRET`.
   * `private-key-jwt` (RFC 7523): `LEGACY_ACTIONS_PRIVATE_KEY`, `LEGACY_SCRIPTS_PRIVATE_KEY`, RSA keys
   * in PKCS#8 as PEM; tenant.yaml has to name them instead.
   */
  readonly clientAuthentication?: 'client-secret' | 'private-key-jwt'
  /**
   * Where `npx migration publish` binds our Actions among those that others have bound to the trigger;
   * they keep their order. Default `first`: protect has to come before anything that may let in.
   */
  readonly bindings?: BindingPlace
  readonly claims: readonly ClaimConfig[]
  /** Bytes of JSON that the claims of one token may take, names included. Default 8000. */
  readonly claimsBudget?: number
}

/** Which top-level keys of the old tenant's metadata come along. What is left out is never asked for. */
export interface OldTenantConfig {
  readonly appMetadata: 'all' | readonly string[]
  readonly userMetadata: 'all' | readonly string[]
}

export type BindingPlace = 'first' | 'last' | { readonly before: string }

export interface ClaimConfig {
  /** The claim is CLAIM_NAMESPACE followed by this. */
  readonly name: string
  /** Where its value stands: `app_metadata.plan`, `user_metadata.address.city`. */
  readonly path: `app_metadata.${string}` | `user_metadata.${string}`
  readonly tokens: readonly ('id' | 'access')[]
  /** Users edit their user_metadata themselves: an API that trusts it in an access token must mean to. */
  readonly trustUserMetadata?: boolean
}

/** Milliseconds. Static, so that no login of any user waits longer, whatever the legacy API does. */
export const backfillBudget = 2_000
export const markBudget = 1_500
export const scriptsBudget = 8_000

/** Bytes. Auth0 fails a login at 100 kB of custom claims; proxies refuse headers far below that. */
export const defaultClaimsBudget = 8_000
