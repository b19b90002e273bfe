import type { Client, Connection, JsonObject, Tenant } from '../state.ts'
import {
  addMember,
  isMember,
  type Organization,
  organizationConnection,
  organizationsOf,
} from '../users/organizations.ts'
import type { RefreshToken } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import type { Parameters } from './parameters.ts'
import { setting } from './tenant-settings.ts'

/**
 * The organization that a login is for, by the application's `organization_usage`, which is `deny`
 * where it says nothing.
 *
 * @returns Null when the login is for none.
 * @throws {OAuthError} `invalid_request` when the application may not ask so, or there is none such.
 * @see https://auth0.com/docs/manage-users/organizations/configure-organizations/define-organization-behavior
 */
export function requestedOrganization(
  tenant: Tenant,
  client: Client,
  { organization }: Parameters,
): Organization | null {
  const usage = client.organization_usage ?? 'deny'
  if (organization === undefined) {
    // Prompts for an organization, before or after the login, are not modelled: as `no_prompt`.
    if (usage !== 'require') return null
    throw new OAuthError('invalid_request', 'parameter organization is required for this client')
  }
  if (usage === 'deny') {
    const description = 'parameter organization is not allowed for this client'
    throw new OAuthError('invalid_request', description)
  }
  const found = organizationsOf(tenant).get(organization) ?? organizationNamed(tenant, organization)
  if (found !== null) return found
  throw new OAuthError('invalid_request', 'parameter organization names no organization')
}

/** By name only where the tenant allows it; ids start with `org_`, and names may not. */
// https://auth0.com/docs/manage-users/organizations/configure-organizations/use-org-name-authentication-api
function organizationNamed(tenant: Tenant, name: string): Organization | null {
  if (name.startsWith('org_')) return null
  if (!usesOrganizationNames(tenant)) {
    const description = 'authorization request parameter organization must be an organization id'
    throw new OAuthError('invalid_request', description)
  }
  const wanted = name.toLowerCase()
  return [...organizationsOf(tenant).values()].find((one) => one.name === wanted) ?? null
}

/** Whether names of organizations are taken from requests and put into tokens. */
function usesOrganizationNames(tenant: Tenant): boolean {
  return setting(tenant, 'allow_organization_name_in_authentication_api') === true
}

/** @throws {OAuthError} `access_denied` when the organization was deleted since the login began. */
export function organizationOf(tenant: Tenant, id: string | null): Organization | null {
  if (id === null) return null
  const organization = organizationsOf(tenant).get(id)
  if (organization !== undefined) return organization
  throw new OAuthError('access_denied', 'The organization does not exist.', 403)
}

/** What a token says of the organization that the login was for. */
// https://auth0.com/docs/manage-users/organizations/using-tokens
export function organizationClaims(tenant: Tenant, organizationId: string | null): JsonObject {
  const organization = organizationOf(tenant, organizationId)
  if (organization === null) return {}
  const { id, name } = organization
  return { org_id: id, ...(usesOrganizationNames(tenant) && { org_name: name }) }
}

/**
 * Flows in which organizations are not to be had, so that nobody takes a token without one for a
 * token of a member.
 *
 * @throws {OAuthError} `invalid_request`.
 */
export function refuseOrganization(client: Client, { organization }: Parameters): void {
  if (organization === undefined && client.organization_usage !== 'require') return
  throw new OAuthError('invalid_request', 'This grant logs in to no organization here.')
}

/** What a login needs to know of itself to be held against its organization. */
interface OrganizationLogin {
  readonly organization: Organization | null
  readonly connection: Connection
  readonly userId: string
  /**
   * Null at a login: an exchange of a refresh token is none, and makes nobody a member (assumption
   * `refresh-assigns-no-membership`).
   */
  readonly refreshToken: RefreshToken | null
}

/**
 * Lets members pass, and makes one of whoever logs in through a connection that assigns membership.
 * Asked before any Action runs: an Action cannot add the user in time (assumptions
 * `membership-checked-before-actions`, `assigned-membership-survives-denial`).
 *
 * @throws {OAuthError} `access_denied`.
 * @see https://community.auth0.com/t/feature-request-support-assigning-users-to-organizations-in-custom-database-login-scripts/167842
 */
export function assertMembership(
  tenant: Tenant,
  { connection, organization, refreshToken, userId }: OrganizationLogin,
): void {
  if (organization === null) return
  const entry = organizationConnection(organization, connection.id)
  if (entry === undefined) {
    const description = 'The connection is not enabled for the organization.'
    throw new OAuthError('access_denied', description, 403)
  }
  if (isMember(tenant, organization, userId)) return
  if (entry.assign_membership_on_login && refreshToken === null) {
    addMember(tenant, organization, userId)
    return
  }
  const description = `user ${userId} is not part of the ${organization.id} organization`
  throw new OAuthError('access_denied', description, 403)
}
