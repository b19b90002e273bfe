/**
 * What Auth0 hands to an Action of trigger `post-user-registration`, version `v2`. Its `api` has
 * `cache`, and nothing that changes anything: the user is there.
 *
 * @see https://auth0.com/docs/actions/reference/post-user-registration/post-user-registration-event-object
 */

import type { CacheAPI } from '../cache.ts'
import type { DatabaseTriggerEvent, RegistrationTransaction } from '../database-trigger.ts'
import type { Experiment } from '../early-access.ts'
import type { User } from '../post-login/user.ts'

export interface Event extends DatabaseTriggerEvent {
  readonly experiment?: Experiment | null
  readonly transaction?: RegistrationTransaction
  readonly user: Omit<User, 'enrolledFactors' | 'identities' | 'multifactor'>
}

export interface PostUserRegistrationAPI {
  readonly cache: CacheAPI
}
