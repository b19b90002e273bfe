/** One way into the account. */
export interface Identity {
  readonly connection?: string
  readonly isSocial?: boolean
  /** Profile of a linked identity; the primary one has it at the root of the user. */
  readonly profileData?: Readonly<Record<string, unknown>>
  readonly provider?: string
  /** Without the provider: `legacy-users|1042` of `auth0|legacy-users|1042`. */
  readonly user_id?: string
}

/** A factor of multifactor authentication; it may hold more. */
export interface EnrolledFactor {
  /** Such as `push-notification`, `phone`, `email`, `otp`, `webauthn-roaming`. */
  readonly type: string
  readonly options?: Readonly<Record<string, unknown>>
}

/** `event.user`. Tokens of upstream identity providers are not in it. Times are ISO 8601. */
export interface User {
  /**
   * Never undefined in an Action.
   *
   * @see https://auth0.com/docs/customize/actions/migrate/migrate-from-rules-to-actions
   */
  readonly app_metadata: Readonly<Record<string, unknown>>
  readonly created_at: string
  readonly email?: string
  readonly email_verified: boolean
  readonly enrolledFactors?: readonly EnrolledFactor[]
  readonly family_name?: string
  readonly given_name?: string
  readonly identities: readonly Identity[]
  /** Database connections only; absent until the first change. */
  readonly last_password_reset?: string
  readonly multifactor?: readonly string[]
  readonly name?: string
  readonly nickname?: string
  readonly phone_number?: string
  readonly phone_verified?: boolean
  readonly picture?: string
  readonly updated_at: string
  readonly user_id: string
  /** Never undefined in an Action. */
  readonly user_metadata: Readonly<Record<string, unknown>>
  readonly username?: string
}
