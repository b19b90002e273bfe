import type { Context } from 'hono'
import type { Json, JsonObject, ResourceServer, Tenant } from '../state.ts'
import { endPermissions } from '../users/permissions.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { newIdentifier, newObjectId } from './identifiers.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { assertQuery, listed, pageQuery } from './paging.ts'
import { type BodyShape, objectsOf, readBody, textOf, withoutNulls } from './request-body.ts'
import { subjectTypesOf } from './subject-type-authorization.ts'

const changedMembers = {
  allow_offline_access: 'boolean',
  allow_online_access: 'boolean',
  allow_online_access_with_ephemeral_sessions: 'boolean',
  authorization_details: 'array',
  authorization_policy: 'object',
  consent_policy: 'string',
  enforce_policies: 'boolean',
  name: 'string',
  proof_of_possession: 'object',
  scopes: 'array',
  signing_alg: ['HS256', 'PS256', 'RS256', 'RS512'],
  signing_secret: 'string',
  skip_consent_for_verifiable_first_party_clients: 'boolean',
  subject_type_authorization: 'object',
  token_dialect: ['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'],
  token_encryption: 'object',
  token_lifetime: 'integer',
  token_lifetime_for_web: 'integer',
} as const

/** What `null` takes away. */
const nullable = [
  ...['authorization_details', 'authorization_policy', 'consent_policy', 'proof_of_possession'],
  'token_encryption',
]

const changedApi: BodyShape = { members: changedMembers, nullable }

const newApi: BodyShape = {
  members: { ...changedMembers, identifier: 'string' },
  required: ['identifier'],
  nullable,
}

/** @see https://auth0.com/docs/api/management/v2/resource-servers */
export function addResourceServerEndpoints(add: AddEndpoint, tenant: Tenant): void {
  const { resourceServers } = tenant.state
  add('GET', '/resource-servers', 'read:resource_servers', (c) => {
    assertQuery(c, [...pageQuery, 'identifiers'])
    return c.json(listed(c, 'resource_servers', matching(c, tenant), ({ id }) => id))
  })
  add('GET', '/resource-servers/:id', 'read:resource_servers', (c) => {
    return c.json(apiOf(tenant, segment(c, 'id')))
  })
  add('POST', '/resource-servers', 'create:resource_servers', async (c) => {
    const api = createApi(await readBody(c, newApi), tenant)
    return c.json(api, 201)
  })
  add('PATCH', '/resource-servers/:id', 'update:resource_servers', async (c) => {
    const body = await readBody(c, changedApi)
    const before = apiOf(tenant, segment(c, 'id'))
    if (before.is_system === true) assertSystemChange(body)
    const after = apiFrom({ ...before, ...body }, before)
    resourceServers.set(before.id, after)
    endPermissionsOf(tenant, after)
    return c.json(after)
  })
  add('DELETE', '/resource-servers/:id', 'delete:resource_servers', (c) => {
    deleteApi(apiOf(tenant, segment(c, 'id')), tenant)
    return c.body(null, 204)
  })
}

function matching(c: Context, { state }: Tenant): readonly ResourceServer[] {
  const identifiers = c.req.queries('identifiers')?.flatMap((list) => list.split(','))
  return [...state.resourceServers.values()].filter(
    ({ identifier }) => identifiers === undefined || identifiers.includes(identifier),
  )
}

/** By its id or by its identifier. */
function apiOf({ state }: Tenant, id: string): ResourceServer {
  const all = [...state.resourceServers.values()]
  const api = state.resourceServers.get(id) ?? all.find(({ identifier }) => identifier === id)
  if (api !== undefined) return api
  const message = 'The resource server does not exist'
  throw new ManagementError(404, message, 'inexistent_resource_server')
}

function createApi(body: JsonObject, { state }: Tenant): ResourceServer {
  const identifier = textOf(body, 'identifier') ?? ''
  if (identifier === '') throw invalidBody("'String is too short' on property identifier")
  if ([...state.resourceServers.values()].some((api) => api.identifier === identifier)) {
    const message = 'A resource server with the same identifier already exists'
    throw new ManagementError(409, message, 'resource_conflict')
  }
  const api = apiFrom(body, { id: newObjectId(), identifier })
  state.resourceServers.set(api.id, api)
  return api
}

/** Nobody's name and no scopes: what a body does not say of those is not there. */
// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccResourceServer.yaml
const defaults = {
  signing_alg: 'RS256',
  token_lifetime: 86_400, // seconds
  token_lifetime_for_web: 7_200, // seconds
  allow_offline_access: false,
  skip_consent_for_verifiable_first_party_clients: false,
  subject_type_authorization: subjectTypesOf(undefined),
}

function apiFrom(body: JsonObject, { id, identifier }: Pick<ResourceServer, 'id' | 'identifier'>) {
  const given = { ...defaults, ...withoutNulls(body) }
  const scopes = scopesOf(given)
  return {
    ...given,
    ...{ id, identifier },
    ...(scopes !== undefined && { scopes }),
    token_lifetime: lifetimeOf(given) ?? defaults.token_lifetime,
    allow_offline_access: given.allow_offline_access === true,
    subject_type_authorization: subjectTypesOf(given.subject_type_authorization),
    ...secretOf(given),
  }
}

/** Made where HS256 needs one and nobody gave any. At least 16 characters. */
function secretOf({ signing_alg, signing_secret: secret }: JsonObject): JsonObject {
  if (typeof secret === 'string' && secret.length < 16) {
    throw invalidBody("'String is too short (minimum 16)' on property signing_secret")
  }
  return signing_alg === 'HS256' && secret === undefined
    ? { signing_secret: newIdentifier(32) }
    : {}
}

function scopesOf(body: JsonObject): NonNullable<ResourceServer['scopes']> | undefined {
  const members = { value: 'string', description: 'string' } as const
  return objectsOf(body, 'scopes', { members, required: ['value'] })?.map((scope) => ({
    value: textOf(scope, 'value') ?? '',
    ...(typeof scope.description === 'string' && { description: scope.description }),
  }))
}

/** Seconds; at most 30 days. https://auth0.com/docs/api/management/v2/resource-servers */
function lifetimeOf({ token_lifetime: seconds }: JsonObject): number | undefined {
  if (typeof seconds !== 'number') return undefined
  if (seconds >= 0 && seconds <= 2_592_000) return seconds
  throw invalidBody("'Value is not from 0 to 2592000' on property token_lifetime")
}

/** Of the Management API little can be changed. */
// https://github.com/auth0/terraform-provider-auth0/pull/374
function assertSystemChange(body: JsonObject): void {
  const changeable = [
    'skip_consent_for_verifiable_first_party_clients',
    'subject_type_authorization',
    'token_lifetime',
  ]
  const fixed = Object.keys(body).filter((name) => !changeable.includes(name))
  if (fixed.length > 0) {
    throw invalidBody(`'A system API keeps its ${fixed.join(', ')}'`)
  }
}

/** Of scopes that the API no longer has. */
function endPermissionsOf(tenant: Tenant, { identifier, scopes = [] }: ResourceServer): void {
  const names = new Set<Json | undefined>(scopes.map(({ value }) => value))
  endPermissions(
    tenant,
    (one) => one.resource_server_identifier === identifier && !names.has(one.permission_name),
  )
}

/** Its client grants and permissions go with it. */
function deleteApi(api: ResourceServer, tenant: Tenant): void {
  const { state } = tenant
  if (api.is_system === true) {
    throw new ManagementError(400, 'A system API cannot be deleted.', 'system_resource_server')
  }
  state.resourceServers.delete(api.id)
  endPermissionsOf(tenant, { ...api, scopes: [] })
  for (const grant of [...state.clientGrants.values()]) {
    if (grant.audience === api.identifier) state.clientGrants.delete(grant.id)
  }
}
