/** Stable codes: a code is never renamed, only retired. */
export type LegacyApiErrorCode = 'seed_user_invalid' | 'setting_invalid' | 'setting_missing'

/** What an operator or a caller got wrong. `message` names the setting or position, never a value. */
export class LegacyApiError extends Error {
  override readonly name = 'LegacyApiError'
  readonly code: LegacyApiErrorCode

  constructor(code: LegacyApiErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
