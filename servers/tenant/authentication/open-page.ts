import type { Context } from 'hono'
import type { Client, Connection, Tenant } from '../state.ts'
import { type Organization, organizationConnection } from '../users/organizations.ts'
import { databasesOf } from './connections.ts'
import type { LoginTransaction } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { organizationOf } from './organization-request.ts'
import { findTransaction } from './transactions.ts'

/** A page of a login that is under way in this browser. */
export interface OpenPage {
  readonly client: Client
  readonly connection: Connection
  readonly organization: Organization | null
  readonly transaction: LoginTransaction
  /** Whether strangers may make themselves an account here. */
  readonly signupIsOpen: boolean
}

/** @throws {OAuthError} When there is no such login, or nothing to log in with. */
export function openPage(c: Context, tenant: Tenant, state: string | undefined): OpenPage {
  const transaction = findTransaction(c, tenant, state)
  const client = tenant.state.clients.get(transaction?.request.clientId ?? '')
  if (transaction === null || client === undefined) throw pageIsOver()
  const { connection: name, organizationId } = transaction.request
  const organization = organizationOf(tenant, organizationId)
  const connection = databasesOf(tenant, client).find(
    (one) =>
      (name === null || one.name === name) &&
      (organization === null || organizationConnection(organization, one.id) !== undefined),
  )
  if (connection === undefined) {
    throw new OAuthError('invalid_request', 'No connections are enabled for the client.')
  }
  const signupIsOpen = isOpen(connection, organization)
  return { client, connection, organization, transaction, signupIsOpen }
}

/** An organization opens sign-up itself, for each of its connections; it is closed at first. */
function isOpen(connection: Connection, organization: Organization | null): boolean {
  if (connection.options.disable_signup === true) return false
  if (organization === null) return true
  return organizationConnection(organization, connection.id)?.is_signup_enabled === true
}

export function pageIsOver(): OAuthError {
  const description = 'This login page is over. Go back to the application and log in again.'
  return new OAuthError('invalid_request', description)
}
