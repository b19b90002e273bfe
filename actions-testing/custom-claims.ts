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

/** OIDC profile claims, by the scope that lets them into a token. */
const claimsOfScope: Readonly<Record<string, string>> = {
  address: 'address',
  email: 'email email_verified',
  phone: 'phone_number phone_number_verified',
  profile: `birthdate family_name gender given_name locale middle_name name nickname picture
    preferred_username profile updated_at website zoneinfo`,
}
const scopeOfClaim = new Map(
  Object.entries(claimsOfScope).flatMap(([scope, claims]) =>
    claims.split(/\s+/).map((claim) => [claim, scope] as const),
  ),
)

/**
 * True for an OIDC profile claim whose scope was not requested: such a claim reaches neither token.
 *
 * @see https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations/custom-claims-migration
 */
function lacksScope(name: string, requestedScopes: readonly string[] = []): boolean {
  const scope = scopeOfClaim.get(name)
  return scope !== undefined && !requestedScopes.includes(scope)
}

/** True for names that tokens for Auth0's own APIs take: an http or https URL, no URN. */
function isNamespaced(name: string): boolean {
  return /^https?:\/\//i.test(name) && URL.canParse(name)
}

/** What is wrong with a claim that Auth0 leaves out of every token, without a word; null for any other. */
export function ignoredClaim(name: string): string | null {
  if (!isIgnoredClaim(name)) return null
  return `sets the claim ${name}, which Auth0 leaves out of the token without a word: give it a namespace, such as https://app.example/`
}

/** True when Auth0 leaves the claim out of the token, without a word to anybody. */
function isIgnoredClaim(name: string): boolean {
  if (restricted.has(name) || name.startsWith('$') || /^urn:auth0(:|$)/i.test(name)) return true
  const host = URL.parse(name)?.hostname
  if (host === undefined) return false
  return auth0Hosts.some((reserved) => host === reserved || host.endsWith(`.${reserved}`))
}

/**
 * True for the audiences of Auth0's own APIs, whose access tokens take namespaced claims only.
 * `/userinfo` is exempt.
 */
function isAuth0Audience(audience: string, hostname: string | undefined): boolean {
  const url = URL.parse(audience)
  if (url === null) return false
  // The audience names the tenant's own domain, also when the login came by a custom domain.
  if (url.hostname !== hostname && !/\.auth0(app)?\.com$/.test(url.hostname)) return false
  return ['/api', '/api/v2', '/mfa'].includes(url.pathname.replace(/\/$/, ''))
}

/** What of an execution decides which claims its access token takes. */
interface AccessTokenRequest {
  readonly request: { readonly hostname?: string }
  readonly resource_server?: { readonly identifier: string }
  readonly transaction?: { readonly requested_scopes?: readonly string[] }
}

/** True when Auth0 puts the claim into the access token. */
export function reachesAccessToken(name: string, event: AccessTokenRequest): boolean {
  if (isIgnoredClaim(name) || lacksScope(name, event.transaction?.requested_scopes)) return false
  const audience = event.resource_server?.identifier
  if (audience === undefined || isNamespaced(name)) return true
  return !isAuth0Audience(audience, event.request.hostname)
}

/** True when Auth0 puts the claim into the ID token. */
export function reachesIdToken(name: string, requestedScopes?: readonly string[]): boolean {
  return !isIgnoredClaim(name) && !lacksScope(name, requestedScopes)
}

/** True when the custom claims of one token are more than Auth0 issues. */
export function exceedsTokenLimit(claims: Readonly<Record<string, unknown>>): boolean {
  return jsonBytes(claims) > maxPayloadBytes
}
