import type { PostLoginAPI } from './v3.ts'

export type SamlAttributeValue =
  | string
  | number
  | boolean
  | readonly (string | number | boolean)[]
  | null
  | undefined

/** `api.samlResponse`: the SAML assertion or response of this login. */
export interface SamlResponseAPI {
  /** `null` or `undefined` removes the attribute. */
  setAttribute(attribute: string, value: SamlAttributeValue): PostLoginAPI
  setAudience(audience: string): PostLoginAPI
  setAuthnContextClassRef(authnContextClassRef: string): PostLoginAPI
  /** With `setKey`: both or neither. PEM. */
  setCert(cert: string): PostLoginAPI
  /** Default true. */
  setCreateUpnClaim(createUpnClaim: boolean): PostLoginAPI
  setDestination(destination: string): PostLoginAPI
  /** Default `sha256`. */
  setDigestAlgorithm(digestAlgorithm: 'sha1' | 'sha256'): PostLoginAPI
  /** Default `aes256-cbc`, which is deprecated. */
  setEncryptionAlgorithm(encryptionAlgorithm: 'aes256-cbc' | 'aes256-gcm'): PostLoginAPI
  /** With `setEncryptionPublicKey`: both or neither. PEM. */
  setEncryptionCert(encryptionCert: string): PostLoginAPI
  setEncryptionPublicKey(encryptionPublicKey: string): PostLoginAPI
  /** Default true. */
  setIncludeAttributeNameFormat(includeAttributeNameFormat: boolean): PostLoginAPI
  /** Default `urn:auth0:TENANT`. */
  setIssuer(issuer: string): PostLoginAPI
  /** PEM; keep it in a secret. */
  setKey(key: string): PostLoginAPI
  /** Default 3600. */
  setLifetimeInSeconds(lifetimeInSeconds: number): PostLoginAPI
  /** Default true. */
  setMapIdentities(mapIdentities: boolean): PostLoginAPI
  /** Default false. */
  setMapUnknownClaimsAsIs(mapUnknownClaimsAsIs: boolean): PostLoginAPI
  setNameIdentifierFormat(nameIdentifierFormat: string): PostLoginAPI
  /** The first attribute that has a value becomes the NameID. */
  setNameIdentifierProbes(nameIdentifierProbes: readonly string[]): PostLoginAPI
  /** Default true. */
  setPassthroughClaimsWithNoMapping(passthroughClaimsWithNoMapping: boolean): PostLoginAPI
  setRecipient(recipient: string): PostLoginAPI
  setRelayState(relayState: string): PostLoginAPI
  /** Default false: the assertion is signed, not the response. */
  setSignResponse(signResponse: boolean): PostLoginAPI
  /** Default `rsa-sha256`. */
  setSignatureAlgorithm(signatureAlgorithm: 'rsa-sha1' | 'rsa-sha256'): PostLoginAPI
  /** PEM; SAML requests then have to be signed. */
  setSigningCert(signingCert: string): PostLoginAPI
  /** Default true. */
  setTypedAttributes(typedAttributes: boolean): PostLoginAPI
}
