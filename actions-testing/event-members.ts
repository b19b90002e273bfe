/** Members that are documented, and of each its own; `*` where names are anybody's. */

// https://auth0.com/docs/actions/reference/post-login/post-login-event-object
export const loginEventMembers = {
  agent: 'agent_id agent_metadata name',
  authentication: 'methods riskAssessment',
  authorization: 'roles',
  client: 'client_id metadata name refresh_token',
  connection: 'id metadata name strategy',
  custom_domain: 'domain domain_metadata',
  organization: 'id display_name metadata name',
  prompt: 'id fields vars',
  refresh_token:
    'id client_id created_at device expires_at idle_expires_at last_exchanged_at metadata resource_servers rotating session_id session_transfer user_id',
  request: 'asn body geoip hostname ip language method query user_agent',
  resource_server: 'identifier',
  secrets: '*',
  security_context: 'ja3 ja4',
  session:
    'id actor authenticated_at clients cookie created_at device expires_at idle_expires_at last_interacted_at metadata session_transfer updated_at user_id',
  session_transfer_token: 'client_id request scope',
  stats: 'logins_count',
  tenant: 'id',
  transaction:
    'id acr_values actor actor_token_type correlation_id linking_id locale login_hint metadata prompt protocol redirect_uri requested_authorization_details requested_scopes response_mode response_type state subject_token_type target_scopes ui_locales',
  user: 'app_metadata created_at email email_verified enrolledFactors family_name given_name identities last_password_reset multifactor name nickname phone_number phone_verified picture updated_at user_id user_metadata username',
} as const

// https://auth0.com/docs/actions/reference/credentials-exchange/credentials-exchange-event-object
export const exchangeEventMembers = {
  accessToken: 'customClaims scope',
  agent: 'agent_id agent_metadata name',
  client: 'client_id metadata name',
  custom_domain: 'domain domain_metadata',
  organization: 'id display_name metadata name',
  request: 'body geoip hostname ip language method user_agent',
  resource_server: 'identifier',
  secrets: '*',
  tenant: 'id',
  transaction: 'correlation_id requested_scopes target_scopes',
} as const
