import type { Context } from 'hono'
import type { Json, JsonObject, Tenant } from '../state.ts'
import {
  type Organization,
  type OrganizationConnection,
  organizationsOf,
} from '../users/organizations.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { connectionFaces, entryShape, type Face } from './organizations-connection-faces.ts'
import { organizationIn } from './organizations-find.ts'
import { listed } from './paging.ts'
import { isObject, objectsOf, readBody } from './request-body.ts'

/** When an organization is made. Auth0's limit. */
const maxAtCreation = 10

export function addOrganizationConnectionEndpoints(add: AddEndpoint, tenant: Tenant): void {
  for (const face of connectionFaces) {
    addListEndpoints(add, tenant, face)
    addEntryEndpoints(add, tenant, face)
  }
}

function addListEndpoints(add: AddEndpoint, tenant: Tenant, face: Face): void {
  const { hasOddLimit, list, path, shape, show, shows } = face
  add('GET', path, 'read:organization_connections', (c) => {
    const { enabled_connections } = organizationIn(c, tenant)
    const there = enabled_connections.filter(
      (entry) => tenant.state.connections.has(entry.connection_id) && shows(entry),
    )
    const shown = there.map((entry) => show(entry, tenant))
    const answer = listed(c, list, shown, ({ connection_id }) => connection_id)
    return c.json(
      hasOddLimit && isObject(answer) ? { ...answer, ...limitOf(answer[list]) } : answer,
    )
  })
  add('POST', path, 'create:organization_connections', async (c) => {
    const entry = entryOf(await readBody(c, shape), tenant, 'connection_id')
    const organization = organizationIn(c, tenant)
    const entries = organization.enabled_connections
    if (entries.some(({ connection_id }) => connection_id === entry.connection_id)) {
      const message = 'The connection is already enabled for this organization.'
      throw new ManagementError(409, message, 'connection_conflict')
    }
    keep(tenant, organization, [...entries, entry])
    return c.json(show(entry, tenant), 201)
  })
}

function limitOf(page: Json | undefined): JsonObject {
  return { limit: Array.isArray(page) ? page.length : 0 }
}

function addEntryEndpoints(add: AddEndpoint, tenant: Tenant, face: Face): void {
  const { shape, show } = face
  const path = `${face.path}/:connectionId`
  add('GET', path, 'read:organization_connections', (c) =>
    c.json(show(entryIn(c, organizationIn(c, tenant), tenant, face), tenant)),
  )
  add('PATCH', path, 'update:organization_connections', async (c) => {
    const { connection_id: _, ...members } = shape.members
    const body = await readBody(c, { members })
    const organization = organizationIn(c, tenant)
    const before = entryIn(c, organization, tenant, face)
    const after = { ...before, ...body }
    const entries = organization.enabled_connections
    keep(
      tenant,
      organization,
      entries.map((entry) => (entry === before ? after : entry)),
    )
    return c.json(show(after, tenant))
  })
  add('DELETE', path, 'delete:organization_connections', (c) => {
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
  const ids = new Set(entries.map(({ connection_id }) => connection_id))
  if (ids.size < entries.length) {
    throw invalidBody("'A connection is named twice' on property enabled_connections")
  }
  if (entries.length <= maxAtCreation) {
    return entries.map((entry, position) =>
      entryOf(entry, tenant, `enabled_connections/${position}/connection_id`),
    )
  }
  throw invalidBody(`'Array is too long, maximum ${maxAtCreation}' on property enabled_connections`)
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
  { shows }: Face,
): OrganizationConnection {
  const wanted = segment(c, 'connectionId')
  const entry = organization.enabled_connections.find((one) => one.connection_id === wanted)
  if (entry !== undefined && shows(entry) && state.connections.has(wanted)) return entry
  const message = 'The connection is not enabled for this organization.'
  throw new ManagementError(404, message, 'inexistent_connection')
}

function keep(
  tenant: Tenant,
  organization: Organization,
  enabled_connections: readonly OrganizationConnection[],
): void {
  organizationsOf(tenant).set(organization.id, { ...organization, enabled_connections })
}
