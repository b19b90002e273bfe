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
  setAttribute(attribute: string, value: SamlAttributeValue): void
  setAudience(audience: string): void
  setAuthnContextClassRef(authnContextClassRef: string): void
  /** With `setKey`: both or neither. PEM. */
  setCert(cert: string): void
  /** Default true. */
  setCreateUpnClaim(createUpnClaim: boolean): void
  setDestination(destination: string): void
  /** Default `sha256`. */
  setDigestAlgorithm(digestAlgorithm: 'sha1' | 'sha256'): void
  /** Default `aes256-cbc`, which is deprecated. */
  setEncryptionAlgorithm(encryptionAlgorithm: 'aes256-cbc' | 'aes256-gcm'): void
  /** With `setEncryptionPublicKey`: both or neither. PEM. */
  setEncryptionCert(encryptionCert: string): void
  setEncryptionPublicKey(encryptionPublicKey: string): void
  /** Default true. */
  setIncludeAttributeNameFormat(includeAttributeNameFormat: boolean): void
  /** Default `urn:auth0:TENANT`. */
  setIssuer(issuer: string): void
  /** PEM; keep it in a secret. */
  setKey(key: string): void
  /** Default 3600. */
  setLifetimeInSeconds(lifetimeInSeconds: number): void
  /** Default true. */
  setMapIdentities(mapIdentities: boolean): void
  /** Default false. */
  setMapUnknownClaimsAsIs(mapUnknownClaimsAsIs: boolean): void
  setNameIdentifierFormat(nameIdentifierFormat: string): void
  /** The first attribute that has a value becomes the NameID. */
  setNameIdentifierProbes(nameIdentifierProbes: readonly string[]): void
  /** Default true. */
  setPassthroughClaimsWithNoMapping(passthroughClaimsWithNoMapping: boolean): void
  setRecipient(recipient: string): void
  setRelayState(relayState: string): void
  /** Default false: the assertion is signed, not the response. */
  setSignResponse(signResponse: boolean): void
  /** Default `rsa-sha256`. */
  setSignatureAlgorithm(signatureAlgorithm: 'rsa-sha1' | 'rsa-sha256'): void
  /** PEM; SAML requests then have to be signed. */
  setSigningCert(signingCert: string): void
  /** Default true. */
  setTypedAttributes(typedAttributes: boolean): void
}
