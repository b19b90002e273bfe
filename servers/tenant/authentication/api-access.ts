import type { Client, ClientGrant, ResourceServer, Tenant } from '../state.ts'
import { OAuthError } from './oauth-error.ts'
import type { Parameters } from './parameters.ts'
import { assertPlainTokens } from './requirements.ts'
import { textSetting } from './tenant-settings.ts'

/**
 * The API that a request asks for: `audience`; in its place `resource` where the tenant's
 * `resource_parameter_profile` lets it; the tenant's `default_audience` where there is neither.
 *
 * @returns Null when no API is asked for; `/userinfo` as an audience asks for none.
 * @throws {OAuthError} `access_denied` when there is no such API.
 * @see https://auth0.com/docs/get-started/apis/api-access-policies-for-applications
 */
export function requestedApi(tenant: Tenant, parameters: Parameters): ResourceServer | null {
  const compatible = textSetting(tenant, 'resource_parameter_profile') === 'compatibility'
  const asked = parameters.audience ?? (compatible ? parameters.resource : undefined)
  return apiOf(tenant, asked ?? textSetting(tenant, 'default_audience'))
}

/** As {@link requestedApi}, for an identifier that is known. */
export function apiOf(tenant: Tenant, identifier: string | null): ResourceServer | null {
  if (identifier === null || identifier === '' || identifier === userinfoAudience(tenant)) {
    return null
  }
  for (const api of tenant.state.resourceServers.values()) {
    if (api.identifier === identifier) return api
  }
  throw new OAuthError('access_denied', `Service not found: ${identifier}`, 403)
}

export function userinfoAudience(tenant: Tenant): string {
  return `${tenant.issuer}userinfo`
}

/**
 * Whether the application may have a token of a kind for the API at all, by the API's
 * `subject_type_authorization`.
 *
 * @returns The scopes that bound what it may have; null when nothing but the API's own do.
 * @throws {OAuthError} `access_denied`, 403, and for tokens that are not to be had here.
 */
export function scopeCeiling(
  tenant: Tenant,
  client: Client,
  api: ResourceServer,
  subject: 'client' | 'user',
): readonly string[] | null {
  assertPlainTokens(client, api)
  const policy = api.subject_type_authorization[subject].policy
  // Third-party applications need a client grant whatever the policy.
  if (policy === 'allow_all' && client.is_first_party !== false) return null
  const grant = policy === 'deny_all' ? undefined : grantOf(tenant, client, api, subject)
  if (grant === undefined) {
    const description = `Client is not authorized to access "${api.identifier}".`
    throw new OAuthError('access_denied', description, 403)
  }
  // Machines' tokens for an organization are not done here, and one without would be refused.
  // https://auth0.com/docs/manage-users/organizations/organizations-for-m2m-applications
  if (subject === 'client' && grant.organization_usage === 'require') {
    throw new OAuthError('invalid_request', 'An organization is required by the client grant.')
  }
  if (grant.allow_all_scopes !== true) return grant.scope
  return (api.scopes ?? []).map(({ value }) => value)
}

function grantOf(
  { state }: Tenant,
  client: Client,
  api: ResourceServer,
  subject: 'client' | 'user',
): ClientGrant | undefined {
  return [...state.clientGrants.values()].find(
    (grant) =>
      grant.client_id === client.client_id &&
      grant.audience === api.identifier &&
      (grant.subject_type ?? 'client') === subject,
  )
}
