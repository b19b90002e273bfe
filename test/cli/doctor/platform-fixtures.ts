import type { Pair } from './settings-fixtures.ts'

const code = 'exports.onExecutePostLogin = async (event, api) => {}'

/** Auth0's platform migrations, as settings show them. */
export const platformPairs: readonly Pair[] = [
  {
    id: 'rules-and-hooks',
    positive: `
rules:
  - name: guard
    script: function (user, context, callback) { callback(null, user, context) }
    enabled: true #!
hooks: []`,
    clean: `
rules:
  - name: guard
    script: function (user, context, callback) { callback(null, user, context) }
    enabled: false
hooks: []`,
  },
  {
    id: 'node-12-and-16',
    positive: `
actions:
  - name: any
    code: '${code}'
    runtime: node16 #!
tenant: {}`,
    clean: `
actions:
  - { name: any, code: '${code}', runtime: node18 }
  - { name: other, code: '${code}', runtime: node22 }
tenant: { sandbox_version: '22' }`,
  },
  {
    // The Management API takes a Rule that does not say so for one that is on.
    id: 'rules-and-hooks',
    positive: `
rules:
  - name: guard #!
    script: function (user, context, callback) { callback(null, user, context) }
hooks: []`,
    clean: `
rules: []
hooks:
  - name: any
    script: module.exports = (user, context, cb) => cb(null, {})
    triggerId: pre-user-registration`,
  },
  {
    // Without quotes the version is a number, to YAML.
    id: 'node-12-and-16',
    positive: `
actions: []
tenant:
  sandbox_version: 12 #!`,
    clean: `
actions: []
tenant:
  sandbox_version: 22`,
  },
  {
    id: 'node-8',
    positive: `
tenant:
  sandbox_version: '8' #!`,
    clean: `
tenant:
  sandbox_version: '18'`,
  },
  {
    id: 'one-action-per-custom-provider',
    positive: `
actions:
  - { name: one, code: '${code}', supported_triggers: [{ id: custom-email-provider, version: v1 }] }
  - name: two
    code: '${code}'
    supported_triggers: [{ id: custom-email-provider, version: v1 }] #!`,
    clean: `
actions:
  - { name: one, code: '${code}', supported_triggers: [{ id: custom-email-provider, version: v1 }] }
  - { name: two, code: '${code}', supported_triggers: [{ id: custom-phone-provider, version: v1 }] }
  - { name: three, code: '${code}', supported_triggers: [{ id: post-login, version: v3 }] }
  - { name: four, code: '${code}', supported_triggers: [{ id: post-login, version: v3 }] }`,
  },
  ...(
    [
      ['tokeninfo-validation', 'allow_legacy_tokeninfo_endpoint', true],
      ['vulnerable-password-flow', 'change_pwd_flow_v1', true],
      ['id-token-as-management-credential', 'enable_idtoken_api2', true],
      ['tenant-log-search-v2', 'enable_legacy_logs_search_v2', true],
      ['passwordless-start', 'enforce_client_authentication_on_passwordless_start', false],
    ] as const
  ).flatMap(([id, flag, affected]): Pair[] => [
    {
      id,
      positive: `\ntenant:\n  flags:\n    enable_sso: true\n    ${flag}: ${affected} #!`,
      clean: `\ntenant:\n  flags:\n    ${flag}: ${!affected}`,
    },
    {
      id,
      positive: `\ntenant:\n  flags:\n    ${flag}: '${affected}' #!`,
      clean: `\ntenant:\n  flags:\n    ${flag}: '${!affected}'`,
    },
    // A tenant that was created after the change has no such flag.
    {
      id,
      positive: `\ntenant:\n  flags: { ${flag}: ${affected} } #!`,
      clean: '\ntenant:\n  flags: {}',
    },
  ]),
  {
    id: 'oauth-ro',
    positive: `
tenant: {}
clients:
  - name: Old Portal
    grant_types:
      - authorization_code
      - http://auth0.com/oauth/legacy/grant-type/ro #!`,
    clean: `
tenant: { flags: { allow_legacy_ro_grant_types: false } }
clients:
  - name: Portal
    grant_types: [authorization_code, 'http://auth0.com/oauth/grant-type/password-realm']`,
  },
  {
    id: 'azure-ad-email-verified',
    positive: `
tenant:
  flags:
    trust_azure_adfs_email_verified_connection_property: false #!
connections:
  - { name: staff, strategy: waad }`,
    clean: `
tenant: { flags: { trust_azure_adfs_email_verified_connection_property: false } }
connections:
  - { name: staff, strategy: samlp }`,
  },
  {
    id: 'organization-prompt-without-sso',
    positive: `
clients:
  - name: Portal
    organization_usage: require
    organization_require_behavior: pre_login_prompt #!`,
    clean: `
clients:
  - { name: A, organization_usage: allow, organization_require_behavior: pre_login_prompt }
  - { name: B, organization_usage: require, organization_require_behavior: post_login_prompt }`,
  },
  {
    id: 'third-party-enhanced-security',
    positive: `
clients:
  - name: Partner
    is_first_party: false #!`,
    clean: `
clients:
  - { name: Partner, is_first_party: false, third_party_security_mode: strict }
  - { name: Old Partner, is_first_party: false, third_party_security_mode: permissive }
  - { name: Portal, is_first_party: true }
  - { name: Other }
tenant: { flags: { enable_dynamic_client_registration: false } }`,
  },
  {
    id: 'third-party-enhanced-security',
    positive: `
clients: []
tenant:
  flags:
    enable_dynamic_client_registration: true #!`,
    clean: `
clients: []
tenant:
  dynamic_client_registration_security_mode: strict
  flags: { enable_dynamic_client_registration: true }`,
  },
  {
    id: 'unconfirmed-non-verifiable-callbacks',
    positive: `
tenant: {}
clients:
  - name: App
    app_type: native
    callbacks:
      - https://example.com/callback
      - com.example.app://callback #!`,
    clean: `
tenant: {}
clients:
  - name: App
    app_type: native
    skip_non_verifiable_callback_uri_confirmation_prompt: false
    callbacks: ['com.example.app://callback']
  - name: Portal
    app_type: spa
    callbacks: ['http://localhost:3000/callback', 'https://example.com/callback']`,
  },
  {
    id: 'unconfirmed-non-verifiable-callbacks',
    positive: `
tenant: {}
clients:
  - name: Desktop
    app_type: native
    callbacks: ['http://127.0.0.1:51089/callback'] #!`,
    clean: `
tenant: { skip_non_verifiable_callback_uri_confirmation_prompt: true }
clients:
  - { name: Desktop, app_type: native, callbacks: ['http://127.0.0.1:51089/callback'] }`,
  },
  {
    id: 'private-key-jwt-audience',
    positive: `
clients:
  - name: Machine
    client_authentication_methods:
      private_key_jwt: #!
        credentials: [{ id: cred_1 }]`,
    clean: `
clients:
  - { name: Machine, token_endpoint_auth_method: client_secret_post }`,
  },
  {
    id: 'cross-origin-authentication',
    positive: `
clients:
  - name: Portal
    cross_origin_auth: true #!`,
    clean: `
clients:
  - { name: Portal, cross_origin_auth: false }
  - { name: Other, cross_origin_authentication: true }`,
  },
  {
    id: 'secret-encoded',
    positive: `
clients:
  - name: Portal
    jwt_configuration:
      secret_encoded: true #!`,
    clean: `
clients:
  - { name: Portal, jwt_configuration: { alg: HS256, secret_encoded: false } }
  - { name: Other, jwt_configuration: { alg: RS256, secret_encoded: true } }`,
  },
  {
    id: 'connection-options-scopes',
    positive: `
clientGrants:
  - client_id: Deployer
    audience: https://example.eu.auth0.com/api/v2/
    scope: ['read:connections'] #!`,
    clean: `
clientGrants:
  - client_id: Deployer
    audience: https://example.eu.auth0.com/api/v2/
    scope: ['read:connections', 'read:connections_options']
  - { client_id: Portal, audience: 'https://any.example/', scope: ['read:connections'] }`,
  },
  {
    id: 'role-assignment-scope',
    positive: `
clientGrants:
  - client_id: Provisioner
    audience: https://example.eu.auth0.com/api/v2/
    scope: ['update:users', 'read:roles'] #!`,
    clean: `
clientGrants:
  - client_id: Provisioner
    audience: https://example.eu.auth0.com/api/v2/
    scope: ['update:users', 'read:roles', 'create:role_members']
  - client_id: Reader
    audience: https://example.eu.auth0.com/api/v2/
    scope: ['read:roles']`,
  },
  {
    id: 'azure-ad-v1-extended-attributes',
    positive: `
connections:
  - name: staff
    strategy: waad
    options:
      identity_api: azure-active-directory-v1.0 #!
      ext_groups: true`,
    clean: `
connections:
  - name: staff
    strategy: waad
    options: { identity_api: azure-active-directory-v1.0, ext_groups: false }
  - name: others
    strategy: waad
    options: { identity_api: microsoft-identity-platform-v2.0, ext_groups: true }`,
  },
  {
    id: 'protected-social-properties',
    positive: `
connections:
  - name: facebook
    strategy: facebook
    options:
      tokenURL: https://graph.facebook.com/oauth/access_token #!`,
    clean: `
connections:
  - { name: facebook, strategy: facebook, options: { scope: [email] } }
  - { name: own, strategy: oauth2, options: { tokenURL: 'https://own.example/token' } }`,
  },
  {
    id: 'instagram-connection',
    positive: `
connections:
  - name: instagram
    strategy: instagram #!`,
    clean: `
connections:
  - { name: instagram, strategy: oauth2 }`,
  },
  {
    id: 'email-from-address',
    positive: `
emailProvider: {}
emailTemplates:
  - template: reset_email
    enabled: true
    from: help@example.com #!`,
    clean: `
emailProvider: { name: sendgrid, enabled: true }
emailTemplates:
  - { template: reset_email, enabled: true, from: help@example.com }`,
  },
  {
    id: 'email-from-address',
    positive: `
emailProvider: { name: sendgrid, enabled: false }
emailTemplates:
  - { template: reset_email, enabled: true, from: help@example.com } #!`,
    clean: `
emailProvider: {}
emailTemplates:
  - { template: reset_email, enabled: true, from: '' }
  - { template: welcome_email, enabled: false, from: help@example.com }`,
  },
  {
    id: 'email-template-customization',
    positive: `
emailProvider: {}
emailTemplates:
  - template: reset_email
    enabled: true
    subject: Your new password #!`,
    clean: `
emailProvider: { name: smtp }
emailTemplates:
  - { template: reset_email, enabled: true, subject: Your new password }`,
  },
  {
    id: 'email-template-customization',
    positive: `
emailProvider: {}
emailTemplates:
  - { template: reset_email, body: ./reset_email.html } #!`,
    clean: `
emailProvider: {}
emailTemplates:
  - { template: reset_email, enabled: false, body: ./reset_email.html, subject: Your password }
  - { template: welcome_email, enabled: true }`,
  },
  {
    id: 'smtp-host-without-password',
    positive: `
emailProvider:
  name: smtp
  credentials: { smtp_user: mailer } #!`,
    clean: `
emailProvider: { name: smtp }`,
  },
  {
    id: 'smtp-host-without-password',
    positive: `
emailProvider:
  name: smtp
  credentials:
    smtp_host: mail.example #!`,
    clean: `
emailProvider:
  name: smtp
  credentials: { smtp_host: mail.example, smtp_pass: ##SMTP_PASS## }`,
  },
]
