import type { Client, ResourceServer, Tenant } from '../state.ts'
import { scopeCeiling } from './api-access.ts'

const identityScopes = ['openid', 'profile', 'email', 'address', 'phone']

/**
 * The scopes that a person's login may grant an application. What is not registered, or above the
 * application's client grant where the API requires one, is dropped without a word.
 *
 * @throws {OAuthError} `access_denied` when the application may not have people's tokens for the API.
 * @see https://auth0.com/docs/get-started/apis/scopes
 */
export function userScopes(
  tenant: Tenant,
  client: Client,
  api: ResourceServer | null,
  requested: readonly string[],
): readonly string[] {
  const known = new Set([...identityScopes, ...apiScopes(tenant, client, api)])
  if (mayRefresh(client, api)) known.add('offline_access')
  return requested.filter((scope) => known.has(scope))
}

/** All scopes of the API that the application may have for a person. */
export function apiScopes(
  tenant: Tenant,
  client: Client,
  api: ResourceServer | null,
): readonly string[] {
  if (api === null) return []
  const ceiling = scopeCeiling(tenant, client, api, 'user')
  const registered = (api.scopes ?? []).map(({ value }) => value)
  const allowed = registered.filter((scope) => ceiling === null || ceiling.includes(scope))
  // A person may read and change their own profile there, never others'.
  // https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens
  if (api.identifier !== `${tenant.issuer}api/v2/`) return allowed
  return allowed.filter((scope) => scope.includes(':current_user'))
}

/**
 * What an API that enforces permissions leaves of a login's scopes: those that the person is permitted.
 *
 * @param permissions Asked for only where they decide.
 * @see https://auth0.com/docs/get-started/apis/enable-role-based-access-control-for-apis
 */
export function permittedScopes(
  scopes: readonly string[],
  api: ResourceServer | null,
  permissions: (api: ResourceServer) => readonly string[],
): readonly string[] {
  if (api?.enforce_policies !== true) return scopes
  const known = new Set([...identityScopes, 'offline_access', ...permissions(api)])
  return scopes.filter((scope) => known.has(scope))
}

function mayRefresh(client: Client, api: ResourceServer | null): boolean {
  if (!client.grant_types?.includes('refresh_token')) return false
  return api === null || api.allow_offline_access === true
}
