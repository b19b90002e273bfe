import { newIdentifier, newObjectId } from './management/identifiers.ts'
import { managementScopes } from './management/management-scopes.ts'
import type { Client, ResourceServer, TenantState } from './state.ts'

/** The application that deploy-cli publishes with. */
export interface DeployClient {
  readonly client_id: string
  readonly client_secret: string
}

export function newDeployClient(): DeployClient {
  return { client_id: newIdentifier(32), client_secret: newIdentifier(64) }
}

/**
 * What Auth0 gives a new tenant, less its sample connection and application: the Management API, and
 * one machine-to-machine application that may use all of it.
 *
 * @param issuer With its slash at the end.
 */
export function newTenantState(issuer: string, deployClient: DeployClient): TenantState {
  const api = managementApiOf(issuer)
  const client = { ...machine, ...deployClient, name: 'deploy-cli' }
  const global = { ...globalClient, client_id: newIdentifier(32), client_secret: newIdentifier(64) }
  const grant = {
    id: `cgr_${newIdentifier(16)}`,
    client_id: client.client_id,
    audience: api.identifier,
    scope: managementScopes,
    subject_type: 'client' as const,
  }
  return {
    clients: new Map<string, Client>([
      [client.client_id, client],
      [global.client_id, global],
    ]),
    clientGrants: new Map([[grant.id, grant]]),
    resourceServers: new Map([[api.id, api]]),
    connections: new Map(),
    actions: new Map(),
    bindings: new Map(),
    users: new Map(),
    settings: new Map([['tenant', tenantSettings]]),
    others: new Map(),
  }
}

const machine = {
  app_type: 'non_interactive',
  is_first_party: true,
  global: false,
  oidc_conformant: true,
  token_endpoint_auth_method: 'client_secret_post',
  grant_types: ['client_credentials'],
  callbacks: [],
}

/** "All Applications": it carries the login page, which deploy-cli exports, and can do nothing. */
const globalClient = {
  name: 'All Applications',
  app_type: 'regular_web',
  is_first_party: true,
  global: true,
  token_endpoint_auth_method: 'client_secret_post',
  grant_types: [],
  callbacks: [],
}

function managementApiOf(issuer: string): ResourceServer {
  return {
    id: newObjectId(),
    name: 'Auth0 Management API',
    identifier: `${issuer}api/v2/`,
    is_system: true,
    signing_alg: 'RS256',
    token_lifetime: 86_400,
    token_lifetime_for_web: 7_200,
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    scopes: managementScopes.map((value) => ({ value })),
    subject_type_authorization: {
      user: { policy: 'allow_all' },
      client: { policy: 'require_client_grant' },
    },
  }
}

/**
 * Lifetimes are in hours.
 *
 * @see https://auth0.com/docs/get-started/tenant-settings
 */
const tenantSettings = {
  enabled_locales: ['en'],
  flags: {
    enable_client_connections: false,
    enable_custom_domain_in_emails: false,
    enable_public_signup_user_exists_error: true,
    revoke_refresh_token_grant: false,
    universal_login: true,
  },
  idle_session_lifetime: 72,
  resource_parameter_profile: 'audience',
  sandbox_version: '22',
  sandbox_versions_available: ['22', '18', '12'],
  session_lifetime: 168,
}
