import { maxProfileBytes } from '../../../core/auth0-profile.ts'

/**
 * Why a row is not sent. Stable: operators sort their dead letters by these. Whatever Auth0 refuses
 * later comes under its own codes, in lower case.
 */
export type RowFaultCode =
  | 'accounts_ambiguous'
  | 'app_metadata_invalid'
  | 'blocked_invalid'
  | 'contract_broken'
  | 'csv_cell_invalid'
  | 'csv_columns_mismatch'
  | 'custom_password_hash_invalid'
  | 'duplicate_email'
  | 'duplicate_user_id'
  | 'duplicate_username'
  | 'email_invalid'
  | 'email_verified_invalid'
  | 'legacy_id_invalid'
  | 'letter_invalid'
  | 'metadata_key_forbidden'
  | 'mfa_factors_invalid'
  | 'mfa_not_portable'
  | 'migrated_at_invalid'
  | 'moved_note_invalid'
  | 'not_a_database_user'
  | 'password_hash_invalid'
  | 'password_hash_missing'
  | 'phone_number_invalid'
  | 'phone_verified_invalid'
  | 'profile_too_large'
  | 'row_not_an_object'
  | 'row_not_json'
  | 'row_not_utf8'
  | 'text_invalid'
  | 'two_password_hashes'
  | 'user_metadata_invalid'
  | 'user_too_large'
  | 'username_invalid'

/** In words: what `profile_too_large` is over. */
export const profileLimit = `${maxProfileBytes.toLocaleString('en')} bytes, which with what Auth0 adds are its 10 KB`

export interface RowFault {
  readonly reason: RowFaultCode
  /** Names members, never what is in them. */
  readonly message: string
}

export function fault(reason: RowFaultCode, message: string): RowFault {
  return { reason, message }
}
