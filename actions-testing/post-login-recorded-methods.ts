import {
  anything,
  type Check,
  flag,
  listOf,
  name,
  number,
  objectOf,
  oneOf,
  optional,
  text,
  textOfAtMost,
  textOrNull,
  webUrl,
} from './argument-checks.ts'
import type { Method, Namespace } from './post-login-method.ts'

const secondFactors = ['otp', 'phone', 'push-notification', 'recovery-code']
const webauthn = ['webauthn-platform', 'webauthn-roaming']
const challenge = objectOf({ type: oneOf('email', ...secondFactors, ...webauthn) })
const enrollment = objectOf({ type: oneOf('push', ...secondFactors, ...webauthn) })

function factorMethods(verb: 'challenge' | 'enroll', factor: Check): Namespace {
  return {
    [`${verb}With`]: {
      interaction: true,
      parameters: [
        ['factor', factor],
        ['options', optional(objectOf({ additionalFactors: optional(listOf(factor)) }))],
      ],
    },
    [`${verb}WithAny`]: { interaction: true, parameters: [['factors', listOf(factor)]] },
  }
}

const metadata: Namespace = {
  setExpiresAt: { parameters: [['absolute', number]] },
  setIdleExpiresAt: { parameters: [['inactivity', number]] },
  setMetadata: {
    parameters: [
      ['key', name],
      ['value', textOrNull],
    ],
  },
  deleteMetadata: { parameters: [['key', name]] },
  evictMetadata: { parameters: [] },
}

const one = (parameter: string, check: Check): Method => ({ parameters: [[parameter, check]] })

/** `api.samlResponse`: checked and recorded; the kit issues no SAML. */
const samlResponse: Namespace = {
  setAttribute: {
    parameters: [
      ['attribute', name],
      ['value', anything],
    ],
  },
  setAudience: one('audience', text),
  setAuthnContextClassRef: one('authnContextClassRef', text),
  setCert: one('cert', text),
  setCreateUpnClaim: one('createUpnClaim', flag),
  setDestination: one('destination', text),
  setDigestAlgorithm: one('digestAlgorithm', oneOf('sha1', 'sha256')),
  setEncryptionAlgorithm: one('encryptionAlgorithm', oneOf('aes256-cbc', 'aes256-gcm')),
  setEncryptionCert: one('encryptionCert', text),
  setEncryptionPublicKey: one('encryptionPublicKey', text),
  setIncludeAttributeNameFormat: one('includeAttributeNameFormat', flag),
  setIssuer: one('issuer', text),
  setKey: { confidential: true, parameters: [['key', text]] },
  setLifetimeInSeconds: one('lifetimeInSeconds', number),
  setMapIdentities: one('mapIdentities', flag),
  setMapUnknownClaimsAsIs: one('mapUnknownClaimsAsIs', flag),
  setNameIdentifierFormat: one('nameIdentifierFormat', text),
  setNameIdentifierProbes: one('nameIdentifierProbes', listOf(text)),
  setPassthroughClaimsWithNoMapping: one('passthroughClaimsWithNoMapping', flag),
  setRecipient: one('recipient', text),
  setRelayState: one('relayState', text),
  setSignResponse: one('signResponse', flag),
  setSignatureAlgorithm: one('signatureAlgorithm', oneOf('rsa-sha1', 'rsa-sha256')),
  setSigningCert: one('signingCert', text),
  setTypedAttributes: one('typedAttributes', flag),
}

const authentication: Namespace = {
  ...factorMethods('challenge', challenge),
  ...factorMethods('enroll', enrollment),
  recordMethod: {
    parameters: [['providerUrl', webUrl]],
    run() {
      throw new TypeError('api.authentication.recordMethod: only in onContinuePostLogin')
    },
  },
  setPrimaryUser: {
    parameters: [['primaryUserId', textOfAtMost(128)]],
    run({ login }, userId) {
      if (login.primaryUser !== null) {
        throw new TypeError('api.authentication.setPrimaryUser: only once in a transaction')
      }
      login.primaryUser = String(userId)
    },
  },
}

const multifactor: Namespace = {
  enable: {
    parameters: [
      ['provider', oneOf('any', 'duo', 'google-authenticator', 'guardian', 'none')],
      ['options', optional(objectOf({ allowRememberBrowser: optional(flag) }))],
    ],
    // The challenge comes at the end of the flow: later Actions run, but no token is issued before.
    run({ login, action }, provider) {
      if (provider !== 'none') login.interaction ??= { method: 'multifactor.enable', action }
    },
  },
}

const page = optional(objectOf({ take: optional(number), from: optional(text) }))

/** Rejects rather than answer for a tenant whose groups and roles are not known here. */
function lookup(parameters: Method['parameters']): Method {
  return {
    parameters,
    run: () => Promise.reject(new Error('groups and roles are not modelled by actions-testing')),
  }
}

/** Methods that are checked and recorded, and of which little or nothing is modelled. */
export const recordedMethods = {
  authentication,
  groups: {
    getUserGroups: lookup([['params', page]]),
    hasGroupMembership: lookup([['groups', listOf(text)]]),
  },
  multifactor,
  prompt: {
    render: {
      interaction: true,
      parameters: [
        ['promptId', name],
        ['promptOptions', optional(objectOf({}))],
      ],
    },
  },
  refreshToken: metadata,
  roles: {
    getUserEffectiveRoles: lookup([['params', page]]),
    getUserEffectiveRolesByIds: lookup([['ids', listOf(text, 100)]]),
    getUserEffectiveRolesByNames: lookup([['names', listOf(text, 50)]]),
  },
  // Rules have ended: none runs before a login.
  rules: { wasExecuted: { parameters: [['ruleId', text]], run: () => false } },
  samlResponse,
  session: {
    ...metadata,
    setCookieMode: { parameters: [['mode', oneOf('non-persistent', 'persistent')]] },
  },
} satisfies Readonly<Record<string, Namespace>>
