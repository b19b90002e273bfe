import type { JsonObject, Tenant } from '../state.ts'
import { endMemberships, type Organization, organizationsOf } from '../users/organizations.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { newIdentifier } from './identifiers.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { addOrganizationConnectionEndpoints, connectionsOf } from './organizations-connections.ts'
import { noOrganization, organizationIn, showOrganization } from './organizations-find.ts'
import { addOrganizationMemberRoleEndpoints } from './organizations-member-roles.ts'
import { addOrganizationMemberEndpoints } from './organizations-members.ts'
import { assertQuery, checkpointQuery, listed, pageQuery, withFields } from './paging.ts'
import { type BodyShape, isObject, readBody, textOf, withoutNulls } from './request-body.ts'

/** Letters in lower case, digits, `-` and `_`; the first is a letter or a digit. No id: those are `org_…`. */
// https://auth0.com/docs/manage-users/organizations/configure-organizations/create-organizations
const nameForm = /^(?!org_)[a-z0-9][a-z0-9_-]{0,49}$/

/** @see https://auth0.com/docs/api/management/v2/organizations */
export function addOrganizationEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/organizations', 'read:organizations', (c) => {
    assertQuery(c, [...pageQuery, ...checkpointQuery, 'sort'])
    const found = [...organizationsOf(tenant).values()].map(showOrganization)
    return c.json(listed(c, 'organizations', found, ({ id }) => id))
  })
  add('POST', '/organizations', 'create:organizations', async (c) => {
    const body = await readBody(c, creationShape)
    return c.json(createOrganization(body, tenant), 201)
  })
  add('GET', '/organizations/name/:name', 'read:organizations', (c) => {
    const name = segment(c, 'name').toLowerCase()
    const found = [...organizationsOf(tenant).values()].find((one) => one.name === name)
    if (found === undefined) throw noOrganization()
    return c.json(showOrganization(found))
  })
  add('GET', '/organizations/:id', 'read:organizations', (c) =>
    c.json(withFields(c, showOrganization(organizationIn(c, tenant)))),
  )
  add('PATCH', '/organizations/:id', 'update:organizations', async (c) => {
    const body = await readBody(c, changeShape)
    return c.json(changeOrganization(organizationIn(c, tenant), body, tenant))
  })
  add('DELETE', '/organizations/:id', 'delete:organizations', (c) => {
    const { id } = organizationIn(c, tenant)
    organizationsOf(tenant).delete(id)
    endMemberships(tenant, ({ organization_id }) => organization_id === id)
    return c.body(null, 204)
  })
  addOrganizationConnectionEndpoints(add, tenant)
  addOrganizationMemberEndpoints(add, tenant)
  addOrganizationMemberRoleEndpoints(add, tenant)
  addEmptyLists(add, tenant)
}

const members = {
  name: 'string',
  display_name: 'string',
  branding: 'object',
  is_app_entitlement_active: 'boolean',
  metadata: 'object',
  third_party_client_access: ['allow', 'block'],
  token_quota: 'object',
} as const

const creationShape: BodyShape = {
  members: { ...members, enabled_connections: 'array' },
  required: ['name'],
}

const changeShape: BodyShape = { members, nullable: ['token_quota'] }

function createOrganization(body: JsonObject, tenant: Tenant): JsonObject {
  const name = checkedName(body, tenant, null)
  const organization: Organization = {
    ...body,
    id: `org_${newIdentifier(16)}`,
    name,
    display_name: textOf(body, 'display_name') ?? name,
    metadata: metadataOf(body) ?? {},
    enabled_connections: connectionsOf(body, tenant),
  }
  organizationsOf(tenant).set(organization.id, organization)
  const { enabled_connections } = organization
  return {
    ...showOrganization(organization),
    ...(enabled_connections.length > 0 && { enabled_connections }),
  }
}

function changeOrganization(before: Organization, body: JsonObject, tenant: Tenant): JsonObject {
  const name = body.name === undefined ? before.name : checkedName(body, tenant, before.id)
  const metadata = metadataOf(body) ?? before.metadata
  const after = { ...withoutNulls({ ...before, ...body }), ...{ name, metadata } } as Organization
  organizationsOf(tenant).set(before.id, after)
  return showOrganization(after)
}

function checkedName(body: JsonObject, tenant: Tenant, own: string | null): string {
  const name = textOf(body, 'name') ?? ''
  if (!nameForm.test(name)) {
    throw invalidBody("'Name must be lower case letters, digits, - and _' on property name")
  }
  const taken = [...organizationsOf(tenant).values()].some(
    (one) => one.name === name && one.id !== own,
  )
  if (!taken) return name
  const message = 'An organization with this name already exists.'
  throw new ManagementError(409, message, 'organization_conflict')
}

/** At most 25 texts of 255 characters. https://auth0.com/docs/manage-users/organizations/create-first-organization */
function metadataOf({ metadata }: JsonObject): JsonObject | undefined {
  if (!isObject(metadata)) return undefined
  const values = Object.values(metadata)
  if (values.length <= 25 && values.every((one) => typeof one === 'string' && one.length <= 255)) {
    return metadata
  }
  throw invalidBody("'At most 25 strings of 255 characters' on property metadata")
}

/** What deploy-cli reads of each organization, and the stand-in does not have. */
function addEmptyLists(add: AddEndpoint, tenant: Tenant): void {
  for (const [path, resource, name] of [
    ['client-grants', 'organization_client_grants', 'client_grants'],
    ['clients', 'organization_clients', 'clients'],
    ['discovery-domains', 'organization_discovery_domains', 'domains'],
  ] as const) {
    add('GET', `/organizations/:id/${path}`, `read:${resource}`, (c) => {
      organizationIn(c, tenant)
      return c.json(listed(c, name, [], () => undefined))
    })
  }
}
