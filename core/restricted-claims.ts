/**
 * Names that Auth0 keeps for itself: a custom claim of such a name is dropped without a word.
 *
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
const restricted: ReadonlySet<string> = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf
  cty dest entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid
  may_act mky nbf nonce object_id org_id org_name orig origid permissions roles rph s_hash sid
  sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm
  x5t#S256`.split(/\s+/),
)

/** True for a name that no claim may have. Not even behind a namespace: readers drop the namespace. */
export function isRestrictedClaim(name: string): boolean {
  return restricted.has(name) || name.startsWith('$') || name.startsWith('urn:auth0')
}
