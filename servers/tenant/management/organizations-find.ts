import type { Context } from 'hono'
import type { JsonObject, Tenant } from '../state.ts'
import { type Organization, organizationsOf } from '../users/organizations.ts'
import { segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'

/** @throws {ManagementError} 404. */
export function organizationIn(c: Context, tenant: Tenant): Organization {
  const organization = organizationsOf(tenant).get(segment(c, 'id'))
  if (organization === undefined) throw noOrganization()
  return organization
}

/** Metadata only where there is any. */
// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccOrganization.yaml
export function showOrganization({ enabled_connections: _, ...shown }: Organization): JsonObject {
  const { metadata, ...rest } = shown
  return Object.keys(metadata).length > 0 ? shown : rest
}

export function noOrganization(): ManagementError {
  const message = 'No organization found by that id or name'
  return new ManagementError(404, message, 'inexistent_organization')
}
