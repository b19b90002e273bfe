/**
 * What Auth0 hands to an Action of trigger `post-change-password`, version `v2`. Its `api` has `cache`,
 * and nothing that changes anything: the password is changed.
 *
 * @see https://auth0.com/docs/actions/reference/post-change-password/post-change-password-event-object
 */

import type { CacheAPI } from '../cache.ts'
import type { DatabaseTriggerEvent } from '../database-trigger.ts'

export interface Event extends DatabaseTriggerEvent {
  readonly transaction?: { readonly correlation_id?: string }
  /** Without metadata. */
  readonly user: {
    readonly email?: string
    readonly email_verified?: boolean
    /** ISO 8601. */
    readonly last_password_reset?: string
    readonly phone_number?: string
    readonly phone_verified?: boolean
    readonly user_id?: string
    readonly username?: string
  }
}

export interface PostChangePasswordAPI {
  readonly cache: CacheAPI
}
