/**
 * The objects that Auth0 hands to an Action of trigger `credentials-exchange`, version `v2`, under
 * the names that `@auth0/actions/credentials-exchange/v2` gives them. There is no user.
 *
 * @see https://auth0.com/docs/actions/reference/credentials-exchange/credentials-exchange-event-object
 * @see https://auth0.com/docs/actions/reference/credentials-exchange/credentials-exchange-api-object
 */

import type { CacheAPI } from '../cache.ts'
import type { Agent, CustomDomain, Organization, ResourceServer, Tenant } from '../party.ts'
import type { TriggerRequest } from '../request.ts'

/** The context of one client credentials exchange. */
export interface Event {
  /** The token as it stands before this Action. */
  readonly accessToken: {
    readonly customClaims: Readonly<Record<string, unknown>>
    readonly scope: readonly string[]
  }
  readonly agent?: Agent
  readonly client: {
    readonly client_id: string
    readonly metadata: Readonly<Record<string, string>>
    readonly name: string
  }
  readonly custom_domain?: CustomDomain
  readonly organization?: Organization
  readonly request: TriggerRequest
  readonly resource_server: ResourceServer
  /** This Action's own. */
  readonly secrets: Readonly<Record<string, string>>
  readonly tenant: Tenant
  readonly transaction: {
    readonly correlation_id?: string
    readonly requested_scopes: readonly string[]
    /** Early Access: follows `api.transaction` at once; cut down to the client grant at the end. */
    readonly target_scopes?: readonly string[]
  }
}

/** What an Action may ask of the exchange. */
export interface CredentialsExchangeAPI {
  readonly access: {
    deny(
      code: 'invalid_request' | 'invalid_scope' | 'server_error',
      reason?: string,
    ): CredentialsExchangeAPI
  }
  readonly accessToken: { setCustomClaim(key: string, value: unknown): CredentialsExchangeAPI }
  readonly cache: CacheAPI
  /** Early Access. */
  readonly transaction: {
    addTargetScope(scope: string): void
    removeTargetScope(scope: string): void
    setTargetScopes(scopes: readonly string[]): void
    clearTargetScopes(): void
  }
}
