import type { PostLoginAPI } from './v3.ts'

export type ChallengeFactor =
  | {
      readonly type: 'email' | 'otp' | 'recovery-code' | 'webauthn-platform' | 'webauthn-roaming'
      readonly options?: Readonly<Record<string, unknown>>
    }
  | {
      readonly type: 'phone'
      readonly options?: { readonly preferredMethod?: 'both' | 'sms' | 'voice' }
    }
  | {
      readonly type: 'push' | 'push-notification'
      /** `otpFallback: false` hides the one-time code. */
      readonly options?: { readonly otpFallback?: boolean }
    }

export type EnrollmentFactor =
  | {
      readonly type:
        | 'otp'
        | 'push'
        | 'push-notification'
        | 'recovery-code'
        | 'webauthn-platform'
        | 'webauthn-roaming'
      readonly options?: Readonly<Record<string, unknown>>
    }
  | {
      readonly type: 'phone'
      readonly options?: { readonly preferredMethod?: 'both' | 'sms' | 'voice' }
    }

/** `api.authentication`. Later Actions wait until a requested challenge or enrolment is done. */
export interface AuthenticationAPI {
  challengeWith(
    factor: ChallengeFactor,
    options?: { readonly additionalFactors?: readonly ChallengeFactor[] },
  ): void
  challengeWithAny(factors: readonly ChallengeFactor[]): void
  enrollWith(
    factor: EnrollmentFactor,
    options?: { readonly additionalFactors?: readonly EnrollmentFactor[] },
  ): void
  enrollWithAny(factors: readonly EnrollmentFactor[]): void
  /** An `http:` or `https:` URL; only in `onContinuePostLogin`. */
  recordMethod(providerUrl: string): PostLoginAPI
  /**
   * Once in a transaction, at most 128 characters. The identity that logged in has to be a
   * secondary identity of that user, or the login fails.
   */
  setPrimaryUser(primaryUserId: string): void
}

/** `api.multifactor`. */
export interface MultifactorAPI {
  enable(
    provider: 'any' | 'duo' | 'google-authenticator' | 'guardian' | 'none',
    options?: {
      readonly allowRememberBrowser?: boolean
      /** For `duo` only. */
      readonly providerOptions?: {
        readonly host: string
        readonly ikey: string
        readonly skey: string
        readonly username?: string
      }
    },
  ): PostLoginAPI
}
