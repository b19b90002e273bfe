import type { Actor } from '../party.ts'

/** The complete list of the reference page. Rules had two more: `delegation`, `redirect-callback`. */
export type Protocol =
  | 'oauth2-access-token'
  | 'oauth2-device-code'
  | 'oauth2-password'
  | 'oauth2-refresh-token'
  | 'oauth2-resource-owner'
  | 'oauth2-resource-owner-jwt-bearer'
  | 'oauth2-token-exchange'
  | 'oauth2-webauthn'
  | 'oidc-basic-profile'
  | 'oidc-ciba'
  | 'oidc-ciba-web-link'
  | 'oidc-hybrid-profile'
  | 'oidc-implicit-profile'
  | 'samlp'
  | 'wsfed'
  | 'wstrust-usernamemixed'

export type TransactionMetadataValue = string | number | boolean

/** `event.transaction`. */
export interface Transaction {
  /** Browser flows only. */
  readonly id?: string
  readonly acr_values?: readonly string[]
  readonly actor?: Actor
  readonly actor_token_type?: string
  readonly correlation_id?: string
  readonly linking_id?: string
  readonly locale?: string
  readonly login_hint?: string
  /** Shared by the Actions of the transaction; `api.transaction.setMetadata` shows at once. */
  readonly metadata: Readonly<Record<string, TransactionMetadataValue>>
  /** Holds `none` on silent authentication. */
  readonly prompt?: readonly string[]
  readonly protocol?: Protocol
  readonly redirect_uri?: string
  readonly requested_authorization_details?: readonly {
    readonly type: string
    readonly [detail: string]: unknown
  }[]
  readonly requested_scopes?: readonly string[]
  readonly response_mode?: 'form_post' | 'fragment' | 'query' | 'web_message'
  readonly response_type?: readonly string[]
  readonly state?: string
  readonly subject_token_type?: string
  /**
   * Follows `api.transaction` at once; begins as the requested scopes.
   *
   * @see https://auth0.com/docs/customize/actions/handling-scopes-in-actions
   */
  readonly target_scopes?: readonly string[]
  readonly ui_locales?: readonly string[]
}
