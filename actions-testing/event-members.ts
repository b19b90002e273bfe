import { membersOf } from './event-shape.ts'

/** Members that are documented, and of each its own; `*` where names are anybody's. */

// https://auth0.com/docs/actions/reference/post-login/post-login-event-object, but for
// https://auth0.com/docs/manage-users/sessions/anonymous-sessions/anonymous-sessions-use-cases,
// https://auth0.com/docs/customize/experiment-center/integrations/actions-integration-guide and, for
// `target_scopes`, https://auth0.com/docs/customize/actions/handling-scopes-in-actions.
export const loginEventMembers = {
  agent: 'agent_id agent_metadata name',
  anonymous_session: 'user_id session_id created_at expires_at metadata',
  authentication: 'methods riskAssessment',
  authorization: 'roles',
  client: 'client_id metadata name refresh_token',
  connection: 'id metadata name strategy',
  custom_domain: 'domain domain_metadata',
  experiment: 'experiment_id variation_id config is_control',
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

const place =
  'cityName continentCode countryCode countryCode3 countryName latitude longitude subdivisionCode subdivisionName timeZone'
const device = 'initial_asn initial_ip initial_user_agent last_asn last_ip last_user_agent'

/** What is inside those, by path; `[]` is each of a list. The same pages. */
export const deeperLoginMembers = {
  'authentication.methods[]': 'name timestamp type',
  'authentication.riskAssessment': 'assessments confidence supplemental version',
  'authentication.riskAssessment.assessments':
    'AgentDetection ImpossibleTravel NewDevice UntrustedIP',
  'authentication.riskAssessment.assessments.AgentDetection': 'code confidence details',
  'authentication.riskAssessment.assessments.AgentDetection.details': 'provider',
  'authentication.riskAssessment.assessments.ImpossibleTravel': 'code confidence',
  'authentication.riskAssessment.assessments.NewDevice': 'code confidence details',
  'authentication.riskAssessment.assessments.NewDevice.details': 'device useragent',
  'authentication.riskAssessment.assessments.UntrustedIP': 'code confidence details',
  'authentication.riskAssessment.assessments.UntrustedIP.details': 'category ip matches source',
  'authentication.riskAssessment.supplemental': 'akamai',
  'authentication.riskAssessment.supplemental.akamai': 'akamaiBot akamaiUserRisk',
  'authentication.riskAssessment.supplemental.akamai.akamaiBot':
    'type action botCategory botScore botScoreResponseSegment botnetId',
  'authentication.riskAssessment.supplemental.akamai.akamaiUserRisk':
    'action allow emailDomain general ouid requestid risk score status trust username uuid',
  'client.refresh_token': 'policies',
  'client.refresh_token.policies[]': 'audience scope',
  'refresh_token.device': device,
  'refresh_token.resource_servers[]': 'audience scopes',
  'refresh_token.session_transfer': 'parent_refresh_token',
  'refresh_token.session_transfer.parent_refresh_token': 'id',
  'request.geoip': place,
  'session.actor': 'sub',
  'session.clients[]': 'client_id',
  'session.cookie': 'mode',
  'session.device': device,
  'session.session_transfer': 'parent_refresh_token',
  'session.session_transfer.parent_refresh_token': 'id metadata',
  'session_transfer_token.request': 'asn geoip ip user_agent',
  'session_transfer_token.request.geoip': place,
  'transaction.actor': 'act sub',
  'transaction.requested_authorization_details[]': 'type',
  'user.enrolledFactors[]': 'type options',
  'user.identities[]': 'connection isSocial profileData provider user_id',
} as const

export const deeperExchangeMembers = { 'request.geoip': place } as const

/** "dictionary" on the pages, or in https://github.com/auth0/auth0-actions: it may hold anything else. */
const open = new Set([
  'authentication.riskAssessment.supplemental.akamai',
  'organization',
  'request.geoip',
  'session.actor',
  'session_transfer_token.request.geoip',
  'transaction',
  'transaction.actor',
  'transaction.requested_authorization_details[]',
  'user',
  'user.enrolledFactors[]',
])

// https://github.com/auth0/auth0-actions has them in the sample event of its tests, and no page has.
const newer: Readonly<Record<string, string>> = {
  '': 'configuration',
  client: 'authentication external_client_id external_metadata_type',
  experiment: 'variation_name variation_description',
  refresh_token: 'access',
}

/** All of it, by path. */
export const membersOfLoginEvent = membersOf([loginEventMembers, deeperLoginMembers], newer, open)
export const membersOfExchangeEvent = membersOf(
  [exchangeEventMembers, deeperExchangeMembers],
  newer,
  open,
)
