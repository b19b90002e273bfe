/** A deploy file with a defect, on the line that ends in `#!`, and one without it. */
export interface Pair {
  readonly id: string
  readonly positive: string
  readonly clean: string
  /** Where a finding has no line: the whole resource, or another file. */
  readonly lineless?: true
}

const code = 'exports.onExecutePostLogin = async (event, api) => {}'

export const hygienePairs: readonly Pair[] = [
  {
    id: 'legacy-audience-open-to-people',
    positive: `
resourceServers:
  - name: Legacy API #!
    identifier: https://legacy.example/
    scopes: [{ value: 'read:legacy_users' }]
clientGrants: []`,
    clean: `
resourceServers:
  - name: Legacy API
    identifier: https://legacy.example/
    scopes: [{ value: 'read:legacy_users' }]
    subject_type_authorization: { user: { policy: require_client_grant } }
  - name: Another API
    identifier: https://another.example/
clientGrants:
  - { client_id: Portal, audience: 'https://another.example/', scope: [], subject_type: user }`,
  },
  {
    id: 'legacy-audience-closed-to-machines',
    positive: `
resourceServers:
  - name: Legacy API
    identifier: https://legacy.example/
    scopes: [{ value: 'read:legacy_users' }]
    subject_type_authorization:
      client:
        policy: deny_all #!`,
    clean: `
resourceServers:
  - name: Legacy API
    identifier: https://legacy.example/
    scopes: [{ value: 'read:legacy_users' }]
    subject_type_authorization: { client: { policy: require_client_grant } }
  - name: Another API
    identifier: https://another.example/
    subject_type_authorization: { client: { policy: deny_all } }`,
  },
  {
    id: 'legacy-audience-granted-to-people',
    positive: `
actions:
  - name: protect
    code: ${code}
    secrets: [{ name: LEGACY_API_AUDIENCE, value: ##LEGACY_API_AUDIENCE## }]
clientGrants:
  - client_id: Portal
    audience: ##LEGACY_API_AUDIENCE##
    scope: ['read:legacy_users']
    subject_type: user #!`,
    clean: `
actions:
  - name: protect
    code: ${code}
    secrets: [{ name: LEGACY_API_AUDIENCE, value: ##LEGACY_API_AUDIENCE## }]
clientGrants:
  - client_id: Legacy Migration Actions
    audience: ##LEGACY_API_AUDIENCE##
    scope: ['read:legacy_users', 'update:legacy_users']
    subject_type: client
  - { client_id: Portal, audience: ##OTHER##, scope: [], subject_type: user }`,
  },
  {
    id: 'default-audience',
    positive: `
tenant:
  friendly_name: Example
  default_audience: https://any.example/ #!`,
    clean: `
tenant:
  default_audience: ''`,
  },
  {
    id: 'legacy-client-excess-scopes',
    positive: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clientGrants:
  - client_id: One for all
    audience: L
    scope: ['authenticate:legacy_users', 'update:legacy_users'] #!`,
    clean: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clientGrants:
  - { client_id: A, audience: L, scope: ['read:legacy_users', 'update:legacy_users'] }
  - { client_id: B, audience: L, scope: ['authenticate:legacy_users', 'read:legacy_users'] }
  - { client_id: C, audience: L, scope: ['unmark:legacy_users', 'export:legacy_users'] }`,
  },
  {
    id: 'legacy-client-missing-scopes',
    positive: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clientGrants:
  - client_id: Legacy Migration Scripts
    audience: L
    scope: ['read:legacy_users'] #!`,
    clean: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clientGrants:
  - client_id: Legacy Migration Scripts
    audience: L
    scope: ['authenticate:legacy_users', 'read:legacy_users']`,
  },
  {
    id: 'legacy-client-for-logins',
    positive: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clients:
  - name: Portal
    grant_types: [authorization_code, client_credentials] #!
clientGrants:
  - { client_id: Portal, audience: L, scope: ['read:legacy_users'] }`,
    clean: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clients:
  - { name: Portal, grant_types: [authorization_code] }
  - { name: Machine, grant_types: [client_credentials] }
clientGrants:
  - { client_id: Machine, audience: L, scope: ['read:legacy_users'] }`,
  },
  {
    id: 'legacy-client-manages-tenant',
    positive: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clientGrants:
  - { client_id: Machine, audience: L, scope: ['read:legacy_users'] }
  - client_id: Machine
    audience: https://example.eu.auth0.com/api/v2/ #!
    scope: ['read:users']`,
    clean: `
resourceServers:
  - { name: Legacy API, identifier: L, scopes: [{ value: 'read:legacy_users' }] }
clientGrants:
  - { client_id: Machine, audience: L, scope: ['read:legacy_users'] }
  - { client_id: Deployer, audience: 'https://example.eu.auth0.com/api/v2/', scope: [] }`,
  },
  {
    id: 'migration-action-missing',
    lineless: true,
    positive: `
actions:
  - { name: protect-legacy-audience, code: '${code}' }
  - { name: backfill-metadata, code: '${code}' }
  - { name: copy-metadata, code: '${code}' }`,
    clean: `
actions:
  - { name: somebody-elses, code: '${code}' }`,
  },
  {
    // Users of another tenant have no legacy API that would have to be protected.
    id: 'migration-action-missing',
    lineless: true,
    positive: `
actions:
  - { name: backfill-metadata, code: '${code}', secrets: [{ name: OLD_TENANT_DOMAIN, value: ##D## }] }
  - { name: copy-metadata, code: '${code}' }`,
    clean: `
actions:
  - { name: backfill-metadata, code: '${code}', secrets: [{ name: OLD_TENANT_DOMAIN, value: ##D## }] }
  - { name: mark-migrated, code: '${code}', secrets: [{ name: OLD_TENANT_DOMAIN, value: ##D## }] }
  - { name: copy-metadata, code: '${code}' }`,
  },
  {
    id: 'migration-unattended',
    positive: `
actions: []
databases:
  - name: people
    options:
      enabledDatabaseCustomization: true
      import_mode: true #!`,
    clean: `
actions: []
databases:
  - name: people
    options: { enabledDatabaseCustomization: false, import_mode: true }
  - name: others
    options: { enabledDatabaseCustomization: true, import_mode: false }`,
  },
  {
    id: 'action-not-bound',
    positive: `
actions:
  - code: '${code}'
    name: mark-migrated #!
triggers:
  post-login: []`,
    clean: `
actions:
  - { name: mark-migrated, code: '${code}' }
  - { name: somebody-elses, code: '${code}' }
triggers:
  post-login:
    - { action_name: mark-migrated, display_name: any }`,
  },
  {
    id: 'actions-out-of-order',
    positive: `
triggers:
  post-login:
    - { action_name: backfill-metadata }
    - { action_name: somebody-elses }
    - { action_name: protect-legacy-audience } #!`,
    clean: `
triggers:
  post-login:
    - { action_name: protect-legacy-audience }
    - { action_name: somebody-elses }
    - { action_name: backfill-metadata }
    - { action_name: mark-migrated }
    - { action_name: copy-metadata }`,
  },
  {
    id: 'action-behind-denial',
    positive: `
actions:
  - name: allow-list
    code: |
      exports.onExecutePostLogin = async (event, { access: { deny } }) => {
        if (event.client.name === 'Old') deny('no')
      }
triggers:
  post-login:
    - { action_name: allow-list } #!
    - { action_name: mark-migrated }`,
    clean: `
actions:
  - name: enrich
    code: |
      // api.access.deny is not called here
      exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('a', 'access.deny') }
  - name: allow-list
    code: exports.onExecutePostLogin = async (event, api) => { api.access.deny('no') }
triggers:
  post-login:
    - { action_name: enrich }
    - { action_name: mark-migrated }
    - { action_name: allow-list }`,
  },
  {
    id: 'action-not-deployed',
    positive: `
actions:
  - name: any
    code: '${code}'
    deployed: false #!`,
    clean: `
actions:
  - { name: any, code: '${code}', deployed: true, status: built }
  - { name: other, code: '${code}' }`,
  },
  {
    id: 'action-secret-missing',
    positive: `
actions:
  - name: copy-metadata
    code: exports.onExecutePostLogin = async (event, api) => { event.secrets.CLAIM_NAMESPACE }
    secrets: [] #!`,
    clean: `
actions:
  - name: copy-metadata
    code: exports.onExecutePostLogin = async (event, api) => { event.secrets.CLAIM_NAMESPACE }
    secrets: [{ name: CLAIM_NAMESPACE }]
  - name: mark-migrated
    code: exports.onExecutePostLogin = async (event, api) => { event.secrets.MIGRATION_PHASE }`,
  },
  {
    id: 'runtime-not-node22',
    positive: `
actions:
  - name: any
    code: '${code}'
    runtime: node18-actions #!`,
    clean: `
actions:
  - { name: any, code: '${code}', runtime: node22 }
tenant: {}`,
  },
  {
    id: 'runtime-not-node22',
    positive: `
actions: []
tenant:
  sandbox_version: '18' #!`,
    clean: `
actions: []
tenant:
  sandbox_version: '22'`,
  },
  {
    // Without quotes the version is a number, to YAML.
    id: 'runtime-not-node22',
    positive: `
actions: []
tenant:
  sandbox_version: 18 #!`,
    clean: `
actions: []
tenant:
  sandbox_version: 22`,
  },
  {
    id: 'code-too-large',
    positive: `
actions:
  - name: any
    code: |
      /* ${'x'.repeat(100_000)} */ #!
      exports.onExecutePostLogin = async () => {}`,
    clean: `
actions:
  - name: any
    code: |
      /* ${'x'.repeat(99_900)} */
      exports.onExecutePostLogin = async () => {}`,
  },
  {
    id: 'old-post-login-trigger',
    positive: `
actions:
  - name: any
    code: '${code}'
    supported_triggers:
      - { id: post-login, version: v2 } #!`,
    clean: `
actions:
  - name: any
    code: '${code}'
    supported_triggers: [{ id: post-login, version: v3 }, { id: credentials-exchange, version: v2 }]`,
  },
  {
    id: 'import-mode-off',
    positive: `
databases:
  - name: people
    options:
      enabledDatabaseCustomization: true
      import_mode: false #!`,
    clean: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true, import_mode: true } }
  - { name: plain, options: { import_mode: false } }`,
  },
  {
    id: 'connection-without-application',
    positive: `
databases:
  - name: people
    options: { enabledDatabaseCustomization: true }
    enabled_clients: [] #!`,
    clean: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true }, enabled_clients: [Portal] }
  - { name: plain, options: {}, enabled_clients: [] }`,
  },
  {
    id: 'script-missing',
    positive: `
databases:
  - name: people
    options:
      enabledDatabaseCustomization: true
      import_mode: true
      customScripts: #!
        login: function login(email, password, callback) { callback(null) }`,
    clean: `
databases:
  - name: people
    options:
      enabledDatabaseCustomization: true
      import_mode: true
      customScripts:
        login: function login(email, password, callback) { callback(null) }
        get_user: function getByEmail(email, callback) { callback(null) }`,
  },
  {
    id: 'strategy-version-sent',
    positive: `
databases:
  - name: people
    options:
      strategy_version: 2 #!`,
    clean: `
databases:
  - { name: people, strategy: auth0, options: {} }`,
  },
  {
    id: 'organization-members-locked-out',
    positive: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true } }
organizations:
  - name: acme
    connections:
      - name: people #!
        assign_membership_on_login: false`,
    clean: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true } }
  - { name: plain, options: {} }
organizations:
  - name: acme
    connections:
      - { name: people, assign_membership_on_login: true }
      - { name: plain, assign_membership_on_login: false }`,
  },
  {
    id: 'password-policy-above-legacy',
    positive: `
databases:
  - name: people
    options:
      enabledDatabaseCustomization: true
      import_mode: true
      passwordPolicy: good #!`,
    clean: `
databases:
  - name: people
    options: { enabledDatabaseCustomization: true, import_mode: true, passwordPolicy: low }
  - { name: plain, options: { passwordPolicy: excellent } }`,
  },
  {
    id: 'breached-passwords-blocked',
    positive: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true, import_mode: true } }
attackProtection:
  breachedPasswordDetection:
    enabled: true
    shields: [block] #!`,
    clean: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true, import_mode: true } }
attackProtection:
  breachedPasswordDetection: { enabled: true, shields: [admin_notification] }`,
  },
  {
    id: 'verification-mail-at-first-login',
    positive: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true, import_mode: true } }
emailTemplates:
  - template: verify_email
    enabled: true #!`,
    clean: `
databases:
  - { name: people, options: { enabledDatabaseCustomization: true, import_mode: true } }
emailTemplates:
  - { template: verify_email, enabled: false }
  - { template: welcome_email, enabled: true }`,
  },
  {
    id: 'action-differs-from-dist',
    positive: `
actions:
  - name: copy-metadata
    code: |
      changed() #!`,
    clean: `
actions:
  - name: copy-metadata
    code: |
      built('actions/copy-metadata.js')
  - { name: somebody-elses, code: 'changed()\\n;' }`,
  },
  {
    id: 'script-differs-from-dist',
    positive: `
databases:
  - name: people
    options:
      customScripts:
        login: |
          changed() #!`,
    clean: `
databases:
  - name: people
    options:
      customScripts:
        login: built('databases/people/login.js');
        get_user: built('databases/people/no-op/get_user.js');
        create: changed();
  - name: others
    options: { customScripts: { login: 'changed();' } }`,
  },
  {
    id: 'secret-in-file',
    positive: `
actions:
  - name: any
    code: '${code}'
    secrets:
      - name: CLIENT_SECRET
        value: 3vEryS3cret #!`,
    clean: `
actions:
  - name: any
    code: '${code}'
    secrets:
      - { name: CLIENT_SECRET, value: ##CLIENT_SECRET## }
      - { name: OTHER_SECRET, value: '@@OTHER_SECRET@@' }
      - { name: EXPORTED_SECRET }
      - { name: CLAIM_NAMESPACE, value: 'https://example.com/' }
emailProvider:
  name: smtp
  credentials: { smtp_host: mail.example, smtp_pass: '##SMTP_PASS##' }`,
  },
  {
    // The name says nothing, the value does.
    id: 'secret-in-file',
    positive: `
databases:
  - name: legacy
    strategy: auth0
    options:
      enabledDatabaseCustomization: false
      configuration:
        STORE: postgres://store:3vEryS3cret@db.example/users #!`,
    clean: `
databases:
  - name: legacy
    strategy: auth0
    options:
      enabledDatabaseCustomization: false
      configuration: { STORE: 'postgres://store:##STORE_PASSWORD##@db.example/users', API: 'https://api.example/' }`,
  },
]
