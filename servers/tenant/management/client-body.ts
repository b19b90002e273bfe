import { privateKeyJwtOf } from '../client-credentials.ts'
import type { JsonObject } from '../state.ts'
import { type BodyShape, textOf } from './request-body.ts'

/** https://auth0.com/docs/api/management/v2/clients/post-clients */
const members = {
  addons: 'object',
  allowed_clients: 'array',
  allowed_logout_urls: 'array',
  allowed_origins: 'array',
  app_type: [
    'express_configuration',
    'native',
    'non_interactive',
    'regular_web',
    'resource_server',
    'spa',
    'sso_integration',
  ],
  async_approval_notification_channels: 'array',
  callbacks: 'array',
  client_aliases: 'array',
  client_authentication_methods: 'object',
  client_metadata: 'object',
  compliance_level: 'string',
  cross_origin_authentication: 'boolean',
  cross_origin_loc: 'string',
  custom_login_page: 'string',
  custom_login_page_on: 'boolean',
  custom_login_page_preview: 'string',
  default_organization: 'object',
  description: 'string',
  encryption_key: 'object',
  form_template: 'string',
  grant_types: 'array',
  initiate_login_uri: 'string',
  is_first_party: 'boolean',
  is_token_endpoint_ip_header_trusted: 'boolean',
  jwt_configuration: 'object',
  logo_uri: 'string',
  mobile: 'object',
  name: 'string',
  native_social_login: 'object',
  oidc_backchannel_logout: 'object',
  oidc_conformant: 'boolean',
  oidc_logout: 'object',
  organization_discovery_methods: 'array',
  organization_require_behavior: ['no_prompt', 'post_login_prompt', 'pre_login_prompt'],
  organization_usage: ['allow', 'deny', 'require'],
  par_request_expiry: 'integer',
  redirection_policy: 'string',
  refresh_token: 'object',
  require_proof_of_possession: 'boolean',
  require_pushed_authorization_requests: 'boolean',
  session_transfer: 'object',
  signed_request_object: 'object',
  skip_non_verifiable_callback_uri_confirmation_prompt: 'boolean',
  sso: 'boolean',
  sso_disabled: 'boolean',
  third_party_security_mode: 'string',
  token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post', 'none'],
  token_exchange: 'object',
  token_quota: 'object',
  web_origins: 'array',
} as const

export const newClient: BodyShape = {
  members: { ...members, resource_server_identifier: 'string' },
  required: ['name'],
  nullable: true,
}

export const changedClient: BodyShape = {
  members: { ...members, client_secret: 'string' },
  nullable: true,
}

const refreshToken = {
  expiration_type: 'non-expiring',
  leeway: 0,
  infinite_token_lifetime: true,
  infinite_idle_token_lifetime: true,
  token_lifetime: 31_557_600, // seconds
  idle_token_lifetime: 2_592_000, // seconds
  rotation_type: 'non-rotating',
}

/** What an application has that a body does not say. */
export function clientDefaults(body: JsonObject): JsonObject {
  const open = textOf(body, 'app_type') === 'spa' || textOf(body, 'app_type') === 'native'
  const method = textOf(body, 'token_endpoint_auth_method')
  const hasKeys = privateKeyJwtOf(body) !== null
  const isPublic = !hasKeys && method === undefined ? open : method === 'none'
  return {
    global: false,
    is_token_endpoint_ip_header_trusted: false,
    app_type: 'regular_web',
    is_first_party: true,
    oidc_conformant: false,
    sso_disabled: false,
    cross_origin_auth: false,
    cross_origin_authentication: false,
    callbacks: [],
    callback_url_template: false,
    // None beside keys: https://auth0.com/docs/get-started/applications/configure-private-key-jwt
    token_endpoint_auth_method: hasKeys ? '' : isPublic ? 'none' : 'client_secret_post',
    // https://auth0.com/docs/get-started/applications/application-grant-types#default-grant-types
    grant_types: [
      'authorization_code',
      'implicit',
      'refresh_token',
      ...(isPublic ? [] : ['client_credentials']),
    ],
    // https://auth0.com/docs/api/management/v2/clients/post-clients: HS256 is the default.
    jwt_configuration: { alg: 'HS256', lifetime_in_seconds: 36_000, secret_encoded: false },
    refresh_token: refreshToken,
    custom_login_page_on: true,
  }
}
