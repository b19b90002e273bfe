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

export function showOrganization({ enabled_connections: _, ...shown }: Organization): JsonObject {
  return shown
}

export function noOrganization(): ManagementError {
  const message = 'No organization found by that id or name'
  return new ManagementError(404, message, 'inexistent_organization')
}
