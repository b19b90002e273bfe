import type { JSONWebKeySet } from 'jose'
import type { Tenant } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { namesIssuer } from './authorization-response.ts'
import { namesEndSession } from './oidc-logout.ts'
import { setting } from './tenant-settings.ts'

/**
 * `/.well-known/jwks.json`. A key says that it is for RS256, so that libraries refuse tokens by it of
 * another algorithm, until the tenant has `alg` left out.
 *
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/json-web-key-set-properties
 */
export function publishedKeys(tenant: Tenant): JSONWebKeySet {
  const flags = setting(tenant, 'flags')
  if (!isObject(flags) || flags.remove_alg_from_jwks !== true) return tenant.jwks
  return { keys: tenant.jwks.keys.map(({ alg: _, ...key }) => key) }
}

/** `/.well-known/openid-configuration`: what is here, and nothing that Auth0 has and this has not. */
export function discovery(tenant: Tenant) {
  const { issuer } = tenant
  return {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    userinfo_endpoint: `${issuer}userinfo`,
    revocation_endpoint: `${issuer}oauth/revoke`,
    ...(namesEndSession(tenant) && { end_session_endpoint: `${issuer}oidc/logout` }),
    jwks_uri: `${issuer}.well-known/jwks.json`,
    scopes_supported: ['openid', 'profile', 'email', 'phone', 'offline_access'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    ...(namesIssuer(tenant) && { authorization_response_iss_parameter_supported: true }),
    grant_types_supported: [
      'authorization_code',
      'client_credentials',
      'http://auth0.com/oauth/grant-type/password-realm',
      'password',
      'refresh_token',
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
    token_endpoint_auth_methods_supported: [
      'client_secret_basic',
      'client_secret_post',
      'none',
      'private_key_jwt',
    ],
    token_endpoint_auth_signing_alg_values_supported: ['PS256', 'RS256', 'RS384'],
    code_challenge_methods_supported: ['S256'],
    claims_supported: [
      'aud',
      'auth_time',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'iss',
      'name',
      'nickname',
      'phone_number',
      'phone_number_verified',
      'picture',
      'sub',
      'updated_at',
    ],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  }
}
