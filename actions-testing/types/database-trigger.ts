/** What the events of the triggers have in common that run when a user registers or changes a password. */

import type { CustomDomain, Tenant } from './party.ts'
import type { TriggerRequest } from './request.ts'

/** `event.connection`. */
export interface EventConnection {
  readonly id: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly name: string
  /** `auth0` is a database, custom ones included. */
  readonly strategy: string
}

/** `event.transaction` of a registration: of a browser flow, and less than a login's. */
export interface RegistrationTransaction {
  readonly acr_values?: readonly string[]
  readonly correlation_id?: string
  readonly locale?: string
  readonly login_hint?: string
  readonly prompt?: readonly string[]
  readonly protocol?: string
  readonly redirect_uri?: string
  readonly requested_scopes?: readonly string[]
  readonly response_mode?: string
  readonly response_type?: readonly string[]
  readonly state?: string
  readonly ui_locales?: readonly string[]
}

export interface DatabaseTriggerEvent {
  readonly connection: EventConnection
  readonly custom_domain?: CustomDomain
  readonly request: Omit<TriggerRequest, 'body'>
  /** This Action's own. */
  readonly secrets: Readonly<Record<string, string>>
  readonly tenant: Tenant
}
