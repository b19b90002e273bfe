/**
 * Stable codes of everything that can be wrong. Operators alert on them, so a code is never renamed,
 * only retired. Log lines of Actions and scripts carry them, and so do build errors.
 */
export type MigrationErrorCode =
  | 'bundle_has_keyword'
  | 'bundle_invalid'
  | 'bundle_not_in_tenant'
  | 'bundle_too_large'
  | 'claims_over_budget'
  | 'config_invalid'
  | 'connection_mismatch'
  | 'legacy_api_invalid_response'
  | 'legacy_api_unavailable'
  | 'legacy_user_ambiguous'
  | 'legacy_user_blocked'
  | 'legacy_user_migrated_to_another'
  | 'legacy_user_needs_mfa'
  | 'legacy_user_not_found'
  | 'legacy_user_unusable'
  | 'profile_too_large'
  | 'secret_not_given'
  | 'secret_not_read'
  | 'setting_invalid'
  | 'setting_missing'
  | 'tenant_file_invalid'
  | 'token_invalid_response'
  | 'token_unavailable'
  | 'unexpected_error'
