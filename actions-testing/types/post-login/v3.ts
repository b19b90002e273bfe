/**
 * The objects that Auth0 hands to an Action of trigger `post-login`, version `v3`, under the names
 * that `@auth0/actions/post-login/v3` gives them. Written from the reference pages.
 *
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */

import type { CacheAPI } from '../cache.ts'
import type { AnonymousSession, Experiment } from '../early-access.ts'
import type { Agent, CustomDomain, Organization, ResourceServer, Tenant } from '../party.ts'
import type { TriggerRequest } from '../request.ts'
import type { AuthenticationAPI, MultifactorAPI } from './api-authentication.ts'
import type { GroupsAPI, RolesAPI } from './api-directory.ts'
import type { PromptAPI, RedirectAPI } from './api-redirect.ts'
import type { SamlResponseAPI } from './api-saml-response.ts'
import type { RefreshTokenAPI, SessionAPI, TransactionAPI } from './api-session.ts'
import type { Authentication } from './authentication.ts'
import type { RefreshToken, Session, SessionTransferToken } from './session.ts'
import type { Transaction } from './transaction.ts'
import type { User } from './user.ts'

/** The context of one login. A plain copy: what an Action writes into it, nobody sees. */
export interface Event {
  readonly agent?: Agent
  readonly anonymous_session?: AnonymousSession
  readonly authentication?: Authentication
  /** Names of the user's roles. */
  readonly authorization?: { readonly roles: readonly string[] }
  readonly client: {
    readonly client_id: string
    readonly metadata: Readonly<Record<string, string>>
    readonly name: string
    /** Early Access: which audiences a refresh token may be exchanged for. */
    readonly refresh_token?: {
      readonly policies?: readonly {
        readonly audience?: string
        readonly scope?: readonly string[]
      }[]
    }
  }
  readonly connection: {
    readonly id: string
    readonly metadata?: Readonly<Record<string, unknown>>
    readonly name: string
    /** `auth0` is a database, custom ones included. */
    readonly strategy: string
  }
  readonly custom_domain?: CustomDomain
  readonly experiment?: Experiment | null
  readonly organization?: Organization
  /** What `api.prompt.render` collected; in `onContinuePostLogin`. */
  readonly prompt?: {
    readonly id: string
    readonly fields?: Readonly<Record<string, unknown>>
    readonly vars?: Readonly<Record<string, unknown>>
  }
  /** Enterprise: on refresh token exchanges. */
  readonly refresh_token?: RefreshToken
  readonly request: TriggerRequest & {
    /** Autonomous system number. */
    readonly asn?: string
    /** Query string of the authorization request. */
    readonly query: Readonly<Record<string, unknown>>
  }
  /** Absent when no API's audience was requested. */
  readonly resource_server?: ResourceServer
  /** This Action's own. */
  readonly secrets: Readonly<Record<string, string>>
  readonly security_context?: { readonly ja3?: string; readonly ja4?: string }
  readonly session?: Session
  readonly session_transfer_token?: SessionTransferToken
  readonly stats: {
    /**
     * Counts every valid password, also of a login that then failed: 1 is not the first migrated
     * login.
     */
    readonly logins_count: number
  }
  readonly tenant: Tenant
  readonly transaction?: Transaction
  readonly user: User
}

/**
 * What an Action may ask of the login. Calls are collected and applied when the trigger is done. Some
 * return the api to chain, the others nothing: as in https://github.com/auth0/auth0-actions.
 */
export interface PostLoginAPI {
  readonly access: {
    /**
     * Marks the login as denied. Code after it still runs; later Actions do not; metadata asked
     * for is kept. `reason` may be shown to people.
     */
    deny(reason: string): PostLoginAPI
  }
  readonly accessToken: {
    /**
     * Restricted names are ignored without a word; over 100 KB in one token fails the login.
     *
     * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
     */
    setCustomClaim(key: string, value: unknown): PostLoginAPI
    addScope(scope: string): void
    removeScope(scope: string): void
  }
  readonly authentication: AuthenticationAPI
  readonly cache: CacheAPI
  readonly groups: GroupsAPI
  readonly idToken: {
    /** As in the access token. Shows in `/userinfo` too. */
    setCustomClaim(key: string, value: unknown): PostLoginAPI
  }
  readonly multifactor: MultifactorAPI
  readonly prompt: PromptAPI
  readonly redirect: RedirectAPI
  readonly refreshToken: RefreshTokenAPI
  readonly roles: RolesAPI
  readonly rules: { wasExecuted(ruleId: string): boolean }
  readonly samlResponse: SamlResponseAPI
  readonly session: SessionAPI
  readonly transaction: TransactionAPI
  readonly user: {
    /**
     * One top-level key; `null` deletes it. Written once, when the trigger is done, with the keys
     * of all other Actions.
     *
     * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
     */
    setAppMetadata(key: string, value: unknown): PostLoginAPI
    /** As `setAppMetadata`. */
    setUserMetadata(key: string, value: unknown): PostLoginAPI
  }
  readonly validation: {
    /** Fails the login with an error of the application's own naming. */
    error(errorCode: string, errorMessage: string): PostLoginAPI
  }
}
