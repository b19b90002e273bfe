import type { Context } from 'hono'
import type { ClientGrant, JsonObject, Tenant } from '../state.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { newIdentifier } from './identifiers.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { assertQuery, checkpointQuery, listed, pageQuery } from './paging.ts'
import { type BodyShape, readBody, textOf, textsOf, withoutNulls } from './request-body.ts'

const changedMembers = {
  allow_all_scopes: 'boolean',
  allow_any_organization: 'boolean',
  authorization_details_types: 'array',
  organization_usage: ['allow', 'deny', 'require'],
  scope: 'array',
} as const

const changedGrant: BodyShape = {
  members: changedMembers,
  nullable: ['allow_all_scopes', 'allow_any_organization', 'organization_usage', 'scope'],
}

const newGrant: BodyShape = {
  members: {
    ...changedMembers,
    audience: 'string',
    client_id: 'string',
    subject_type: ['client', 'user'],
  },
  required: ['audience', 'client_id'],
}

/** @see https://auth0.com/docs/api/management/v2/client-grants */
export function addClientGrantEndpoints(add: AddEndpoint, tenant: Tenant): void {
  const { clientGrants } = tenant.state
  add('GET', '/client-grants', 'read:client_grants', (c) => {
    const filters = ['allow_any_organization', 'audience', 'client_id', 'subject_type']
    assertQuery(c, [...pageQuery, ...checkpointQuery, ...filters])
    return c.json(listed(c, 'client_grants', matching(c, tenant), ({ id }) => id))
  })
  add('GET', '/client-grants/:id', 'read:client_grants', (c) => {
    return c.json(grantOf(tenant, segment(c, 'id')))
  })
  add('POST', '/client-grants', 'create:client_grants', async (c) => {
    const grant = createGrant(await readBody(c, newGrant), tenant)
    return c.json(grant, 201)
  })
  add('PATCH', '/client-grants/:id', 'update:client_grants', async (c) => {
    const body = await readBody(c, changedGrant)
    const before = grantOf(tenant, segment(c, 'id'))
    const scope = scopeOf(body, before.audience, tenant) ?? before.scope
    const { id, client_id, audience, subject_type } = before
    const given = withoutNulls({ ...before, ...body })
    const after = { ...given, id, client_id, audience, scope, subject_type }
    clientGrants.set(id, after)
    return c.json(after)
  })
  add('DELETE', '/client-grants/:id', 'delete:client_grants', (c) => {
    clientGrants.delete(grantOf(tenant, segment(c, 'id')).id)
    return c.body(null, 204)
  })
}

function matching(c: Context, { state }: Tenant): readonly ClientGrant[] {
  const { allow_any_organization: any, audience, client_id, subject_type } = c.req.query()
  return [...state.clientGrants.values()].filter(
    (grant) =>
      (any === undefined || (grant.allow_any_organization === true) === (any === 'true')) &&
      (audience === undefined || grant.audience === audience) &&
      (client_id === undefined || grant.client_id === client_id) &&
      (subject_type === undefined || grant.subject_type === subject_type),
  )
}

/** @throws {ManagementError} 404. */
function grantOf({ state }: Tenant, id: string): ClientGrant {
  const grant = state.clientGrants.get(id)
  if (grant !== undefined) return grant
  throw new ManagementError(404, 'The client grant does not exist', 'inexistent_client_grant')
}

function createGrant(body: JsonObject, tenant: Tenant): ClientGrant {
  const { clientGrants, clients } = tenant.state
  const client_id = textOf(body, 'client_id') ?? ''
  const audience = textOf(body, 'audience') ?? ''
  const subject_type: ClientGrant['subject_type'] = body.subject_type === 'user' ? 'user' : 'client'
  if (!clients.has(client_id)) {
    throw new ManagementError(404, 'The client does not exist', 'inexistent_client')
  }
  const scope = scopeOf(body, audience, tenant)
  if (scope === undefined && body.allow_all_scopes !== true) {
    throw invalidBody("'Missing required property: scope'")
  }
  assertNoTwin({ client_id, audience, subject_type }, tenant)
  const id = `cgr_${newIdentifier(16)}`
  const grant = { ...body, id, client_id, audience, scope: scope ?? [], subject_type }
  clientGrants.set(id, grant)
  return grant
}

/** One grant of a kind for each application and API. */
// https://auth0.com/docs/get-started/applications/application-access-to-apis-client-grants
function assertNoTwin(
  {
    client_id,
    audience,
    subject_type,
  }: Pick<ClientGrant, 'audience' | 'client_id' | 'subject_type'>,
  { state }: Tenant,
): void {
  const twin = [...state.clientGrants.values()].some(
    (grant) =>
      grant.client_id === client_id &&
      grant.audience === audience &&
      grant.subject_type === subject_type,
  )
  if (!twin) return
  throw new ManagementError(409, 'client_grant already exists', 'client_grant_conflict')
}

/**
 * The scopes that a body asks for, which the API has to have.
 *
 * @throws {ManagementError} 404 when there is no such API, 400 for a scope that it does not have.
 */
function scopeOf(
  body: JsonObject,
  audience: string,
  { state }: Tenant,
): readonly string[] | undefined {
  const api = [...state.resourceServers.values()].find(({ identifier }) => identifier === audience)
  if (api === undefined) {
    const message = `No resource with identifier ${audience}`
    throw new ManagementError(404, message, 'inexistent_resource_server')
  }
  const scope = textsOf(body, 'scope')
  const unknown = scope?.filter((name) => !api.scopes?.some(({ value }) => value === name)) ?? []
  if (unknown.length === 0) return scope
  const message = `The API does not have these scopes: ${unknown.join(', ')}`
  throw new ManagementError(400, message, 'invalid_scope')
}
