import { jsonBytes } from './json-value.ts'

// https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
const restricted = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf
  cty dest entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk
  kid may_act mky nbf nonce object_id org_id org_name orig origid permissions roles rph s_hash sid
  sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm
  x5t#S256`.split(/\s+/),
)
const auth0Hosts = ['auth0.com', 'webtask.io', 'webtask.run']
/** "100 KB" read as decimal, the smaller of the two readings. */
const maxPayloadBytes = 100_000

/** True when Auth0 leaves the claim out of the token, without a word to anybody. */
export function isIgnoredClaim(name: string): boolean {
  if (restricted.has(name) || name.startsWith('$') || /^urn:auth0(:|$)/i.test(name)) return true
  const host = URL.parse(name)?.hostname
  if (host === undefined) return false
  return auth0Hosts.some((reserved) => host === reserved || host.endsWith(`.${reserved}`))
}

/**
 * True for the audiences of Auth0's own APIs, whose access tokens take namespaced claims only.
 * `/userinfo` is exempt.
 */
export function isAuth0Audience(audience: string, hostname: string | undefined): boolean {
  const url = URL.parse(audience)
  if (url === null || hostname === undefined || url.hostname !== hostname) return false
  return ['/api', '/api/v2', '/mfa'].includes(url.pathname.replace(/\/$/, ''))
}

/** True when the custom claims of one token are more than Auth0 issues. */
export function exceedsTokenLimit(claims: Readonly<Record<string, unknown>>): boolean {
  return jsonBytes(claims) > maxPayloadBytes
}
