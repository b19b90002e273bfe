/**
 * The objects that Auth0 hands to an Action of trigger `pre-user-registration`, version `v2`, under
 * the names that `@auth0/actions/pre-user-registration/v2` gives them.
 *
 * @see https://auth0.com/docs/actions/reference/pre-user-registration/pre-user-registration-event-object
 * @see https://auth0.com/docs/actions/reference/pre-user-registration/pre-user-registration-api-object
 */

import type { CacheAPI } from '../cache.ts'
import type { DatabaseTriggerEvent, RegistrationTransaction } from '../database-trigger.ts'
import type { AnonymousSession, Experiment } from '../early-access.ts'
import type { TriggerRequest } from '../request.ts'

/** The context of one registration. */
export interface Event extends DatabaseTriggerEvent {
  readonly anonymous_session?: AnonymousSession
  /** Absent when an administrator makes the user. */
  readonly client?: {
    readonly client_id: string
    readonly metadata: Readonly<Record<string, string>>
    readonly name: string
  }
  readonly experiment?: Experiment | null
  readonly request: TriggerRequest
  readonly transaction?: RegistrationTransaction
  /** Who is to be made a user: there is no `user_id` yet. */
  readonly user: {
    readonly app_metadata?: Readonly<Record<string, unknown>>
    readonly email?: string
    readonly family_name?: string
    readonly given_name?: string
    readonly name?: string
    readonly nickname?: string
    readonly phone_number?: string
    readonly picture?: string
    readonly user_metadata?: Readonly<Record<string, unknown>>
    readonly username?: string
  }
}

/** What an Action may ask of the registration. */
export interface PreUserRegistrationAPI {
  readonly access: {
    /**
     * @param reason For the tenant log.
     * @param userMessage For the person who registers.
     */
    deny(reason: string, userMessage: string): PreUserRegistrationAPI
  }
  readonly cache: CacheAPI
  readonly user: {
    setAppMetadata(key: string, value: unknown): PreUserRegistrationAPI
    setUserMetadata(key: string, value: unknown): PreUserRegistrationAPI
  }
  readonly validation: { error(errorCode: string, errorMessage: string): PreUserRegistrationAPI }
}
