import type { JsonObject } from '../state.ts'
import { isObject } from './request-body.ts'

/** Members that say something where nobody did, as Auth0's do. */
const switches = {
  global: false,
  is_token_endpoint_ip_header_trusted: false,
  is_first_party: true,
  sso_disabled: false,
  cross_origin_auth: false,
  cross_origin_authentication: false,
  callback_url_template: false,
  custom_login_page_on: true,
}

const usualGrants = ['authorization_code', 'implicit', 'refresh_token']

/**
 * An application with what Auth0 adds to what a body says. Neither `app_type` nor `callbacks` nor
 * `token_endpoint_auth_method` is among it, and no `alg` either: who names no method has a
 * confidential application, of whatever type, and who names no algorithm ID tokens of HS256.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccClientRefreshToken.yaml
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccClientMobile.yaml
 */
export function withClientDefaults(body: JsonObject): JsonObject {
  const isPublic = body.token_endpoint_auth_method === 'none'
  return {
    ...switches,
    // Of third parties only.
    // https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccClientZeroValueCheck.yaml
    oidc_conformant: body.is_first_party === false,
    grant_types: [...usualGrants, ...(isPublic ? [] : ['client_credentials'])],
    ...body,
    jwt_configuration: {
      lifetime_in_seconds: 36_000,
      secret_encoded: false,
      ...objectOf(body.jwt_configuration),
    },
    refresh_token: withRefreshTokenDefaults(objectOf(body.refresh_token)),
  }
}

/** Lifetimes in seconds. Both are infinite, unless tokens expire. */
function withRefreshTokenDefaults(settings: JsonObject): JsonObject {
  const isInfinite = settings.expiration_type !== 'expiring'
  return {
    expiration_type: 'non-expiring',
    leeway: 0,
    infinite_token_lifetime: isInfinite,
    infinite_idle_token_lifetime: isInfinite,
    token_lifetime: 2_592_000,
    idle_token_lifetime: 1_296_000,
    rotation_type: 'non-rotating',
    ...settings,
  }
}

function objectOf(value: JsonObject[string] | undefined): JsonObject {
  return isObject(value) ? value : {}
}
