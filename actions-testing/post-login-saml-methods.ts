import type { Method, Namespace } from './api-method.ts'
import {
  anything,
  type Check,
  flag,
  listOf,
  nameOfBytes,
  number,
  oneOf,
  text,
  textOfBytes,
} from './argument-checks.ts'
import { jsonBytes } from './json-value.ts'
import type { LoginTurn } from './login-state.ts'

// https://auth0.com/docs/customize/actions/limitations
const maxAttributes = 100
const maxAttributeNameBytes = 1_000
const maxAttributeValueBytes = 2_000
const maxAttributesBytes = 10_000
const maxAddressBytes = 2_000
const maxFormatBytes = 500
const maxProbes = 10
const maxCertificateBytes = 4_000

const one = (parameter: string, check: Check): Method<LoginTurn> => ({
  parameters: [[parameter, check]],
})
const address = textOfBytes(maxAddressBytes)
const format = textOfBytes(maxFormatBytes)
const certificate = textOfBytes(maxCertificateBytes)

const setAttribute: Method<LoginTurn> = {
  parameters: [
    ['attribute', nameOfBytes(maxAttributeNameBytes)],
    ['value', anything],
  ],
  run({ state: { samlAttributes } }, attribute, value) {
    if (value !== undefined && jsonBytes(value) > maxAttributeValueBytes) {
      throw new TypeError('api.samlResponse.setAttribute: value exceeds 2 kB')
    }
    const next = new Map(samlAttributes).set(String(attribute), value ?? null)
    if (next.size > maxAttributes || jsonBytes(Object.fromEntries(next)) > maxAttributesBytes) {
      throw new TypeError('api.samlResponse.setAttribute: exceeds 100 attributes or 10 kB in all')
    }
    samlAttributes.set(String(attribute), value ?? null)
  },
}

/** `api.samlResponse`: checked and recorded; the kit issues no SAML. */
export const samlResponseMethods: Namespace<LoginTurn> = {
  setAttribute,
  setAudience: one('audience', address),
  setAuthnContextClassRef: one('authnContextClassRef', format),
  setCert: one('cert', certificate),
  setCreateUpnClaim: one('createUpnClaim', flag),
  setDestination: one('destination', address),
  setDigestAlgorithm: one('digestAlgorithm', oneOf('sha1', 'sha256')),
  setEncryptionAlgorithm: one('encryptionAlgorithm', oneOf('aes256-cbc', 'aes256-gcm')),
  setEncryptionCert: one('encryptionCert', certificate),
  setEncryptionPublicKey: one('encryptionPublicKey', certificate),
  setIncludeAttributeNameFormat: one('includeAttributeNameFormat', flag),
  setIssuer: one('issuer', text),
  setKey: { confidential: true, parameters: [['key', certificate]] },
  setLifetimeInSeconds: one('lifetimeInSeconds', number),
  setMapIdentities: one('mapIdentities', flag),
  setMapUnknownClaimsAsIs: one('mapUnknownClaimsAsIs', flag),
  setNameIdentifierFormat: one('nameIdentifierFormat', format),
  setNameIdentifierProbes: one('nameIdentifierProbes', listOf(format, maxProbes)),
  setPassthroughClaimsWithNoMapping: one('passthroughClaimsWithNoMapping', flag),
  setRecipient: one('recipient', address),
  setRelayState: one('relayState', text),
  setSignResponse: one('signResponse', flag),
  setSignatureAlgorithm: one('signatureAlgorithm', oneOf('rsa-sha1', 'rsa-sha256')),
  setSigningCert: one('signingCert', certificate),
  setTypedAttributes: one('typedAttributes', flag),
}
