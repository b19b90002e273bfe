import type { BodyShape } from './request-body.ts'

/** https://auth0.com/docs/api/management/v2/clients/post-clients */
const members = {
  addons: 'object',
  allowed_clients: 'array',
  allowed_logout_urls: 'array',
  allowed_origins: 'array',
  app_type: [
    ...['express_configuration', 'native', 'non_interactive', 'oag', 'regular_web'],
    ...['resource_server', 'spa', 'sso_integration'],
    // Of SSO integrations by name.
    ...['box', 'cloudbees', 'concur', 'dropbox', 'echosign', 'egnyte', 'mscrm', 'newrelic'],
    ...['office365', 'rms', 'salesforce', 'sentry', 'sharepoint', 'slack', 'springcm'],
    ...['zendesk', 'zoom'],
  ],
  async_approval_notification_channels: 'array',
  b2b_integration_configuration: 'object',
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
  express_configuration: 'object',
  fedcm_login: 'object',
  form_template: 'string',
  grant_types: 'array',
  identity_assertion_authorization_grant: 'object',
  initiate_login_uri: 'string',
  is_first_party: 'boolean',
  is_token_endpoint_ip_header_trusted: 'boolean',
  jwt_configuration: 'object',
  logo_uri: 'string',
  mobile: 'object',
  my_organization_configuration: 'object',
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
  token_vault_privileged_access: 'object',
  web_origins: 'array',
} as const

/** What both an application that is made and one that is changed may be without. */
const nullable = [
  ...['compliance_level', 'default_organization', 'encryption_key', 'par_request_expiry'],
  ...['refresh_token', 'session_transfer'],
]

export const newClient: BodyShape = {
  members: { ...members, resource_server_identifier: 'string' },
  required: ['name'],
  nullable,
}

/** `null` takes away these, and no others: Auth0 refuses it for `callbacks`, say, or `app_type`. */
// https://auth0.com/docs/api/management/v2/clients/patch-clients-by-id
export const changedClient: BodyShape = {
  members: { ...members, client_secret: 'string' },
  nullable: [
    ...nullable,
    ...[
      'async_approval_notification_channels',
      'client_authentication_methods',
      'cross_origin_loc',
    ],
    ...['express_configuration', 'fedcm_login', 'identity_assertion_authorization_grant'],
    ...['my_organization_configuration', 'native_social_login', 'organization_discovery_methods'],
    ...['organization_require_behavior', 'organization_usage'],
    ...['skip_non_verifiable_callback_uri_confirmation_prompt', 'token_endpoint_auth_method'],
    ...['token_exchange', 'token_quota'],
  ],
}
