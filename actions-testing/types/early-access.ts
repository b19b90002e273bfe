/** Members of events that pages of their own document, and the reference pages do not, or not yet. */

/**
 * `event.anonymous_session` (Beta): what the visitor did before, who logs in or registers now.
 *
 * @see https://auth0.com/docs/manage-users/sessions/anonymous-sessions/anonymous-sessions-use-cases
 */
export interface AnonymousSession {
  readonly user_id: string
  readonly session_id: string
  /** ISO 8601. */
  readonly created_at: string
  /** ISO 8601. */
  readonly expires_at: string
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * `event.experiment` (Early Access): the variation that this transaction is assigned to. Null, and not
 * undefined, when no experiment is active or the tenant has no such feature.
 *
 * @see https://auth0.com/docs/customize/experiment-center/integrations/actions-integration-guide
 */
export interface Experiment {
  readonly experiment_id: string
  readonly variation_id: string
  /** Every parameter of the feature flag, with what the variation overrides. */
  readonly config: Readonly<Record<string, { readonly value: unknown }>>
  /** Whether this is the variation that changes nothing. */
  readonly is_control: boolean
}
