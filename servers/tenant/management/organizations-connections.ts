import type { Context } from 'hono'
import type { JsonObject, Tenant } from '../state.ts'
import {
  type Organization,
  type OrganizationConnection,
  organizationConnection,
  organizationsOf,
} from '../users/organizations.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { organizationIn } from './organizations-find.ts'
import { listed } from './paging.ts'
import { type BodyShape, objectsOf, readBody } from './request-body.ts'

/** When an organization is made. Auth0's limit. */
const maxAtCreation = 10

const path = '/organizations/:id/enabled_connections'
const onePath = `${path}/:connectionId`

/** @see https://auth0.com/docs/api/management/v2/organizations/get-enabled-connections */
export function addOrganizationConnectionEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', path, 'read:organization_connections', (c) => {
    const { enabled_connections } = organizationIn(c, tenant)
    const there = enabled_connections.filter((entry) =>
      tenant.state.connections.has(entry.connection_id),
    )
    const shown = there.map((entry) => show(entry, tenant))
    return c.json(listed(c, 'enabled_connections', shown, ({ connection_id }) => connection_id))
  })
  add('POST', path, 'create:organization_connections', async (c) => {
    const entry = entryOf(await readBody(c, entryShape), tenant, 'connection_id')
    const organization = organizationIn(c, tenant)
    if (organizationConnection(organization, entry.connection_id) !== undefined) {
      const message = 'The connection is already enabled for this organization.'
      throw new ManagementError(409, message, 'connection_conflict')
    }
    keep(tenant, organization, [...organization.enabled_connections, entry])
    return c.json(show(entry, tenant), 201)
  })
  add('GET', onePath, 'read:organization_connections', (c) =>
    c.json(show(entryIn(c, organizationIn(c, tenant), tenant), tenant)),
  )
  add('PATCH', onePath, 'update:organization_connections', async (c) => {
    const body = await readBody(c, { members: switches })
    const organization = organizationIn(c, tenant)
    const before = entryIn(c, organization, tenant)
    const after = { ...before, ...body }
    const entries = organization.enabled_connections
    keep(
      tenant,
      organization,
      entries.map((entry) => (entry === before ? after : entry)),
    )
    return c.json(show(after, tenant))
  })
  add('DELETE', onePath, 'delete:organization_connections', (c) => {
    const organization = organizationIn(c, tenant)
    const gone = segment(c, 'connectionId')
    const entries = organization.enabled_connections
    keep(
      tenant,
      organization,
      entries.filter((entry) => entry.connection_id !== gone),
    )
    return c.body(null, 204)
  })
}

/** Of the body of a new organization. @throws {ManagementError} 400. */
export function connectionsOf(body: JsonObject, tenant: Tenant): readonly OrganizationConnection[] {
  const entries = objectsOf(body, 'enabled_connections', entryShape) ?? []
  if (entries.length <= maxAtCreation) {
    return entries.map((entry, position) =>
      entryOf(entry, tenant, `enabled_connections/${position}/connection_id`),
    )
  }
  throw invalidBody(`'Array is too long, maximum ${maxAtCreation}' on property enabled_connections`)
}

const switches = {
  assign_membership_on_login: 'boolean',
  is_signup_enabled: 'boolean',
  show_as_button: 'boolean',
} as const

const entryShape: BodyShape = {
  members: { ...switches, connection_id: 'string' },
  required: ['connection_id'],
}

function entryOf(body: JsonObject, { state }: Tenant, at: string): OrganizationConnection {
  const connection_id = String(body.connection_id)
  if (!state.connections.has(connection_id)) {
    throw invalidBody(`'There is no such connection' on property ${at}`)
  }
  const off = { assign_membership_on_login: false, is_signup_enabled: false, show_as_button: true }
  return { ...off, ...body, connection_id }
}

/** @throws {ManagementError} 404. */
function entryIn(
  c: Context,
  organization: Organization,
  { state }: Tenant,
): OrganizationConnection {
  const entry = organizationConnection(organization, segment(c, 'connectionId'))
  if (entry !== undefined && state.connections.has(entry.connection_id)) return entry
  const message = 'The connection is not enabled for this organization.'
  throw new ManagementError(404, message, 'inexistent_connection')
}

function show(entry: OrganizationConnection, { state }: Tenant): JsonObject {
  const { name = '', strategy = '' } = state.connections.get(entry.connection_id) ?? {}
  return { ...entry, connection: { name, strategy } }
}

function keep(
  tenant: Tenant,
  organization: Organization,
  enabled_connections: readonly OrganizationConnection[],
): void {
  organizationsOf(tenant).set(organization.id, { ...organization, enabled_connections })
}
